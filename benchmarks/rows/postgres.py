"""Issue and call through HTTP on PostgreSQL, beside the same one-statement transaction alone."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

from benchmarks import worlds
from benchmarks.context import Bench
from benchmarks.databases import POSTGRES
from benchmarks.figures import Line, Round, Series, not_measured, rate_line
from benchmarks.rows.load import WAITING, call_round, in_turn, issue_round, told_of
from benchmarks.servers import product
from benchmarks.worlds import CALLERS, HALL

ISSUE = "issue through HTTP, PostgreSQL, 32 clients"
CALL = "call through HTTP, PostgreSQL, 32 clients"
ANSWER_LIMIT = 1 << 26  # bytes in a line of a floor's answer

Floor = Callable[[float], Awaitable[Round]]


async def measure_issue(bench: Bench) -> list[Line]:
    """32 kiosks."""
    if bench.databases.postgres is None:
        return [not_measured(ISSUE, "no PostgreSQL answers")]
    url = await bench.databases.fresh(POSTGRES, "issue")
    bare = await bench.databases.fresh(POSTGRES, "issue_floor")
    mall = await worlds.open_day(url, HALL)  # the same ids in both
    await worlds.open_day(bare, HALL)
    services = [[each.id, each.prefix] for each in mall.services]
    ours, floor = Series(), Series()
    async with (
        product(url, bench.databases.folder, bench.cores.server) as server,
        _alone(told_of(mall, bare, services=services), bench.cores.server) as alone,
    ):
        for n in range(bench.rounds):
            bench.say(f"issue on PostgreSQL, round {n + 1} of {bench.rounds}")
            await alone(bench.warm_up)
            floor.rounds.append(await alone(bench.seconds))
            await worlds.clear(bare, mall)
            ours.rounds.append(await issue_round(bench, server, url, mall))
    return [rate_line(ISSUE, ours, floor, at_least=0.5)]


async def measure_call(bench: Bench) -> list[Line]:
    """32 officers at counters that all have people waiting."""
    if bench.databases.postgres is None:
        return [not_measured(CALL, "no PostgreSQL answers")]
    url = await bench.databases.fresh(POSTGRES, "call")
    bare = await bench.databases.fresh(POSTGRES, "call_floor")
    mall = await worlds.open_day(url, CALLERS, WAITING)  # the same ids in both
    await worlds.open_day(bare, CALLERS, WAITING)
    told = told_of(mall, bare, counters=in_turn(mall))
    ours, floor = Series(), Series()
    async with (
        product(url, bench.databases.folder, bench.cores.server) as server,
        _alone(told, bench.cores.server) as alone,
    ):
        for n in range(-1, 2 * bench.rounds):  # one round is a second or less; the first warms up
            bench.say(f"call on PostgreSQL, round {n + 1} of {2 * bench.rounds}")
            floor.rounds.append(await alone(60.0))
            await worlds.rewind_calls(bare, mall)
            ours.rounds.append(await call_round(server, url, mall))
    del ours.rounds[0], floor.rounds[0]
    return [rate_line(CALL, ours, floor, at_least=0.5)]


@contextlib.asynccontextmanager
async def _alone(told: str, core: int | None) -> AsyncIterator[Floor]:
    """The floor's process, on the core that the server has in its turn."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.floors.statements", told),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=ANSWER_LIMIT,
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told_to, answers = process.stdin, process.stdout

    async def work(seconds: float) -> Round:
        told_to.write(f"{seconds}\n".encode())
        line = await answers.readline()
        if not line:
            raise RuntimeError("the floor ended")
        answer = json.loads(line)
        return Round(len(answer["latencies"]) / answer["seconds"], answer["latencies"])

    try:
        yield work
    finally:
        told_to.close()
        await process.wait()
