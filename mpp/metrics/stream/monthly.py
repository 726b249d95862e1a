"""Everything that a month's report tells, read once."""

from datetime import date

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.pages.monthly import Monthly
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.folding import MALL
from mpp.metrics.rules.periods import Period, month_of, previous
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.stream.past import Present, rollups_of
from mpp.metrics.stream.reports import summed
from mpp.metrics.stream.skm import result

BYS = (By.AGENCY, By.SERVICE, By.HOUR, By.WEEKDAY)


async def monthly(db: Database, mall: Mall, month: Period, present: Present) -> Monthly:
    """The month up to now, if it is not over yet."""
    known, by = await summed(db, mall, month, *BYS, present=present)
    return Monthly(
        mall=mall,
        month=month,
        names=known,
        by=by,
        before=await _whole(db, mall, previous(month), present),
        year_before=await _whole(db, mall, _a_year_before(month), present),
        visits=await _visits(db, mall, month, present),
        survey=await result(db, mall, month),
    )


async def _whole(db: Database, mall: Mall, period: Period, present: Present) -> Rollup:
    found = await rollups_of(db, mall, period, [MALL], present)
    return found.get((MALL, ""), Rollup())


def _a_year_before(month: Period) -> Period:
    return month_of(month.first.replace(year=month.first.year - 1))


async def _visits(db: Database, mall: Mall, month: Period, present: Present) -> dict[date, int]:
    found = {}
    for day in month.days():
        if day > mall.day(present.now):
            break
        issued = (await _whole(db, mall, Period(day, day), present)).issued
        if issued:
            found[day] = issued
    return found
