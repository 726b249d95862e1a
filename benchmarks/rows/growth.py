"""Issue and call beside a million old tickets, and beside none: both databases, all through HTTP."""

from benchmarks import worlds
from benchmarks.context import Bench
from benchmarks.databases import POSTGRES, SQLITE
from benchmarks.figures import Line, Series, cost_line, not_measured
from benchmarks.history import history
from benchmarks.rows.load import WAITING, call_round, issue_round
from benchmarks.servers import product
from benchmarks.worlds import CALLERS, HALL

AT_MOST = 1.15


async def measure(bench: Bench) -> list[Line]:
    """The same rounds on the old database and on the empty one, in turn."""
    old = await history(bench)
    lines = await _lines(bench, SQLITE, old.sqlite)
    if old.postgres is None:
        return [*lines, not_measured(_what(bench, "issue", POSTGRES), "no PostgreSQL answers")]
    return lines + await _lines(bench, POSTGRES, old.postgres)


def _what(bench: Bench, action: str, kind: str) -> str:
    return f"{action} at {bench.history:,} old tickets, {kind}"


async def _lines(bench: Bench, kind: str, old: str) -> list[Line]:
    empty = await bench.databases.fresh(kind, "no_history")
    folder, core = bench.databases.folder, bench.cores.server
    for url in (empty, old):
        await worlds.open_day(url, HALL)
        await worlds.open_day(url, CALLERS, WAITING)
    hall, callers = await worlds.mall_of(old, HALL), await worlds.mall_of(old, CALLERS)
    assert callers.counters == (await worlds.mall_of(empty, CALLERS)).counters
    issues, calls = (Series(), Series()), (Series(), Series())
    async with product(old, folder, core) as full, product(empty, folder, core) as fresh:
        sides = ((full, old, 0), (fresh, empty, 1))
        for n in range(-1, bench.rounds):  # the first round warms up
            bench.say(f"{_what(bench, 'issue and call', kind)}, round {n + 1} of {bench.rounds}")
            for server, url, side in sides:
                issues[side].rounds.append(await issue_round(bench, server, url, hall))
            for server, url, side in sides:
                calls[side].rounds.append(await call_round(server, url, callers))
    for mall in (hall, callers):
        await worlds.close_day(old, mall)
    return [
        _line(_what(bench, "issue", kind), issues),
        _line(_what(bench, "call", kind), calls),
    ]


def _line(what: str, sides: tuple[Series, Series]) -> Line:
    """The time that one request takes up, which is the inverse of how many there are a second."""
    for side in sides:
        del side.rounds[0]
    full, fresh = ([1 / each.per_second for each in side.rounds] for side in sides)
    details = (sides[0].told("with history"), sides[1].told("without"))
    return cost_line(what, full, fresh, at_most=AT_MOST, show=_microseconds, details=details)


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs each"
