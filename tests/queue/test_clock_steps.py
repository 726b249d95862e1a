"""What is written down of a clock that was set back, and until when it is told."""

from datetime import datetime, timedelta

import pytest
from factories import NINE, Desk, TestClock, a_ticket
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import stored_days
from mpp.queue.models import clock_steps
from mpp.queue.queries import clock_rows
from mpp.queue.rules.clock_steps import AGAIN, NOTED, ClockStep, distinct
from mpp.queue.rules.life import Action

BACK = timedelta(minutes=5)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
seconds = st.integers(0, 3600).map(lambda n: timedelta(seconds=n))


def a_step(at: datetime = NINE, behind: timedelta = BACK, host: str = "satu") -> ClockStep:
    return ClockStep(at, at + behind, host, 0)


def stored(tx: Transaction) -> int:
    return tx.conn.execute(select(func.count()).select_from(clock_steps)).scalar_one()


# -- the rule ------------------------------------------------------------------------------------


@given(st.lists(seconds, min_size=1).map(sorted), seconds.filter(lambda each: each > NOTED))
def test_a_clock_that_goes_on_after_one_step_is_behind_by_one_step(
    later: list[timedelta], behind: timedelta
) -> None:
    """Whatever it reads until it has caught up; what it read while requests overtook each other, too."""
    step = a_step(behind=behind)
    assert all(step.covers(NINE + each) for each in later if each < behind)
    assert step.covers(NINE - NOTED)
    assert not step.covers(NINE - NOTED - TICK)
    assert not step.covers(NINE + max(behind, AGAIN))


@given(st.lists(seconds, min_size=1).map(sorted), seconds.filter(lambda each: each > NOTED))
def test_a_machine_that_stays_behind_is_not_noted_at_every_command(
    at: list[timedelta], behind: timedelta
) -> None:
    noted: list[ClockStep] = []
    for each in at:
        if not any(step.covers(NINE + each) for step in noted):
            noted.append(a_step(NINE + each, behind))
    assert len(noted) <= timedelta(hours=1) // max(AGAIN, behind) + 1
    assert distinct(noted) == noted


def test_what_several_commands_noticed_at_once_is_one_step_of_each_machine() -> None:
    first, other = a_step(), a_step(host="dua")
    assert distinct([first, a_step(NINE + TICK), other, first]) == [first, other]
    lower = a_step(NINE - BACK, BACK * 2)
    assert distinct([first, lower]) == [first, lower]


def test_a_step_counts_until_the_clock_has_caught_up() -> None:
    step = a_step()
    assert step.counts(NINE + BACK - TICK, "satu")
    assert not step.counts(NINE + BACK, "satu")
    assert step.counts(NINE + BACK + AGAIN - TICK, "dua"), (
        "a clock that is right tells of the other"
    )
    assert not step.counts(NINE + BACK + AGAIN, "dua")


# -- what is stored, on both databases ------------------------------------------------------------


async def test_a_step_is_stored_once_whatever_meets_it(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    clock.forward(minutes=10)
    await a_ticket(db, mall, now=clock())
    before, noticed = clock(), clock() - BACK
    assert await db.read(stored) == 0
    clock.now = noticed
    await a_ticket(db, mall, now=clock())
    called = await one.call()
    assert called is not None
    await one.do(await one.do(called, Action.START), Action.COMPLETE)
    await a_ticket(db, mall, now=clock.forward(minutes=3))
    (step,) = await db.read(clock_rows.steps, mall)
    assert await db.read(stored) == 1
    assert (step.noticed_at, step.held_at) == (noticed, before + TICK)
    assert (step.host, step.node) == (clock_rows.HOST, db.node)
    assert await db.read(clock_rows.present_step, mall.id, clock()) == step
    assert BACK - timedelta(minutes=3) < await db.read(clock_rows.behind, mall, clock()) < BACK

    clock.now -= timedelta(minutes=20)
    assert await one.call() is not None
    assert len(await db.read(clock_rows.steps, mall)) == 2
    assert await db.read(stored_days.verify, mall.id) == []


async def test_a_call_that_meets_a_step_first_stores_it(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    clock.forward(minutes=10)
    taken = await a_ticket(db, mall, now=clock())
    clock.now -= BACK
    assert await one.call() is not None
    (step,) = await db.read(clock_rows.steps, mall)
    assert (step.noticed_at, step.held_at) == (clock(), taken.joined_at + TICK)


async def test_nothing_is_stored_of_requests_that_overtake_each_other(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall, now=clock())
    clock.now -= SECOND
    await a_ticket(db, mall, now=clock())
    assert await one.call() is not None
    assert await db.read(stored) == 0
    assert await db.read(clock_rows.present_step, mall.id, clock()) is None


async def test_once_the_clock_has_caught_up_nothing_is_told(
    db: Database, mall: Mall, clock: TestClock
) -> None:
    await a_ticket(db, mall, now=clock.forward(minutes=10))
    clock.now -= BACK
    await a_ticket(db, mall, now=clock())
    clock.forward(minutes=6)
    assert await db.read(clock_rows.present_step, mall.id, clock()) is None
    assert await db.read(clock_rows.behind, mall, clock()) == timedelta(0)
    day = mall.day(clock())
    assert len(await db.read(clock_rows.steps, mall, day, day)) == 1
    assert await db.read(clock_rows.steps, mall, day + timedelta(days=1)) == []
    assert await db.read(clock_rows.steps, mall, None, day - timedelta(days=1)) == []


@pytest.mark.parametrize("behind", [SECOND * 3, BACK, BACK * 3])
async def test_the_database_judges_by_the_same_rule(
    db: Database, mall: Mall, clock: TestClock, behind: timedelta
) -> None:
    """Commands and fast paths ask in SQL what `ClockStep.covers` says."""
    await a_ticket(db, mall, now=clock() + timedelta(hours=1))
    step = ClockStep(clock(), clock() + behind, clock_rows.HOST, 0)

    def plant(tx: Transaction) -> None:
        tx.conn.execute(clock_steps.delete())
        tx.conn.execute(
            insert(clock_steps).values(
                mall_id=mall.id,
                id=1,
                noticed_at=step.noticed_at,
                held_at=step.held_at,
                host=step.host,
            )
        )

    edges = [NINE - NOTED, step.held_at, NINE + AGAIN]
    for now in (edge + off for edge in edges for off in (-TICK, timedelta(0), TICK)):
        await db.execute(plant)
        await a_ticket(db, mall, now=now)
        assert await db.read(stored) == (1 if step.covers(now) else 2), now - NINE
