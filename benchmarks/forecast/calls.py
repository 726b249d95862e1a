"""Calls of a call centre from a file, replayed in the order of time through the rule of the hall.

The form is that of the Technion's "Anonymous Bank" (1999): white-space separated, a line of headings.
The file does not say who was signed in, so one line of counters is taken to be open all the time; and only
calls that queued are judged, as those for whom an agent was free have no wait.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from mpp.queue.rules import forecast
from mpp.queue.rules.forecast import ExpectedWait, Found, Outlook, Recent, Told

NEEDED = ("date", "type", "priority", "vru_exit", "q_start", "q_exit", "q_time", "outcome")
SERVED, PHANTOM = "AGENT", "PHANTOM"
OTHER_AGENTS = frozenset({"IN"})
"""Types of call that agents of their own answer: another hall."""
FIRST_CLASS, HEAD_START = "2", timedelta(seconds=90)
"""Callers of the highest priority stand in the queue as if they had come so much earlier."""


class UnreadableCalls(Exception):
    """The file does not have the form; says where."""


@dataclass(frozen=True)
class Call:
    """One call that queued."""

    service: str
    day: date
    joined_at: datetime
    left_at: datetime
    is_served: bool
    is_first_class: bool

    @property
    def rank_at(self) -> datetime:
        return self.joined_at - HEAD_START if self.is_first_class else self.joined_at

    @property
    def wait_s(self) -> float:
        return (self.left_at - self.joined_at).total_seconds()


def read_calls(path: Path) -> list[Call]:
    """The calls of a file that queued, in the order of joining. `UnreadableCalls` names the line."""
    with path.open(encoding="ascii", errors="replace") as lines:
        headings = next(lines, "").split()
        missing = [name for name in NEEDED if name not in headings]
        if missing:
            raise UnreadableCalls(f"{path}: no column {', '.join(missing)}")
        calls = []
        for number, line in enumerate(lines, start=2):
            cells = dict(zip(headings, line.split(), strict=False))
            try:
                call = _call(cells)
            except (KeyError, ValueError) as fault:
                raise UnreadableCalls(f"{path}, line {number}: {fault}") from fault
            if call is not None:
                calls.append(call)
    return sorted(calls, key=lambda call: call.joined_at)


def _call(cells: Mapping[str, str]) -> Call | None:
    waited = int(cells["q_time"])
    if waited <= 0 or cells["outcome"] == PHANTOM or cells["type"] in OTHER_AGENTS:
        return None
    day = datetime.strptime(cells["date"], "%y%m%d")  # noqa: DTZ007 - local, as the whole file
    hours, minutes, seconds = map(int, cells["q_start"].split(":"))
    joined = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Call(
        service=cells["type"],
        day=day.date(),
        joined_at=joined,
        left_at=joined + timedelta(seconds=waited),
        is_served=cells["outcome"] == SERVED,
        is_first_class=cells["priority"] == FIRST_CLASS,
    )


@dataclass(frozen=True)
class Judged:
    """What was told and what it became, and whose service it was."""

    told: Told
    service: str


def second_half(calls: Iterable[Call]) -> frozenset[date]:
    """The later half of the days on which somebody called."""
    days = sorted({call.day for call in calls})
    return frozenset(days[len(days) // 2 :])


def replay(calls: Iterable[Call]) -> Iterator[tuple[Call, Judged]]:
    """Every served call with what its caller would have been told, learned from calls before it alone.

    Callers who gave up stand in the queue while they wait, but teach nothing, as in the hall.
    """
    ids: dict[str, int] = {}
    calls = list(calls)
    recent = Recent({ids.setdefault(each.service, len(ids)): 0 for each in calls})
    waiting: list[tuple[datetime, int, Call, Found, ExpectedWait | None]] = []
    for order, call in enumerate(calls):
        while waiting and waiting[0][0] <= call.joined_at:
            _, _, earlier, found, expected = heapq.heappop(waiting)
            if earlier.is_served:
                recent.learn(
                    Told(
                        ids[earlier.service],
                        earlier.joined_at.hour,
                        found,
                        expected,
                        earlier.wait_s,
                    )
                )
        ahead = sum(each.rank_at <= call.rank_at for _, _, each, _, _ in waiting)
        found, service_id = Found(100 * ahead, 0, 1), ids[call.service]
        expected = forecast.expected_wait(
            Outlook(recent.cells(service_id, call.joined_at.hour), {}), found
        )
        heapq.heappush(waiting, (call.left_at, order, call, found, expected))
        if call.is_served:
            told = Told(service_id, call.joined_at.hour, found, expected, call.wait_s)
            yield call, Judged(told, call.service)


def bucket(found: Found) -> str:
    """The name of a kind: "idle", or the people ahead that belong to it."""
    if found.kind == 0:
        return "idle"
    edges = (0, *forecast.EDGES)
    first = edges[found.kind - 1]
    if found.kind == len(edges):
        return f"{first}+"
    last = edges[found.kind] - 1
    return str(first) if first == last else f"{first}-{last}"
