"""A clock that is set back: within a mall time stands still until then; on both databases."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from factories import Desk, TestClock, a_ticket, history, issued

from mpp.counters.commands import shifts
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.queries import stored_days
from mpp.metrics.queries.shift_log_rows import shift_log
from mpp.queue.commands.end import cancel_by_visitor
from mpp.queue.rules.life import Action, Priority

BACK = timedelta(minutes=5)
SOON = timedelta(milliseconds=1)


async def test_whoever_takes_a_number_after_a_step_back_is_called_after_those_before(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    """The later comer was once called first, and had waited −308 seconds."""
    clock.forward(minutes=10)
    first = await a_ticket(db, mall, now=clock())
    before = clock()
    clock.now -= BACK
    second = await a_ticket(db, mall, now=clock())
    elderly = await a_ticket(db, mall, now=clock(), priority=Priority.ELDERLY)
    assert first.joined_at < second.joined_at < elderly.joined_at < before + SOON
    assert (second.rank_at, second.ahead_at_join) == (second.joined_at, 1)
    assert elderly.rank_at == elderly.joined_at - mall.priority_head_start
    called = [await one.serve() for _ in range(3)]
    assert [each.id for each in called if each] == [elderly.id, first.id, second.id]
    for each in called:
        assert each is not None
        events = await history(db, each)
        assert all(timedelta(0) <= event.at - before < SOON for event in events)
        assert 0 <= events[1].wait_s < SOON.total_seconds()
    assert await db.read(stored_days.verify, mall.id) == []


async def test_time_goes_on_once_the_clock_has_caught_up(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    clock.forward(minutes=10)
    taken = await a_ticket(db, mall, now=clock())
    clock.now -= BACK
    called = await one.call()
    assert called is not None
    assert called.called_at == taken.joined_at + timedelta(microseconds=1)
    started = await one.do(called, Action.START)
    assert started.started_at == taken.joined_at + timedelta(microseconds=2)
    ended = await one.do(started, Action.COMPLETE) if clock.forward(minutes=6) else None
    assert ended is not None
    assert ended.ended_at == clock()
    assert await db.read(stored_days.verify, mall.id) == []


async def test_a_visitor_who_gives_up_does_so_after_taking_the_number(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    taken = await issued(db, mall, now=clock.forward(minutes=10))
    visit = taken.ticket.visit_id
    now = clock() - BACK
    (gone,) = await db.execute(cancel_by_visitor, mall, visit, now=now)
    assert gone.ended_at == clock() + timedelta(microseconds=1)


async def test_the_operator_is_told_of_a_step_and_not_of_requests_that_overtake(
    db: Database, mall: Mall, one: Desk, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    await a_ticket(db, mall, now=clock())
    with caplog.at_level(logging.WARNING, "mpp.queue.queries.clock_rows"):
        clock.now -= timedelta(seconds=1)
        await a_ticket(db, mall, now=clock())
        assert caplog.records == []
        clock.now -= BACK
        await a_ticket(db, mall, now=clock())
        await one.call()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert all("clock is 301 s behind" in each for each in said)


async def test_a_clock_that_ran_a_day_ahead_stops_nobody_for_a_day(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    today = clock()
    await a_ticket(db, mall, now=today + timedelta(days=1))
    later = await a_ticket(db, mall, now=today + timedelta(minutes=1))
    assert (later.joined_at, later.day) == (today + timedelta(minutes=1), mall.day(today))


async def test_shifts_and_pauses_last_no_negative_time(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    given = (mall, one.counter_id)
    steps: list[Any] = [shifts.pause_counter, shifts.open_counter, shifts.close_shift]
    for step, doing in enumerate(steps):
        reason = {"reason": "salat"} if step == 0 else {}
        await db.execute(doing, *given, by=one.by, now=clock() - step * BACK, **reason)
    log = await db.read(shift_log, mall.id, mall.day(clock()), mall.day(clock()))
    times = {event.action: event.at_us for event in log}
    assert times["open"] == times["pause"] == times["resume"] == times["close"]
