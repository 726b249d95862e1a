"""A period beside the one before, and its units beside each other."""

import asyncio
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.pages.comparison import ComparisonOut, comparison_out, funnel_out, period_out
from mpp.metrics.queries import name_rows
from mpp.metrics.queries.name_rows import Names
from mpp.metrics.rules.cells import cells_of, headings_for
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.folding import MALL, Rollups
from mpp.metrics.rules.funnel import funnel
from mpp.metrics.rules.periods import Period, previous
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.metrics.stream.past import Present, rollups_of


@dataclass(frozen=True)
class Question:
    """What is compared: which period, which units, whose promise."""

    period: Period
    by: By
    of: Kind


async def comparison(
    db: Database, mall: Mall, asked: Question, present: Present | None = None
) -> ComparisonOut:
    """The answer, from rollups only."""
    known = await db.read(name_rows.names, mall.id)
    before = previous(asked.period)
    now = await rollups_of(db, mall, asked.period, [MALL, *headings_for(asked.by)], present)
    then = await rollups_of(db, mall, before, [MALL], present)
    return await asyncio.to_thread(_compared, mall, asked, before, now, then, known)


def _compared(
    mall: Mall, asked: Question, before: Period, now: Rollups, then: Rollups, known: Names
) -> ComparisonOut:
    whole, earlier = (each.get((MALL, ""), Rollup()) for each in (now, then))
    found = funnel(cells_of(now, asked.by, asked.of))
    return comparison_out(
        mall.slug,
        period_out(asked.period, whole),
        period_out(before, earlier),
        funnel_out(found, asked.by, asked.of, known),
        is_synthetic=mall.is_synthetic,
    )
