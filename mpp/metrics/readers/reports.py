"""Reports of a period, read piece by piece."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from mpp.counters.rules.mall import Mall, Service
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import event_rows, name_rows, rollup_rows
from mpp.metrics.readers.past import Present, rollups_of
from mpp.metrics.rules import spans
from mpp.metrics.rules.aggregation import MALL
from mpp.metrics.rules.definitions import Definitions
from mpp.metrics.rules.facts import Facts, add_facts
from mpp.metrics.rules.figures import By, Promise, TallyTable, local_hours, local_weekdays
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import Event, TicketHistory
from mpp.metrics.rules.tables import RollupTable, rollup_table

Reading = list[TicketHistory] | list[Event] | Facts


def tally_tables(
    mall: Mall, promises: Mapping[int, Promise], agency_of: Mapping[int, int], bys: Iterable[By]
) -> dict[By, TallyTable]:
    """Empty tally_tables for these groupings."""
    hour_of, weekday_of = local_hours(mall.time_zone), local_weekdays(mall.time_zone)
    return {by: TallyTable(by, promises, agency_of, hour_of, weekday_of=weekday_of) for by in bys}


async def report(
    db: Database,
    mall: Mall,
    period: Period,
    *bys: By,
    present: Present | None = None,
) -> tuple[Names, dict[By, TallyTable]]:
    """The exact figures (v1) of a period by each of these groupings, with the names of what they tell of."""
    known = await db.read(name_rows.names, mall.id)
    made = tally_tables(mall, known.promises, known.agency_of, bys)
    for day in period.days():
        # Day by day, and counted in a thread: no long snapshot, no long stop of everything else.
        read = await _reading(db, mall, day, present)
        if read:
            await asyncio.to_thread(_count, made, read)
    return known, made


async def summed(
    db: Database,
    mall: Mall,
    period: Period,
    *bys: By,
    present: Present | None = None,
) -> tuple[Names, dict[By, RollupTable]]:
    """The same from rollups (v2): quantiles with the histogram's error, a year as quick as a day."""
    known = await db.read(name_rows.names, mall.id)
    found = await rollups_of(db, mall, period, [MALL, *bys], present)
    return known, {by: rollup_table(found, by) for by in bys}


async def made_by(
    definitions: Definitions,
    db: Database,
    mall: Mall,
    period: Period,
    by: By,
    present: Present | None = None,
) -> tuple[Names, TallyTable | RollupTable]:
    """A period's report by the definitions that are asked for."""
    if definitions is Definitions.V1:
        known, made = await report(db, mall, period, by, present=present)
        return known, made[by]
    known, sums = await summed(db, mall, period, by, present=present)
    return known, sums[by]


async def _reading(db: Database, mall: Mall, day: date, present: Present | None) -> Reading:
    """A day as it is quickest to come by: from memory, from what is kept of it, or from its events."""
    if present is not None and day == mall.day(present.now):
        return await db.read(present.days.ticket_histories, mall.id, day)

    def read(tx: Transaction) -> list[Event] | Facts:
        kept = rollup_rows.exact(tx, mall.id, day)
        return event_rows.events(tx, mall.id, day, day) if kept is None else kept

    return await db.read(read)


def _count(made: Mapping[By, TallyTable], read: Reading) -> None:
    if isinstance(read, Facts):
        for table in made.values():
            add_facts(table, read)
        return
    ticket_histories = [each for each in read if isinstance(each, TicketHistory)]
    if len(ticket_histories) != len(read):
        ticket_histories = spans.ticket_histories(each for each in read if isinstance(each, Event))
    for table in made.values():
        table.add(ticket_histories)


def promise_of(service: Service) -> Promise:
    """The service's present standard."""
    wait, served = service.promised_wait, service.promised_service
    return Promise(
        wait.total_seconds() if wait else None, served.total_seconds() if served else None
    )
