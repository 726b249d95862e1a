"""Everything that a month's report tells, read once."""

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.evaluation.queries import evaluation_rows
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.metrics.queries import name_rows, rollup_rows
from mpp.metrics.readers.distribution import work_of
from mpp.metrics.readers.past import Present, issued_by_day, rollups_of
from mpp.metrics.rules.aggregation import MALL, WEEKDAY_HOUR
from mpp.metrics.rules.cells import cells_of, headings_for
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.funnel import funnel
from mpp.metrics.rules.periods import Period, month_of, previous
from mpp.metrics.rules.recorded import Recorded
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.tables import rollup_table
from mpp.reports.rules.monthly import JUDGED, Monthly, Whole
from mpp.survey.readers.results import result

BYS = (By.AGENCY, By.SERVICE, By.HOUR, By.COUNTER)


async def monthly(db: Database, mall: Mall, month: Period, present: Present) -> Monthly:
    """The month up to now, if it is not over yet."""
    headings = [MALL, WEEKDAY_HOUR, *BYS, *headings_for(JUDGED)]
    found = await rollups_of(db, mall, month, headings, present)
    known = await db.read(name_rows.names, mall.id)
    months = (month, previous(month), _a_year_before(month))
    recorded, recorded_before, recorded_year_before = await db.read(
        rollup_rows.recorded, mall.id, months
    )
    work = await work_of(db, mall, month, By.COUNTER, found, present)
    return Monthly(
        mall=mall,
        month=month,
        names=known,
        by={by: rollup_table(found, by) for by in BYS},
        now=Whole(found.get((MALL, ""), Rollup()), recorded),
        before=await _whole(db, mall, recorded_before, present),
        year_before=await _whole(db, mall, recorded_year_before, present),
        visits=await issued_by_day(db, mall, month, present),
        survey=await result(db, mall, month),
        load=found,
        work=work,
        funnel=funnel(cells_of(found, JUDGED, Kind.SERVICE)),
        evaluation=await _newest(db, mall),
    )


async def _newest(db: Database, mall: Mall) -> Evaluation | None:
    every = await db.read(evaluation_rows.evaluations_of, mall.id)
    return max(every, key=lambda each: (each.year, each.id), default=None)


async def _whole(db: Database, mall: Mall, recorded: Recorded, present: Present) -> Whole:
    found = await rollups_of(db, mall, recorded.period, [MALL], present)
    return Whole(found.get((MALL, ""), Rollup()), recorded)


def _a_year_before(month: Period) -> Period:
    return month_of(month.first.replace(year=month.first.year - 1))
