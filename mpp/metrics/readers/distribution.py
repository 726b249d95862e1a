"""What a period's page and its paper tell besides the comparison, read at once from rollups."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall
from mpp.db.schema import to_microseconds
from mpp.db.seam import Database
from mpp.metrics.queries import name_rows
from mpp.metrics.queries.shift_log_rows import shift_log
from mpp.metrics.readers.past import Present, rollups_of
from mpp.metrics.rules.aggregation import MALL, WEEKDAY_HOUR, Rollups
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.scope import Scope, read_among
from mpp.metrics.rules.tables import RollupTable, Work, rollup_table
from mpp.metrics.rules.work import ShiftEvent, attendance, by_heading


@dataclass(frozen=True)
class Wanted:
    """`rows`: what the table's rows are; `work`: counters or officers; `among`: whose times are spread."""

    rows: By
    work: By
    among: str | None


@dataclass(frozen=True)
class Parts:
    """What was found. `told`: of the scope, everything that happened."""

    known: Names
    load: Rollups
    hours: RollupTable
    rows: RollupTable
    work: Work
    scope: Scope
    told: Rollup


async def parts_of(
    db: Database, mall: Mall, period: Period, wanted: Wanted, present: Present
) -> Parts:
    """`Invalid` where `among` names what is not there."""
    known = await db.read(name_rows.names, mall.id)
    scope = read_among(wanted.among, known)
    bys = {MALL, WEEKDAY_HOUR, By.HOUR, wanted.rows, wanted.work, scope.heading[0]}
    found = await rollups_of(db, mall, period, sorted(map(str, bys)), present)
    work = await work_of(db, mall, period, wanted.work, found, present)
    return Parts(
        known=known,
        load=found,
        hours=rollup_table(found, By.HOUR),
        rows=rollup_table(found, wanted.rows),
        work=work,
        scope=scope,
        told=found.get(scope.heading, Rollup()),
    )


async def work_of(
    db: Database, mall: Mall, period: Period, by: By, found: Rollups, present: Present
) -> Work:
    """What counters or officers did, from rollups that hold them and from their shifts."""
    log = await db.read(shift_log, mall.id, period.first, period.last)
    return await asyncio.to_thread(_work, log, found, by, to_microseconds(present.now))


def _work(log: Sequence[ShiftEvent], found: Rollups, by: By, until_us: int) -> Work:
    return Work(rollup_table(found, by), by_heading(attendance(log, until_us), by))
