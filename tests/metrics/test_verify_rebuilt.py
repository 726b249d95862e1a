"""Whatever is stored and follows from the events is rebuilt and compared; on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from factories import NINE, TestClock, a_desk, a_mall, a_ticket
from sqlalchemy import select, update

from mpp.clock import system_clock
from mpp.counters.models import officers
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import stored_days
from mpp.metrics.rules.stored_day import Invariant
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules.life import Action, Place, Priority
from mpp.queue.rules.ticket import Ticket
from tests.metrics.planted import E, found_after, invariants, of, said, this

COLUMNS: dict[str, Any] = {
    "channel": "web",
    "target_counter_id": 7,
    "ahead_at_join": 9,
    "open_at_join": 9,
    "joined_at": NINE - timedelta(hours=1),
    "rank_at": NINE - timedelta(hours=1),
    "called_at": NINE,
    "started_at": NINE,
    "ended_at": NINE,
    "parked_until": NINE,
    "reason": "lain",
    "outcome": "incomplete",
}


@pytest.mark.parametrize("name", COLUMNS)
async def test_every_column_is_rebuilt(db: Database, served, name: str) -> None:
    mall, (_, second, _) = served
    changed = this(second).values({name: COLUMNS[name]})
    found = await found_after(db, mall, lambda tx: tx.conn.execute(changed))
    assert [detail.split()[0] for _, detail in said(found, Invariant.STATE)] == [name]


def _changed(ticket: Ticket, action: Action, **values: Any) -> Callable[[Transaction], object]:
    statement = update(ticket_events).where(*of(ticket, action)).values(values)
    return lambda tx: tx.conn.execute(statement)


@pytest.mark.parametrize(
    ("action", "values"),
    [
        (Action.CALL, {"wait_s": 1.0}),
        (Action.CALL, {"wait_s": None}),
        (Action.START, {"wait_s": 1.0}),
        (Action.CALL, {"ahead": 9}),
        (Action.CALL, {"open_counters": 9}),
        (Action.START, {"priority": "elderly"}),
        (Action.COMPLETE, {"ahead": 1}),
    ],
)
async def test_every_value_of_an_event_is_rebuilt(
    db: Database, served, action: Action, values: dict[str, Any]
) -> None:
    mall, (_, second, _) = served
    found = await found_after(db, mall, _changed(second, action, **values))
    ((subject, detail),) = said(found, Invariant.STATE)
    assert subject == "A-002"
    assert str(action) in detail
    assert next(iter(values)) in detail


@pytest.mark.parametrize("action", [Action.START, Action.COMPLETE])
async def test_another_counter_at_start_or_end_is_named(
    db: Database, served, action: Action
) -> None:
    mall, (_, second, _) = served
    other = next(each.id for each in mall.counters if each.id != second.counter_id)
    found = await found_after(db, mall, _changed(second, action, counter_id=other))
    ((_, detail),) = said(found, Invariant.STATE)
    assert detail.endswith(f"counter_id {other}, menurut riwayat {second.counter_id}")


@pytest.mark.parametrize("action", [Action.CALL, Action.START, Action.COMPLETE])
async def test_an_officer_of_another_counter_is_named(
    db: Database, clock: TestClock, action: Action
) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "2", clock)
    await a_ticket(db, mall, now=clock())
    ticket = await desk.serve()
    assert ticket is not None
    ids = dict(await db.read(_officers))
    for username, breaches in (("petugas1", 1), ("manajer", 0)):
        changed = _changed(ticket, action, officer_id=ids[username])
        found = await found_after(db, mall, changed)
        assert len(said(found, Invariant.OFFICER)) == len(found) == breaches


def _officers(tx: Transaction) -> list[tuple[str, int]]:
    rows = tx.conn.execute(select(officers.c.username, officers.c.id))
    return [(row.username, row.id) for row in rows]


async def test_a_duration_changed_in_event_and_column_is_named(db: Database) -> None:
    """The id of an event holds when it was written."""
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", system_clock)
    await a_ticket(db, mall, now=system_clock(), unrestricted=True)
    ticket = await desk.serve()
    assert ticket is not None
    assert ticket.ended_at is not None
    assert await db.read(stored_days.verify, mall.id) == []
    later = ticket.ended_at + timedelta(seconds=31)

    def longer(tx: Transaction) -> None:
        _changed(ticket, Action.COMPLETE, at=later)(tx)
        tx.conn.execute(this(ticket).values(ended_at=later))

    found = await found_after(db, mall, longer)
    ((subject, detail),) = said(found, Invariant.CLOCK)
    assert (subject, len(found)) == ("A-001", 1)
    assert detail == "langkah 4 (complete): 31 detik sesudah langkah 3, ditulis 0 detik sesudahnya"


async def test_where_a_clock_was_set_back_ids_and_moments_differ_without_breach(
    db: Database,
) -> None:
    """The mall's time was held, and it was noted: what lies between two events cannot be told then."""
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", system_clock)
    await a_ticket(db, mall, now=system_clock(), unrestricted=True)
    await desk.serve()
    await a_ticket(db, mall, now=system_clock() - timedelta(minutes=5), unrestricted=True)
    await desk.start()
    moved = update(ticket_events).where(ticket_events.c.action == "complete")

    def held(tx: Transaction) -> None:
        tx.conn.execute(moved.values(at=system_clock() + timedelta(seconds=31)))
        tx.conn.execute(
            update(tickets)
            .where(tickets.c.ended_at.is_not(None))
            .values(ended_at=system_clock() + timedelta(seconds=31))
        )

    await db.execute(held)
    found = await db.read(stored_days.verify, mall.id)
    assert said(found, Invariant.CLOCK) == []


# -- candidates ----------------------------------------------------------------------------------


def _only_the_called(facts: dict, called: int) -> None:
    facts["considered"] = [each for each in facts["considered"] if each["ticket"] == called]
    facts["rule"] = "only"


def _head(facts: dict, called: int) -> dict:
    return next(each for each in facts["considered"] if each["ticket"] == called)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (_only_the_called, "K-001 menunggu, tetapi tidak ada calon dari antreannya"),
        (
            lambda facts, called: _head(facts, called).update(label="A-009"),
            "calon A-009 tercatat dengan label A-009, menurut riwayat A-001",
        ),
        (
            lambda facts, called: _head(facts, called).update(rank_at="2026-11-23T01:00:00Z"),
            "calon A-001 tidak menunggu di tempat yang tercatat",
        ),
        (
            lambda facts, called: facts["considered"].append(
                _head(facts, called) | {"ticket": 1, "joined_at": "2026-11-23T08:00:00Z",
                                        "rank_at": "2026-11-23T08:00:00Z"}
            ),
            "calon A-001 tidak ada pada hari ini",
        ),
    ],
    ids=["cut down", "another label", "another place", "somebody made up"],
)  # fmt: skip
async def test_candidates_are_those_that_waited(
    db: Database, clock: TestClock, change: Callable[[dict, int], None], detail: str
) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    await a_ticket(db, mall, "kk", now=clock.forward(minutes=1))
    clock.forward(minutes=1)
    called = await desk.call()
    assert called is not None

    def tamper(tx: Transaction) -> None:
        where = of(called, Action.CALL)
        facts = tx.conn.execute(select(E.data).where(*where)).scalar_one()
        change(facts, called.id)
        tx.conn.execute(update(ticket_events).where(*where).values(data=facts))

    found = await found_after(db, mall, tamper)
    assert said(found, Invariant.CHOICE) == [(called.label, detail)]
    assert invariants(found) == {Invariant.CHOICE}


async def test_whoever_stood_before_the_candidate_of_a_queue_is_missed(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "2", clock)
    first = await a_ticket(db, mall, now=clock())
    second = await a_ticket(db, mall, now=clock.forward(minutes=1))
    clock.forward(minutes=1)
    assert await desk.call() is not None

    def swap(tx: Transaction) -> None:
        """The call was the second's, says the history, and nobody else waited."""
        where = of(first, Action.CALL)
        facts = tx.conn.execute(select(E.data).where(*where)).scalar_one()
        moved = {"ticket": second.id, "label": second.label, "joined_at": second.joined_at,
                 "rank_at": second.rank_at}  # fmt: skip
        facts["considered"] = [facts["considered"][0] | moved]
        tx.conn.execute(update(ticket_events).where(*where).values(ticket_id=second.id, data=facts))

    found = await found_after(db, mall, swap)
    assert ("A-002", "A-001 di depan calon A-002") in said(found, Invariant.CHOICE)


async def test_a_ticket_sent_to_the_counter_must_have_been_a_candidate(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    one, two = [await a_desk(db, mall, label, clock) for label in ("1", "2")]
    for _ in range(2):
        await a_ticket(db, mall, now=clock.forward(minutes=1), priority=Priority.ELDERLY)
    sent = await one.start()
    await one.do(sent, Action.TRANSFER, counter_id=two.counter_id, place=Place.LAST)
    clock.forward(minutes=1)
    called = await two.call()
    assert called is not None
    assert called.id == sent.id
    assert await db.read(stored_days.verify, mall.id) == []

    def cut(tx: Transaction) -> None:
        where = [*of(called, Action.CALL), E.seq == 5]
        facts = tx.conn.execute(select(E.data).where(*where)).scalar_one()
        other = next(each for each in facts["considered"] if each["ticket"] != called.id)
        facts |= {"considered": [other], "rule": "only"}
        tx.conn.execute(
            update(ticket_events).where(*where).values(ticket_id=other["ticket"], data=facts)
        )

    found = await found_after(db, mall, cut)
    expected = "A-001 dialihkan ke loket ini, tetapi bukan calon"
    assert ("A-002", expected) in said(found, Invariant.CHOICE)
