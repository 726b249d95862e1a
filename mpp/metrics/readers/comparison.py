"""A period beside the one before, and its units beside each other."""

import asyncio

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.queries import name_rows, rollup_rows
from mpp.metrics.readers.past import Present, rollups_of
from mpp.metrics.rules.aggregation import MALL
from mpp.metrics.rules.cells import cells_of, headings_for
from mpp.metrics.rules.comparison import Comparison, Question
from mpp.metrics.rules.funnel import funnel
from mpp.metrics.rules.periods import previous
from mpp.metrics.rules.rollup import Rollup


async def comparison(
    db: Database, mall: Mall, asked: Question, present: Present | None = None
) -> Comparison:
    """The answer, from rollups only."""
    known = await db.read(name_rows.names, mall.id)
    before = previous(asked.period)
    kept, kept_before = await db.read(rollup_rows.recorded, mall.id, (asked.period, before))
    now = await rollups_of(db, mall, asked.period, [MALL, *headings_for(asked.by)], present)
    then = await rollups_of(db, mall, before, [MALL], present)
    whole, earlier = (each.get((MALL, ""), Rollup()) for each in (now, then))
    found = await asyncio.to_thread(funnel, cells_of(now, asked.by, asked.of))
    return Comparison(asked, whole, before, earlier, kept, kept_before, found, known)
