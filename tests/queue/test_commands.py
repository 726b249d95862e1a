"""What happens to tickets, on both databases."""

import pytest
from factories import TestClock, a_desk, a_mall, a_ticket, issued

from mpp.db.seam import Database
from mpp.errors import CounterBusy, KeyReused
from mpp.queue.queries import visit_rows
from mpp.queue.rules.life import Action, Priority, State


async def test_a_ticket_is_issued_called_started_and_completed(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    ticket = await a_ticket(db, mall)
    assert (ticket.label, ticket.state) == ("A-001", State.WAITING)
    clock.forward(minutes=5)
    called = await desk.call()
    assert called is not None
    assert (called.id, called.state, called.calls) == (ticket.id, State.CALLED, 1)
    await desk.do(called, Action.START)
    done = await desk.do(called, Action.COMPLETE)
    assert done.state is State.COMPLETED
    history = await db.read(visit_rows.events_of, mall.id, ticket.id)
    assert [event.action for event in history] == ["issue", "call", "start", "complete"]
    assert history[1].wait_s == 300


async def test_the_same_key_gives_the_same_ticket(db: Database) -> None:
    mall = await a_mall(db)
    first = await issued(db, mall, key="k1")
    again = await issued(db, mall, key="k1")
    assert (again.ticket.id, again.visit_token, again.is_replay) == (
        first.ticket.id,
        first.visit_token,
        True,
    )
    with pytest.raises(KeyReused):
        await issued(db, mall, "paspor", key="k1")


async def test_a_counter_with_a_ticket_in_hand_calls_nobody_else(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall)
    await a_ticket(db, mall)
    await desk.call()
    with pytest.raises(CounterBusy):
        await desk.call()


async def test_priority_goes_first_within_its_head_start(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    elderly = await a_ticket(db, mall, now=clock.forward(minutes=10), priority=Priority.ELDERLY)
    clock.forward(minutes=1)
    called = await desk.call()
    assert called is not None
    assert called.id == elderly.id
    assert (
        called.reason == "prioritas: lansia, didahulukan dari A-001 yang masuk 10 menit lebih dulu"
    )
