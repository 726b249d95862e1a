"""Whose ticket it is, and how it ends without an officer; on both databases."""

from datetime import timedelta

import pytest
from factories import (
    NINE,
    Desk,
    TestClock,
    a_leader,
    a_mall,
    a_ticket,
    history,
    issued,
    mall_file,
    now_is,
)

from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import (
    ActionNotAllowed,
    Conflict,
    CounterBusy,
    CounterNotOpen,
    Forbidden,
    Invalid,
    NotFound,
)
from mpp.queue.commands import act, call, end
from mpp.queue.rules.life import Action, State

# -- whose ticket it is --------------------------------------------------------------------------


@pytest.mark.parametrize("action", [Action.RECALL, Action.START, Action.MISS, Action.RETURN])
async def test_another_counter_may_not_touch_a_called_ticket(
    mall: Mall, db: Database, one: Desk, two: Desk, action: Action
) -> None:
    await a_ticket(db, mall)
    called = await one.call()
    assert called is not None
    with pytest.raises(Forbidden):
        await two.do(called, action)
    assert await now_is(db, called) == called


async def test_a_leader_may_act_for_any_counter(mall: Mall, db: Database, one: Desk, clock) -> None:
    await a_ticket(db, mall)
    called = await one.call()
    assert called is not None
    acted = await db.execute(act.act, mall, called.id, Action.START, by=a_leader(mall), now=clock())
    assert acted.ticket.state is State.SERVING


async def test_a_counter_cancels_only_what_it_serves(
    mall: Mall, db: Database, one: Desk, three: Desk
) -> None:
    ticket = await a_ticket(db, mall)
    with pytest.raises(Forbidden):
        await three.do(ticket, Action.CANCEL)
    assert (await one.do(ticket, Action.CANCEL, reason="pulang")).state is State.CANCELLED


async def test_a_ticket_of_another_mall_does_not_exist_here(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    there = await a_mall(db, mall_file(slug="mpp-lain"))
    foreign = await a_ticket(db, there)
    with pytest.raises(NotFound):
        await one.do(foreign, Action.CANCEL)
    with pytest.raises(NotFound):
        await db.execute(call.call_next, there, one.counter_id, by=one.by, now=clock())


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.ISSUE, Action.CLOSE_DAY}))
async def test_what_has_ended_cannot_be_done_again(
    mall: Mall, db: Database, one: Desk, action: Action
) -> None:
    await a_ticket(db, mall)
    done = await one.serve()
    assert done is not None
    with pytest.raises(ActionNotAllowed):
        await one.do(done, action, reason="r", service=mall.service("paspor"))
    assert await now_is(db, done) == done


# -- cancelled by the visitor, closed by the day -------------------------------------------------


async def test_a_visitor_gives_up_all_that_waits_or_one_of_it(
    mall: Mall, db: Database, clock: TestClock
) -> None:
    first = await issued(db, mall)
    second = await a_ticket(db, mall, "paspor", visit=first.visit_token)
    third = await a_ticket(db, mall, "kk", visit=first.visit_token)
    visit = first.ticket.visit_id
    gone = await db.execute(end.cancel_by_visitor, mall, visit, now=clock(), ticket_id=second.id)
    assert [t.id for t in gone] == [second.id]
    rest = await db.execute(end.cancel_by_visitor, mall, visit, now=clock())
    assert {t.id for t in rest} == {first.ticket.id, third.id}
    assert (await history(db, second))[-1].data == {"by": "visitor"}
    with pytest.raises(ActionNotAllowed):
        await db.execute(end.cancel_by_visitor, mall, visit, now=clock())


async def test_a_visitor_cannot_cancel_what_is_not_theirs(mall: Mall, db: Database, clock) -> None:
    mine = await issued(db, mall)
    theirs = await a_ticket(db, mall)
    with pytest.raises(NotFound) as refused:
        await db.execute(
            end.cancel_by_visitor, mall, mine.ticket.visit_id, now=clock(), ticket_id=theirs.id
        )
    assert refused.value.facts["field"] == "ticket"
    assert (await now_is(db, mine.ticket)).state is State.WAITING
    assert (await now_is(db, theirs)).state is State.WAITING


async def test_whoever_has_been_called_cannot_cancel_any_more(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    mine = await issued(db, mall)
    await one.call()
    with pytest.raises(ActionNotAllowed):
        await db.execute(end.cancel_by_visitor, mall, mine.ticket.visit_id, now=clock())


async def test_the_end_of_the_day_expires_what_is_open_and_closes_every_shift(
    mall: Mall, db: Database, one: Desk, two: Desk, three: Desk, clock: TestClock
) -> None:
    parked = await a_ticket(db, mall)
    await one.do(await one.start(), Action.PARK, reason="r")
    called = await a_ticket(db, mall)
    await one.call()
    served = await a_ticket(db, mall)
    await two.start()
    waiting = await a_ticket(db, mall, "paspor")
    done = await a_ticket(db, mall, "paspor")
    await three.call()
    await three.do(waiting, Action.RETURN)
    missed = await a_ticket(db, mall, "paspor")
    await three.do(await a_ticket(db, mall, "paspor"), Action.CANCEL)
    today = mall.day(NINE)
    assert await db.execute(end.close_day, mall, today - timedelta(days=1), now=clock()) == 0
    tomorrow = clock.forward(hours=16)
    assert await db.execute(end.close_day, mall, today, now=tomorrow) == 6
    for ticket in (parked, called, served, waiting, done, missed):
        expired = await now_is(db, ticket)
        assert (expired.state, expired.ended_at) == (State.EXPIRED, tomorrow)
        event = (await history(db, ticket))[-1]
        assert (event.action, event.day, event.at) == ("close_day", today, tomorrow)
    assert await db.read(shift_rows.present_shifts, mall.id) == {}
    assert await db.execute(end.close_day, mall, today, now=tomorrow) == 0
    next_morning = await a_ticket(db, mall, now=NINE + timedelta(days=1))
    assert next_morning.label == "A-001"


async def test_a_counter_that_was_retired_while_open_does_not_keep_the_day_open(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    await one.start()
    file = mall_file()
    file.counter = [each for each in file.counter if each.label != "1"]
    file.officer = []
    smaller = await a_mall(db, file)
    assert (
        await db.execute(end.close_day, smaller, mall.day(NINE), now=clock.forward(hours=16)) == 1
    )
    assert await db.read(shift_rows.present_shifts, mall.id) == {}


async def test_a_ticket_of_yesterday_does_not_come_back_today(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    called = await one.call()
    assert called is not None
    await one.do(called, Action.MISS)
    clock.forward(days=1)
    with pytest.raises(Conflict):
        await one.do(called, Action.REQUEUE)


async def test_a_counter_closes_only_when_nobody_stands_there(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    called = await one.call()
    assert called is not None
    with pytest.raises(CounterBusy):
        await db.execute(call.close_counter, mall, one.counter_id, by=one.by, now=clock())
    await one.do(called, Action.MISS)
    await db.execute(call.close_counter, mall, one.counter_id, by=one.by, now=clock())
    for again in (call.close_counter, call.call_next):
        with pytest.raises(CounterNotOpen):
            await db.execute(again, mall, one.counter_id, by=one.by, now=clock())


# -- chosen by the officer -----------------------------------------------------------------------


async def test_an_officer_calls_somebody_out_of_turn_with_a_reason(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    second = await a_ticket(db, mall, now=clock.forward(minutes=1))
    with pytest.raises(Invalid) as refused:
        await one.do(second, Action.CALL)
    assert refused.value.facts["field"] == "reason"
    called = await one.do(second, Action.CALL, reason="sakit")
    assert (called.state, called.reason) == (State.CALLED, "dipilih petugas: sakit")
    event = (await history(db, second))[-1]
    assert (event.data["rule"], event.wait_s) == ("chosen", 0)
    with pytest.raises(CounterBusy):
        await one.do(await a_ticket(db, mall), Action.CALL, reason="r")


async def test_nobody_is_chosen_who_stands_elsewhere_or_for_another_service(
    mall: Mall, db: Database, one: Desk, three: Desk
) -> None:
    first = await issued(db, mall, "paspor")
    await three.call()
    same_person = await a_ticket(db, mall, visit=first.visit_token)
    with pytest.raises(Conflict):
        await one.do(same_person, Action.CALL, reason="r")
    other = await a_ticket(db, mall, "paspor")
    with pytest.raises(Forbidden):
        await one.do(other, Action.CALL, reason="r")
