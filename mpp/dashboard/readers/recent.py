"""The last weeks of a mall, for the overview: read when it is opened, not while it lives."""

from datetime import date, timedelta

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.queries import name_rows
from mpp.metrics.readers.past import rollups_of
from mpp.metrics.rules.aggregation import MALL, WEEKDAY_HOUR, Rollups
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period

DAYS = 28
"""Each weekday as often as the others."""


async def recent(db: Database, mall: Mall, today: date) -> tuple[Period, Rollups, Names]:
    """The four weeks up to yesterday: which days, what is kept of them, and the names."""
    period = Period(today - timedelta(days=DAYS), today - timedelta(days=1))
    known = await db.read(name_rows.names, mall.id)
    found = await rollups_of(db, mall, period, [MALL, WEEKDAY_HOUR])
    return period, found, known
