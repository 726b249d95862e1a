"""Numbers issued on each day of a month, kept or not, read at once."""

from datetime import date, timedelta
from typing import Any

from factories import MONDAY, NINE, TestClock, a_desk, a_mall, a_ticket

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.readers.past import Present, issued_by_day
from mpp.metrics.readers.rollup_job import roll_up_day
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.periods import Period, month_of
from mpp.queue.rules.life import Action

NOVEMBER = month_of(MONDAY)


async def a_month(db: Database, clock: TestClock) -> Mall:
    """Three Mondays, eight people each; the last of them goes on."""
    mall: Mall = await a_mall(db)
    clock.now = NINE - timedelta(weeks=2)
    desk = await a_desk(db, mall, "1", clock)
    for week in (2, 1, 0):
        clock.now = NINE - timedelta(weeks=week)
        for minutes in range(3, 11):
            await a_ticket(db, mall, now=clock(), unrestricted=True)
            ticket = await desk.start()
            clock.forward(minutes=minutes)
            await desk.do(ticket, Action.COMPLETE)
    return mall


async def test_days_are_counted_kept_or_not(db: Database, clock: TestClock) -> None:
    mall = await a_month(db, clock)
    present = Present(clock(), Days())
    mondays = [MONDAY - timedelta(weeks=week) for week in (2, 1, 0)]
    told = await issued_by_day(db, mall, NOVEMBER, present)
    assert told == dict.fromkeys(mondays, 8)
    await roll_up_day(db, mall, mondays[0])
    await roll_up_day(db, mall, mondays[1])
    assert await issued_by_day(db, mall, NOVEMBER, present) == told
    assert list(told) == sorted(told)


async def test_the_days_of_a_month_cost_what_one_day_costs(
    db: Database, clock: TestClock, counted: Any
) -> None:
    mall = await a_month(db, clock)
    mondays = [MONDAY - timedelta(weeks=week) for week in (2, 1)]
    for day in mondays:
        await roll_up_day(db, mall, day)
    present = Present(clock(), Days())
    asked = []
    for period in (Period(mondays[0], mondays[0]), Period(date(2026, 10, 1), mondays[1])):
        with counted() as statements:
            await issued_by_day(db, mall, period, present)
        asked.append(len(statements))
    assert asked[0] == asked[1]
