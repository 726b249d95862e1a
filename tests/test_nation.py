"""The load generator of a nation, with three malls for a moment: it must go on measuring what it says."""

from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the benchmarks' extra is not installed")

from benchmarks.context import Bench
from benchmarks.databases import databases
from benchmarks.machine import Cores
from benchmarks.nation import world
from benchmarks.nation.seen import ACTIONS
from benchmarks.rows import nation

MALLS, PACE, SECONDS = 3, 60.0, 2.0


@pytest.mark.postgres
async def test_three_malls_for_a_moment(tmp_path: Path) -> None:
    async with databases(tmp_path) as made:
        bench = Bench(tmp_path, made, Cores(None, None), True, lambda _doing: None)
        seen = await nation.stretch(bench, PACE, SECONDS, MALLS)
        actions, more = nation.lines(seen, [])
    assert seen.faults == []
    assert seen.displays == MALLS * world.DISPLAYS
    assert all(seen.seen.actions[action] for action in ACTIONS), "everything was done"
    calls = len(seen.seen.actions["call"]) - seen.seen.nobody
    assert calls <= len(seen.seen.board) <= 2 * calls, "each on the door's display or on two"
    assert len(seen.seen.phone) <= calls
    assert len(seen.used) == nation.WORKERS + 1
    assert "p99" in actions.ours + more.ours
