"""`make forecast`: reads calls, replays them in order, counts what was told; and the hall that is halved."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from benchmarks.forecast.calls import UnreadableCalls, read_calls, replay, second_half
from benchmarks.forecast.closing import closing

HEADINGS = (
    "vru+line call_id customer_id priority type date vru_entry vru_exit vru_time "
    "q_start q_exit q_time outcome ser_start ser_exit ser_time server"
)


def clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def line(day: int, joined: int, waited: int, *, outcome: str = "AGENT", priority: int = 0) -> str:
    start, end = (clock(joined), clock(joined + waited)) if waited else ("0:00:00", "0:00:00")
    return (
        f"AA0101 1 0 {priority} PS 9902{day:02} {clock(joined - 9)} {clock(joined)} 9 "
        f"{start} {end} {waited} {outcome} {end} {clock(joined + waited + 60)} 60 DORIT"
    )


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Four days of calls that wait about a minute for everybody ahead; every fifth gives up."""
    chance, lines = Random(1), [HEADINGS]
    for day in range(1, 5):
        for n in range(400):
            joined = 9 * 3600 + 60 * n
            waited = round(chance.lognormvariate(4.0, 0.4))
            lines.append(line(day, joined, waited, outcome="HANG" if n % 5 == 0 else "AGENT"))
            lines.append(line(day, joined, 0))  # found an agent free: has no wait
    path = tmp_path / "calls.txt"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def test_calls_are_judged_by_those_before_them_alone(calls: Path) -> None:
    read = read_calls(calls)
    assert len(read) == 1600
    days = second_half(read)
    assert sorted(day.day for day in days) == [3, 4]
    judged = [found for call, found in replay(read) if call.day in days]
    assert len(judged) == 640
    cut = [found for _, found in replay(read[:1200])]  # what comes later changes nothing
    assert cut == [found for _, found in replay(read)][: len(cut)]


def test_whoever_has_priority_stands_ahead_of_those_who_came_just_before(tmp_path: Path) -> None:
    path = tmp_path / "calls.txt"
    made = [line(1, 36000, 500), line(1, 36060, 500), line(1, 36100, 100, priority=2)]
    path.write_text("\n".join([HEADINGS, *made]), encoding="ascii")
    ahead = [found.told.found.ahead for _, found in replay(read_calls(path))]
    assert ahead == [
        0,
        100,
        100,
    ]  # she came 90 seconds earlier, by her rank: behind the first alone


def test_figures_come_as_json(calls: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.forecast", "--calls", str(calls), "--json"]
    found = json.loads(subprocess.check_output(command, text=True))
    assert found["n"] == 640
    assert 0.85 <= found["inside"] <= 0.95
    assert found["inside"] + found["below"] + found["above"] == pytest.approx(1, abs=0.001)
    assert {"silent", "error_s", "width_s", "buckets"} <= found.keys()
    assert 0.85 <= found["buckets"]["0"]["inside"] <= 0.95


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "no column date"), ("date type\n990201 PS\n", "no column priority"),
     (f"{HEADINGS}\n{line(1, 36000, 9)}\n{line(1, 36000, 9).replace('990201', '99o201')}", "line 3"),
     (f"{HEADINGS}\nAA0101 1 0", "line 2")],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_by_line(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "calls.txt"
    path.write_text(text, encoding="ascii")
    with pytest.raises(UnreadableCalls, match=what):
        read_calls(path)


def test_when_half_of_the_counters_close_ranges_hold_again_within_fifty_tickets() -> None:
    inside = closing(runs=8)["inside"]
    assert inside["51-100"] >= 0.88
    assert inside["101-150"] >= 0.88
