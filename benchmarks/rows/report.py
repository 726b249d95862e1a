"""A day's and a year's report out of a million visits, beside DuckDB on the same events in Parquet.

Ours is the whole answer of the API but for HTTP: a past day from its rollups, which were kept when it was
over, a year from those of its months; counted by service, summed up and encoded. DuckDB finds
the same figures from the events with one statement.
"""

import math
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import msgspec

from benchmarks import worlds
from benchmarks.context import Bench
from benchmarks.databases import POSTGRES, SQLITE
from benchmarks.figures import Line, milliseconds, not_measured
from benchmarks.history import History, history
from benchmarks.worlds import HALL
from mpp.clock import system_clock
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.pages.wire import MetricsOut, metrics_out
from mpp.metrics.readers import rollup_job
from mpp.metrics.readers.reports import summed
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.histogram import ERROR
from mpp.metrics.rules.periods import Period

AIM_S = 0.05
Work = Callable[[], Awaitable[object]]

DUCKDB = """
WITH told AS (
    SELECT ticket_id, any_value(service_id) AS service_id,
        min("at") FILTER (action = 'issue') AS joined, min("at") FILTER (action = 'call') AS called,
        min("at") FILTER (action = 'start') AS started, max("at") FILTER (action = 'complete') AS ended,
        bool_or(state = 'completed') AS is_completed, bool_or(state = 'no_show') AS is_missed
    FROM read_parquet($file) WHERE mall_id = $mall AND day BETWEEN $first AND $last GROUP BY ticket_id
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


@dataclass(frozen=True)
class _Asked:
    """One report: how many days, and the aim."""

    name: str
    days: int
    aim_s: float | None
    """None: not slower than DuckDB."""


DAY = _Asked("day report", 1, AIM_S)
YEAR = _Asked("year report", 365, None)


async def measure(bench: Bench) -> list[Line]:
    """The last day and the last year of the history, again and again; ours and DuckDB's in turn."""
    old = await history(bench)
    pinned = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if pinned:  # no server beside it here: either side may use the whole machine
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    lines = []
    try:
        for asked in (DAY, YEAR):
            lines.append(await _line(bench, SQLITE, old, old.sqlite, asked))
            if old.postgres is None:
                what = _what(bench, POSTGRES, asked)
                lines.append(not_measured(what, "no PostgreSQL answers"))
            else:
                lines.append(await _line(bench, POSTGRES, old, old.postgres, asked))
    finally:
        if pinned:
            os.sched_setaffinity(0, pinned)
    return lines


def _what(bench: Bench, kind: str, asked: _Asked) -> str:
    return f"{asked.name} at {bench.history:,} visits, {kind}"


async def _aggregate(bench: Bench, kind: str, db: Database, mall: Mall, today: date) -> None:
    """Let the history be folded, as a server does every night; kept for later runs."""
    count = 0
    always = Period(date.min, date.max)
    async for _day in rollup_job.recompute(db, mall, always, today, only_due=True):
        count += 1
        bench.say(f"folding the days of the history, {kind}: {count}")


async def _line(bench: Bench, kind: str, old: History, url: str, asked: _Asked) -> Line:
    mall = await worlds.mall_of(url, HALL)
    period = Period(old.last_day - timedelta(days=asked.days - 1), old.last_day)
    duck = duckdb.connect()
    values = {
        "file": str(old.folder / "ticket_events.parquet"),
        "mall": mall.id,
        "first": period.first,
        "last": period.last,
    }

    async def ours() -> bytes:
        known, made = await summed(db, mall, period, By.SERVICE)
        return msgspec.json.encode(
            metrics_out(mall.slug, period, made[By.SERVICE], known, is_synthetic=False)
        )

    async def floor() -> list[tuple[Any, ...]]:
        return duck.execute(DUCKDB, values).fetchall()

    async with worlds.opened(url) as db:
        await _aggregate(bench, kind, db, mall, system_clock().date())
        bench.say(_what(bench, kind, asked))
        first, first_floor = await _timed(ours), await _timed(floor)
        took: tuple[list[float], list[float]] = [], []
        for _ in range(5 if bench.is_quick else 15):
            took[0].append(await _timed(ours))
            took[1].append(await _timed(floor))
        told = msgspec.json.decode(await ours(), type=MetricsOut)
        tickets = _same(mall, told, await floor())
    duck.close()
    median, bare = (statistics.median(each) for each in took)
    is_met = median <= (bare if asked.aim_s is None else asked.aim_s)
    return Line(
        _what(bench, kind, asked),
        ours=milliseconds(median),
        floor=milliseconds(bare),
        ratio=f"{median / bare:.2f}",
        aim="≤ 1 ×" if asked.aim_s is None else f"≤ {asked.aim_s * 1e3:.0f} ms",
        is_met=is_met,
        details=(
            f"ours {_range(took[0])}, the first {milliseconds(first)}; DuckDB {_range(took[1])}, the "
            f"first {milliseconds(first_floor)}; {tickets:,} tickets in the period, both find the same"
            f" (quantiles to {ERROR:.0%})",
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
            math.isclose(a or 0, b, rel_tol=ERROR, abs_tol=2e-3)
            for a, b in zip(found, theirs.pop(str(row.key)), strict=False)
        ):
            raise RuntimeError(f"{row.key}: ours {found}")
    if theirs:
        raise RuntimeError(f"ours lacks {sorted(theirs)}")
    return ours.total.issued
