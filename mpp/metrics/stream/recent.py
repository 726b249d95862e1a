"""The last weeks of a mall, for the overview: read when it is opened, not while it lives."""

from datetime import date, timedelta

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.pages.dashboard import Recent, recent_of
from mpp.metrics.queries import name_rows
from mpp.metrics.rules.folding import MALL, WEEKDAY_HOUR
from mpp.metrics.rules.periods import Period
from mpp.metrics.stream.past import rollups_of

DAYS = 28
"""Each weekday as often as the others."""


async def recent(db: Database, mall: Mall, today: date) -> Recent:
    """The four weeks up to yesterday."""
    period = Period(today - timedelta(days=DAYS), today - timedelta(days=1))
    known = await db.read(name_rows.names, mall.id)
    found = await rollups_of(db, mall, period, [MALL, WEEKDAY_HOUR])
    return recent_of(period, found, known)
