"""A day's report out of a history of a million visits, beside DuckDB on the same events in Parquet.

Ours is the whole answer of the API but for HTTP: the day's events read, folded into waits, service
times and counts by service, summed up and encoded. DuckDB finds the same figures with one statement.
"""

import math
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import duckdb
import msgspec

from benchmarks import worlds
from benchmarks.context import Bench
from benchmarks.databases import POSTGRES, SQLITE
from benchmarks.figures import Line, milliseconds, not_measured
from benchmarks.history import History, history
from benchmarks.worlds import HALL
from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.wire import MetricsOut, metrics_out
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period
from mpp.metrics.stream import report

AIM_S = 0.05
Work = Callable[[], Awaitable[object]]

DUCKDB = """
WITH told AS (
    SELECT ticket_id, any_value(service_id) AS service_id,
        min("at") FILTER (action = 'issue') AS joined, min("at") FILTER (action = 'call') AS called,
        min("at") FILTER (action = 'start') AS started, max("at") FILTER (action = 'complete') AS ended,
        bool_or(state = 'completed') AS is_completed, bool_or(state = 'no_show') AS is_missed
    FROM read_parquet($file) WHERE mall_id = $mall AND day = $day GROUP BY ticket_id
), timed AS (
    SELECT *, epoch_us(called) - epoch_us(joined) AS wait, epoch_us(started) - epoch_us(called) AS response,
        epoch_us(ended) - epoch_us(started) AS service, epoch_us(ended) - epoch_us(joined) AS total
    FROM told
)
SELECT service_id, count(*), count(*) FILTER (is_completed),
    quantile_cont(wait, [0.5, 0.9, 0.95]), count(*) FILTER (is_missed),
    quantile_cont(response, [0.5, 0.9, 0.95]), quantile_cont(service, [0.5, 0.9, 0.95]),
    quantile_cont(total, [0.5, 0.9, 0.95]), avg(wait), avg(service), count(*) FILTER (wait <= 1800e6)
FROM timed GROUP BY service_id
"""


async def measure(bench: Bench) -> list[Line]:
    """The last day of the history, again and again; first ours, then DuckDB, in turn."""
    old = await history(bench)
    pinned = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if pinned:  # no server beside it here: either side may use the whole machine
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        lines = [await _line(bench, SQLITE, old, old.sqlite)]
        if old.postgres is None:
            lines.append(not_measured(_what(bench, POSTGRES), "no PostgreSQL answers"))
        else:
            lines.append(await _line(bench, POSTGRES, old, old.postgres))
    finally:
        if pinned:
            os.sched_setaffinity(0, pinned)
    later = "needs roll-ups of past days, which the product does not have yet"
    return [*lines, not_measured("year report at 10,000,000 visits", later)]


def _what(bench: Bench, kind: str) -> str:
    return f"day report at {bench.history:,} visits, {kind}"


async def _line(bench: Bench, kind: str, old: History, url: str) -> Line:
    bench.say(_what(bench, kind))
    mall = await worlds.mall_of(url, HALL)
    duck = duckdb.connect()
    values = {
        "file": str(old.folder / "ticket_events.parquet"),
        "mall": mall.id,
        "day": old.last_day,
    }

    async def ours() -> bytes:
        period = Period(old.last_day, old.last_day)
        known, made = await report(db, mall, period, By.SERVICE)
        return msgspec.json.encode(metrics_out(mall.slug, period, made[By.SERVICE], known))

    async def floor() -> list[tuple[Any, ...]]:
        return duck.execute(DUCKDB, values).fetchall()

    async with worlds.opened(url) as db:
        first, first_floor = await _timed(ours), await _timed(floor)
        took: tuple[list[float], list[float]] = [], []
        for _ in range(5 if bench.is_quick else 15):
            took[0].append(await _timed(ours))
            took[1].append(await _timed(floor))
        tickets = _same(mall, msgspec.json.decode(await ours(), type=MetricsOut), await floor())
    duck.close()
    median, bare = (statistics.median(each) for each in took)
    return Line(
        _what(bench, kind),
        ours=milliseconds(median),
        floor=milliseconds(bare),
        ratio=f"{median / bare:.2f}",
        aim=f"≤ {AIM_S * 1e3:.0f} ms",
        is_met=median <= AIM_S,
        details=(
            f"ours {_range(took[0])}, the first {milliseconds(first)}; DuckDB {_range(took[1])}, the "
            f"first {milliseconds(first_floor)}; {tickets:,} tickets on the day, both find the same",
        ),
    )


def _range(seconds: list[float]) -> str:
    return f"{min(seconds) * 1e3:,.1f}–{max(seconds) * 1e3:,.1f} ms"


async def _timed(work: Work) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _same(mall: Mall, ours: MetricsOut, floor: list[tuple[Any, ...]]) -> int:
    """How many tickets; raises unless counts and quantiles of the wait are those of DuckDB."""
    slugs = {each.id: each.slug for each in mall.services}
    theirs = {slugs[row[0]]: (row[1], row[2], *(v / 1e6 for v in row[3] or ())) for row in floor}
    for row in ours.rows:
        waits = row.waiting
        found = (row.issued, row.served, waits.median_s, waits.p90_s, waits.p95_s)
        if not all(
            math.isclose(a or 0, b, abs_tol=2e-3)
            for a, b in zip(found, theirs.pop(str(row.key)), strict=False)
        ):
            raise RuntimeError(f"{row.key}: ours {found}")
    if theirs:
        raise RuntimeError(f"ours lacks {sorted(theirs)}")
    return ours.total.issued
