"""Everything that can be done to a ticket after it was called, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from factories import NINE, Desk, TestClock, a_ticket, history, issued, now_is

from mpp.counters.commands import shifts
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
from mpp.queue.queries import counter_rows
from mpp.queue.rules.life import Action, Outcome, Place, State

# -- transfer ------------------------------------------------------------------------------------


async def test_a_transfer_to_a_service_keeps_number_visit_and_time_of_joining(
    db: Database, mall: Mall, one: Desk, three: Desk, clock: TestClock
) -> None:
    first = await a_ticket(db, mall)
    clock.forward(minutes=1)
    there = await a_ticket(db, mall, "paspor", now=clock())
    clock.forward(minutes=5)
    served = await one.start()
    moved = await one.do(served, Action.TRANSFER, service=mall.service("paspor"), reason="salah")
    assert (moved.label, moved.visit_id, moved.joined_at) == (first.label, first.visit_id, NINE)
    assert (moved.state, moved.service_id) == (State.WAITING, mall.service("paspor").id)
    assert (moved.called_at, moved.started_at, moved.counter_id) == (None, None, None)
    order = [await three.serve(), await three.serve()]
    assert [each.id for each in order if each] == [first.id, there.id]  # place of joining
    event = (await history(db, first))[3]
    assert (event.action, event.data["place"], event.data["reason"]) == (
        "transfer",
        "joined",
        "salah",
    )
    assert (event.data["from"], event.data["to"]) == (served.service_id, moved.service_id)


async def test_a_transfer_to_the_end_of_the_queue_waits_for_all_who_are_there(
    db: Database, mall: Mall, one: Desk, three: Desk, clock: TestClock
) -> None:
    first = await a_ticket(db, mall)
    there = await a_ticket(db, mall, "paspor", now=clock.forward(minutes=1))
    clock.forward(minutes=5)
    served = await one.start()
    moved = await one.do(served, Action.TRANSFER, service=mall.service("paspor"), place=Place.LAST)
    assert (moved.label, moved.joined_at, moved.rank_at) == (first.label, NINE, clock())
    order = [await three.serve(), await three.serve()]
    assert [each.id for each in order if each] == [there.id, first.id]


async def test_a_transfer_to_a_counter_is_expected_there_and_only_there(
    db: Database, mall: Mall, one: Desk, two: Desk, three: Desk, clock: TestClock
) -> None:
    first = await a_ticket(db, mall)
    await a_ticket(db, mall, "paspor")
    served = await one.start()
    moved = await one.do(served, Action.TRANSFER, counter_id=three.counter_id)
    assert (moved.service_id, moved.target_counter_id) == (first.service_id, three.counter_id)
    assert await two.call() is None  # serves ktp-el, but the ticket was sent elsewhere
    called = await three.call()
    assert called is not None
    assert (called.id, called.target_counter_id) == (first.id, None)
    assert called.reason == "dialihkan ke loket ini"


@pytest.mark.parametrize(
    "details", [{}, {"service": "paspor", "counter": "3"}], ids=["none", "both"]
)
async def test_a_transfer_has_one_destination(
    mall: Mall, db: Database, one: Desk, three: Desk, details: dict[str, str]
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    with pytest.raises(Invalid) as refused:
        await one.do(
            served,
            Action.TRANSFER,
            service=mall.service(details["service"]) if details else None,
            counter_id=three.counter_id if details else None,
        )
    assert refused.value.facts["field"] == "service"
    assert (await now_is(db, served)).state is State.SERVING


async def test_a_transfer_to_a_counter_of_nowhere_changes_nothing(
    mall: Mall, db: Database, one: Desk
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    with pytest.raises(NotFound):
        await one.do(served, Action.TRANSFER, counter_id=12345)
    assert await now_is(db, served) == served


# -- park, resume --------------------------------------------------------------------------------


async def test_a_parked_ticket_comes_back_to_its_counter_and_rings_again(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    until = clock() + timedelta(minutes=20)
    parked = await one.do(served, Action.PARK, reason="mengisi formulir", until=until)
    assert (parked.state, parked.reason, parked.parked_until) == (
        State.PARKED, "mengisi formulir", until,
    )  # fmt: skip
    assert await db.read(counter_rows.in_hand, mall.id, one.counter_id) is None
    assert [t.id for t in await db.read(counter_rows.parked_at, mall.id, one.counter_id)] == [
        parked.id
    ]
    clock.forward(minutes=9)
    resumed = await one.do(parked, Action.RESUME)
    assert (resumed.state, resumed.calls, resumed.parked_until) == (State.CALLED, 2, None)
    assert (await history(db, served))[4].wait_s is None  # only the first call ends a wait
    assert [e.action for e in await history(db, served)] == [
        "issue",
        "call",
        "start",
        "park",
        "resume",
    ]


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("reason", {}),
        ("until", {"reason": "r", "until": NINE}),
        ("until", {"reason": "r", "until": NINE - timedelta(days=1)}),
        ("until", {"reason": "r", "until": NINE + timedelta(days=1)}),
    ],
)
async def test_parking_needs_a_reason_and_a_later_time_of_the_same_day(
    mall: Mall, db: Database, one: Desk, field: str, details: dict[str, Any]
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    with pytest.raises(Invalid) as refused:
        await one.do(served, Action.PARK, **details)
    assert refused.value.facts["field"] == field
    assert await now_is(db, served) == served


async def test_a_busy_or_closed_counter_resumes_nobody(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    await a_ticket(db, mall)
    parked = await one.do(await one.start(), Action.PARK, reason="r")
    await one.call()
    with pytest.raises(CounterBusy):
        await one.do(parked, Action.RESUME)
    current = await db.read(counter_rows.in_hand, mall.id, one.counter_id)
    assert current is not None
    await one.do(current, Action.MISS)
    await db.execute(
        shifts.pause_counter, mall, one.counter_id, by=one.by, now=clock(), reason="salat"
    )
    with pytest.raises(CounterNotOpen):
        await one.do(parked, Action.RESUME)
    assert (await now_is(db, parked)).state is State.PARKED


async def test_another_counter_may_take_a_parked_ticket_over(
    mall: Mall, db: Database, one: Desk, two: Desk
) -> None:
    await a_ticket(db, mall)
    parked = await one.do(await one.start(), Action.PARK, reason="r")
    resumed = await two.do(parked, Action.RESUME, counter_id=two.counter_id)
    assert (resumed.state, resumed.counter_id) == (State.CALLED, two.counter_id)
    with pytest.raises(Forbidden):
        await one.do(resumed, Action.START)


async def test_nobody_resumes_to_a_counter_that_is_not_theirs(
    mall: Mall, db: Database, one: Desk, two: Desk
) -> None:
    await a_ticket(db, mall)
    parked = await one.do(await one.start(), Action.PARK, reason="r")
    with pytest.raises(Forbidden):
        await two.do(parked, Action.RESUME, counter_id=one.counter_id)
    with pytest.raises(Forbidden):  # without a counter it would go back to where it was parked
        await two.do(parked, Action.RESUME)


async def test_a_visit_is_never_resumed_while_it_stands_at_another_counter(
    mall: Mall, db: Database, one: Desk, three: Desk, clock: TestClock
) -> None:
    first = await issued(db, mall)
    parked = await one.do(await one.start(), Action.PARK, reason="r")
    await a_ticket(db, mall, "paspor", visit=first.visit_token)
    called = await three.call()
    assert called is not None
    with pytest.raises(Conflict):
        await one.do(parked, Action.RESUME)
    await three.do(called, Action.START)
    await three.do(called, Action.COMPLETE)
    assert (await one.do(parked, Action.RESUME)).state is State.CALLED


# -- miss, requeue, return, recall ---------------------------------------------------------------


async def test_a_missed_visitor_who_comes_late_stands_behind_all_who_wait(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    late = await a_ticket(db, mall)
    other = await a_ticket(db, mall, now=clock.forward(minutes=1))
    called = await one.call()
    assert called is not None
    missed = await one.do(called, Action.MISS)
    assert (missed.state, missed.ended_at) == (State.NO_SHOW, clock())
    clock.forward(minutes=2)
    back = await one.do(missed, Action.REQUEUE)
    assert (back.state, back.joined_at, back.rank_at) == (State.WAITING, NINE, clock())
    assert (back.ended_at, back.counter_id) == (None, None)
    served = [await one.serve(), await one.serve()]
    assert [t.id for t in served if t] == [other.id, late.id]


async def test_a_requeue_to_the_old_place_is_a_choice(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    late = await a_ticket(db, mall)
    await a_ticket(db, mall, now=clock.forward(minutes=1))
    called = await one.call()
    assert called is not None
    await one.do(called, Action.MISS)
    await one.do(called, Action.REQUEUE, place=Place.JOINED)
    again = await one.call()
    assert again is not None
    assert (again.id, again.calls) == (late.id, 2)


async def test_a_call_by_mistake_goes_back_to_where_it_stood(
    mall: Mall, db: Database, one: Desk, two: Desk, clock: TestClock
) -> None:
    first = await a_ticket(db, mall)
    await a_ticket(db, mall, now=clock.forward(minutes=1))
    called = await one.call()
    assert called is not None
    back = await one.do(called, Action.RETURN)
    assert (back.state, back.rank_at, back.called_at, back.reason) == (
        State.WAITING,
        NINE,
        None,
        None,
    )
    again = await two.call()
    assert again is not None
    assert again.id == first.id


async def test_a_recall_rings_again_and_changes_nothing_else(
    mall: Mall, db: Database, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    called = await one.call()
    assert called is not None
    clock.forward(minutes=1)
    again = await one.do(called, Action.RECALL)
    assert (again.calls, again.state, again.called_at) == (2, State.CALLED, called.called_at)


# -- refer, complete -----------------------------------------------------------------------------


async def test_a_referral_is_a_new_number_on_the_same_visit(
    mall: Mall, db: Database, one: Desk, three: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    done = await one.acted(served, Action.REFER, service=mall.service("paspor"))
    assert (done.ticket.state, done.ticket.outcome) == (State.COMPLETED, Outcome.REFERRED)
    assert done.referred is not None
    assert (done.referred.label, done.referred.visit_id) == ("P-001", served.visit_id)
    assert (done.referred.state, done.referred.channel) == (State.WAITING, "referral")
    called = await three.call()
    assert called is not None
    assert called.id == done.referred.id
    assert [e.action for e in await history(db, served)] == ["issue", "call", "start", "refer"]
    with pytest.raises(ActionNotAllowed):  # a double click refers once
        await one.acted(served, Action.REFER, service=mall.service("paspor"))


async def test_a_referral_names_its_service(mall: Mall, db: Database, one: Desk) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    with pytest.raises(Invalid) as refused:
        await one.do(served, Action.REFER)
    assert refused.value.facts["field"] == "service"
    assert await now_is(db, served) == served


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.INCOMPLETE])
async def test_the_outcome_of_a_service_is_kept(
    mall: Mall, db: Database, one: Desk, outcome: Outcome
) -> None:
    await a_ticket(db, mall)
    done = await one.do(await one.start(), Action.COMPLETE, outcome=outcome)
    assert (done.outcome, (await history(db, done))[-1].data["outcome"]) == (outcome, outcome)
