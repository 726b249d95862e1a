"""What a period's page and its paper tell besides the comparison, read at once from rollups."""

import asyncio
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall
from mpp.db.schema import to_microseconds
from mpp.db.seam import Database, Transaction
from mpp.metrics.pages.distribution import Scope, read_among
from mpp.metrics.pages.work import WorkOut, by_heading, work_out
from mpp.metrics.queries import name_rows
from mpp.metrics.queries.name_rows import Names
from mpp.metrics.queries.shift_log_rows import shift_log
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.folding import MALL, WEEKDAY_HOUR, Rollups
from mpp.metrics.rules.ledger import Ledger, ledger
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.work import ShiftEvent, attendance
from mpp.metrics.stream.past import Present, rollups_of


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
    hours: Ledger
    rows: Ledger
    work: WorkOut
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
    _known, work = await work_of(db, mall, period, wanted.work, found, present)
    return Parts(
        known=known,
        load=found,
        hours=ledger(found, By.HOUR),
        rows=ledger(found, wanted.rows),
        work=work,
        scope=scope,
        told=found.get(scope.heading, Rollup()),
    )


async def work_of(
    db: Database, mall: Mall, period: Period, by: By, found: Rollups, present: Present
) -> tuple[Names, WorkOut]:
    """What counters or officers did, from rollups that hold them and from their shifts; and the names."""

    def look(tx: Transaction) -> tuple[Names, list[ShiftEvent]]:
        known = name_rows.names(tx, mall.id)
        return known, shift_log(tx, mall.id, period.first, period.last)

    known, log = await db.read(look)

    def reckon() -> WorkOut:
        there = by_heading(attendance(log, to_microseconds(present.now)), by)
        return work_out(
            mall.slug, period, ledger(found, by), there, known, is_synthetic=mall.is_synthetic
        )

    return known, await asyncio.to_thread(reckon)
