"""Reports of a period from rollups, and tables to count today in."""

from collections.abc import Iterable, Mapping

from mpp.counters.rules.mall import Mall, Service
from mpp.db.seam import Database
from mpp.metrics.queries import name_rows
from mpp.metrics.readers.past import Present, rollups_of
from mpp.metrics.rules.aggregation import MALL
from mpp.metrics.rules.figures import By, Promise, TallyTable, local_hours, local_weekdays
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.tables import RollupTable, rollup_table


def tally_tables(
    mall: Mall, promises: Mapping[int, Promise], agency_of: Mapping[int, int], bys: Iterable[By]
) -> dict[By, TallyTable]:
    """Empty tables for these groupings: exact figures of what is read from the histories."""
    hour_of, weekday_of = local_hours(mall.time_zone), local_weekdays(mall.time_zone)
    return {by: TallyTable(by, promises, agency_of, hour_of, weekday_of=weekday_of) for by in bys}


async def summed(
    db: Database,
    mall: Mall,
    period: Period,
    *bys: By,
    present: Present | None = None,
) -> tuple[Names, dict[By, RollupTable]]:
    """A period's figures by each of these groupings, from rollups: a year as quick as a day."""
    known = await db.read(name_rows.names, mall.id)
    found = await rollups_of(db, mall, period, [MALL, *bys], present)
    return known, {by: rollup_table(found, by) for by in bys}


def promise_of(service: Service) -> Promise:
    """The service's present standard."""
    wait, served = service.promised_wait, service.promised_service
    return Promise(
        wait.total_seconds() if wait else None, served.total_seconds() if served else None
    )
