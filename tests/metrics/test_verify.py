"""A history that is in order passes, and every planted fault is named; on both databases."""

from datetime import timedelta

import pytest
from factories import (
    MONDAY,
    NINE,
    SMALL_MALL,
    TestClock,
    a_desk,
    a_mall,
    a_ticket,
    mall_file,
)
from sqlalchemy import delete, select, update

from mpp.counters.commands.load import load_mall
from mpp.db.seam import Database
from mpp.metrics.queries import stored_days
from mpp.metrics.rules.stored_day import Invariant
from mpp.queue.models import number_series, ticket_events, tickets
from mpp.queue.rules.life import Action, Priority
from tests.metrics.planted import E, found_after, invariants, of, said, this

# -- in order ------------------------------------------------------------------------------------


async def test_a_busy_day_keeps_every_law(db: Database, a_busy_day) -> None:
    mall = await a_mall(db)
    assert len(await a_busy_day(mall, seed=9, hours=1.5)) > 50
    happened = await db.read(lambda tx: set(tx.conn.execute(select(E.action)).scalars()))
    assert happened == set(Action) - {Action.CLOSE_DAY}
    assert await db.read(stored_days.verify, mall.id) == []


async def test_a_closed_day_keeps_every_law(db: Database, a_busy_day) -> None:
    mall = await a_mall(db)
    await a_busy_day(mall, seed=8, hours=0.5, close=True)
    assert await db.read(stored_days.verify, mall.id) == []


async def test_what_is_in_order_stays_so_without_its_nets(db: Database, served) -> None:
    mall, _ = served
    assert await found_after(db, mall, lambda tx: None) == []


async def test_calls_made_under_another_bound_are_still_understood(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db, mall_file(priority_in_a_row=1))
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    for _ in range(3):
        await a_ticket(db, mall, now=clock.forward(minutes=1), priority=Priority.ELDERLY)
    for _ in range(4):
        clock.forward(minutes=2)
        await desk.serve()
    await db.execute(load_mall, mall_file(priority_in_a_row=3))
    assert await db.read(stored_days.verify, mall.id) == []


# -- planted -------------------------------------------------------------------------------------


async def test_a_gap_in_the_numbers_is_named(db: Database, served) -> None:
    mall, (_, second, _) = served
    changes = {"number": 7, "label": "A-007"}
    found = await found_after(db, mall, lambda tx: tx.conn.execute(this(second).values(changes)))
    assert said(found, Invariant.NUMBERING) == [
        ("A", "nomor 2, 4, 5, 6 tidak ada"),
        ("A", "nomor terakhir 7, tetapi deret nomor mencatat 3"),
    ]
    assert ("A-007", "number pada tiket 7, menurut riwayat 2") in said(found, Invariant.STATE)


async def test_a_number_given_twice_is_named(db: Database, served) -> None:
    mall, (_, _, third) = served
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(this(third).values(number=2, label="A-002"))
    )
    assert ("A", "nomor 2 ada 2 kali") in said(found, Invariant.NUMBERING)


async def test_a_series_that_says_otherwise_is_named(db: Database, served) -> None:
    mall, _ = served
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(update(number_series).values(last_number=4))
    )
    assert said(found, Invariant.NUMBERING) == [
        ("A", "nomor terakhir 3, tetapi deret nomor mencatat 4")
    ]
    assert invariants(found) == {Invariant.NUMBERING}


async def test_a_series_on_a_day_without_tickets_is_named(db: Database, served) -> None:
    mall, _ = served
    row = {"mall_id": mall.id, "prefix": "A", "day": MONDAY + timedelta(days=3), "last_number": 2}
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(number_series.insert().values(row))
    )
    assert [str(violation) for violation in found] == [
        "2026-11-26 numbering A: nomor terakhir 0, tetapi deret nomor mencatat 2"
    ]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"state": "waiting"}, "state pada tiket waiting, menurut riwayat completed"),
        ({"calls": 2}, "calls pada tiket 2, menurut riwayat 1"),
        ({"events": 9}, "events pada tiket 9, menurut riwayat 4"),
    ],
)
async def test_a_column_that_contradicts_the_events_is_named(
    db: Database, served, changes: dict[str, object], detail: str
) -> None:
    mall, (first, *_) = served
    found = await found_after(db, mall, lambda tx: tx.conn.execute(this(first).values(changes)))
    assert said(found, Invariant.STATE) == [("A-001", detail)]


async def test_a_ticket_at_another_counter_than_its_events_say_is_named(
    db: Database, served
) -> None:
    mall, (first, *_) = served
    other = mall.counters[1].id
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(this(first).values(counter_id=other))
    )
    expected = f"counter_id pada tiket {other}, menurut riwayat {first.counter_id}"
    assert said(found, Invariant.STATE) == [("A-001", expected)]


async def test_an_event_that_is_missing_is_named(db: Database, served) -> None:
    mall, (first, *_) = served
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(delete(ticket_events).where(*of(first, Action.START)))
    )
    assert said(found, Invariant.HISTORY) == [
        ("A-001", "urutan riwayat 1, 2, 4; seharusnya 1–3"),
        ("A-001", "langkah 4 (complete): tidak boleh dari keadaan called"),
    ]


async def test_a_step_to_a_wrong_state_is_named(db: Database, served) -> None:
    mall, (first, *_) = served
    wrong = update(ticket_events).where(*of(first, Action.COMPLETE)).values(state="no_show")
    found = await found_after(db, mall, lambda tx: tx.conn.execute(wrong))
    assert said(found, Invariant.HISTORY) == [
        ("A-001", "langkah 4 (complete): harus menuju completed, tercatat no_show")
    ]
    assert said(found, Invariant.STATE) == [
        ("A-001", "state pada tiket completed, menurut riwayat no_show")
    ]


async def test_a_history_that_does_not_begin_with_the_issue_is_named(db: Database, served) -> None:
    mall, (first, *_) = served
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(delete(ticket_events).where(*of(first, Action.ISSUE)))
    )
    details = [detail for _, detail in said(found, Invariant.HISTORY)]
    assert "langkah 2 (call): riwayat harus dimulai dengan pengambilan nomor" in details


async def test_time_that_goes_back_is_named(db: Database, served) -> None:
    mall, (first, *_) = served
    early = update(ticket_events).where(*of(first, Action.START)).values(at=NINE)
    found = await found_after(db, mall, lambda tx: tx.conn.execute(early))
    ((subject, detail),) = said(found, Invariant.HISTORY)
    assert subject == "A-001"
    assert detail.startswith("langkah 3 (start): waktu mundur")


async def test_a_service_that_changes_by_itself_is_named(db: Database, served) -> None:
    mall, (first, *_) = served
    other = mall.service("kk").id
    wrong = update(ticket_events).where(*of(first, Action.COMPLETE)).values(service_id=other)
    found = await found_after(db, mall, lambda tx: tx.conn.execute(wrong))
    assert said(found, Invariant.HISTORY) == [
        ("A-001", "langkah 4 (complete): layanan berganti tanpa pengalihan")
    ]


async def test_a_ticket_without_events_is_named_and_not_conserved(db: Database, served) -> None:
    mall, (first, *_) = served
    found = await found_after(
        db,
        mall,
        lambda tx: tx.conn.execute(delete(ticket_events).where(E.ticket_id == first.id)),
    )
    assert said(found, Invariant.HISTORY) == [("A-001", "tiket tanpa riwayat pada hari ini")]
    ((service, detail),) = said(found, Invariant.CONSERVATION)
    assert service == "ktp-el"
    assert detail.startswith("diambil 2 ≠ selesai 3 + batal 0")


async def test_events_without_a_ticket_are_named_and_not_conserved(db: Database, served) -> None:
    mall, (first, *_) = served
    found = await found_after(
        db, mall, lambda tx: tx.conn.execute(delete(tickets).where(tickets.c.id == first.id))
    )
    assert said(found, Invariant.HISTORY) == [
        (f"tiket {first.id}", "riwayat tanpa tiket pada hari ini")
    ]
    assert Invariant.CONSERVATION in invariants(found)
    assert Invariant.NUMBERING in invariants(found), "and its number is a gap"


# -- reach ---------------------------------------------------------------------------------------


async def test_only_the_days_asked_for_are_checked(db: Database, served) -> None:
    mall, (first, *_) = served
    await db.execute(lambda tx: tx.conn.execute(this(first).values(calls=5)).rowcount)
    for day_from, day_to, count in [
        (MONDAY, MONDAY, 1),
        (MONDAY + timedelta(days=1), None, 0),
        (None, MONDAY - timedelta(days=1), 0),
        (None, None, 1),
    ]:
        found = await db.read(stored_days.verify, mall.id, day_from=day_from, day_to=day_to)
        assert len(found) == count


async def test_another_malls_books_are_not_looked_at(db: Database, served) -> None:
    _, (first, *_) = served
    other = await a_mall(db, mall_file(SMALL_MALL, slug="mpp-lain"))
    await a_ticket(db, other)
    await db.execute(lambda tx: tx.conn.execute(this(first).values(calls=5)).rowcount)
    assert await db.read(stored_days.verify, other.id) == []
