"""Reading goes by index, in few statements, and costs a day what a day holds."""

from datetime import timedelta

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_mall, a_ticket, mall_file
from sqlalchemy import text

from mpp.dashboard.readers.live import overview
from mpp.db.schema import to_microseconds
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import event_rows, stored_days
from mpp.metrics.readers.reports import summed
from mpp.metrics.readers.today import Days
from mpp.metrics.rules import spans
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import Event, Kind
from mpp.queue.rules.life import Action, State


async def test_events_are_read_as_they_were_written(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    ticket = await a_ticket(db, mall, now=NINE)
    clock.forward(minutes=5, microseconds=1)
    await desk.call()
    issue, call = sorted(
        await db.read(event_rows.events, mall.id, MONDAY, MONDAY), key=lambda event: event.seq
    )
    service, at = mall.service("ktp-el").id, to_microseconds(NINE)
    assert issue == Event(
        ticket.id, 1, at, "issue", "waiting", service, None, None, "A-001", channel="kiosk"
    )
    assert call == Event(
        ticket.id, 2, at + 300_000_001, "call", "called", service, desk.counter_id, None
    )


async def test_other_days_and_other_malls_are_left_alone(db: Database) -> None:
    mall = await a_mall(db)
    other = await a_mall(db, mall_file(slug="mpp-lain"))
    tuesday = NINE + timedelta(days=1)
    for each, now in [(mall, NINE), (mall, tuesday), (other, NINE)]:
        await a_ticket(db, each, now=now)
    found = await db.read(event_rows.events, mall.id, MONDAY, MONDAY)
    assert len(found) == 1
    both = await db.read(event_rows.events, mall.id, MONDAY, MONDAY + timedelta(days=1))
    assert len(both) == 2


async def test_a_day_is_read_by_its_index(db: Database) -> None:
    mall = await a_mall(db)

    def plan(tx: Transaction) -> str:
        if tx.is_postgres:
            tx.conn.execute(text("SET LOCAL enable_seqscan = off"))  # tiny tables are scanned
        explain = "EXPLAIN " if tx.is_postgres else "EXPLAIN QUERY PLAN "
        asked = (
            "SELECT seq FROM ticket_events "
            f"WHERE mall_id = {mall.id} AND day BETWEEN '2026-11-23' AND '2026-11-23'"
        )
        return "\n".join(str(row) for row in tx.conn.execute(text(explain + asked)))

    assert "ix_ticket_events_mall_id_day" in await db.read(plan)


async def test_reports_ask_as_much_for_many_tickets_as_for_one(
    db: Database, counted, a_busy_day
) -> None:
    mall = await a_mall(db)
    asked = []
    for hours in (0.05, 0.5):
        await a_busy_day(mall, hours=hours)
        with counted() as seen:
            await summed(db, mall, Period(MONDAY, MONDAY), By.SERVICE, By.HOUR)
        with counted() as live:
            await overview(db, Days(), mall, now=NINE)
        with counted() as checked:
            await db.read(stored_days.verify, mall.id)
        asked.append((len(seen), len(live), len(checked)))
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 20


async def test_a_report_counts_every_day_of_its_period(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    for day in range(3):
        clock.now = NINE + timedelta(days=day)
        await a_ticket(db, mall, now=clock(), unrestricted=True)
    period = Period(MONDAY, MONDAY + timedelta(days=2))
    known, tables = await summed(db, mall, period, By.SERVICE)
    assert tables[By.SERVICE].total.issued == 3
    assert known.services[mall.service("ktp-el").id].key == "ktp-el"


# -- only what is new ----------------------------------------------------------------------------


async def test_what_is_new_is_added_to_what_is_known(db: Database, clock: TestClock) -> None:
    mall, days = await a_mall(db), Days()
    desk = await a_desk(db, mall, "1", clock)
    first = await a_ticket(db, mall, now=clock())
    assert len(await db.read(days.ticket_histories, mall.id, MONDAY)) == 1
    second = await a_ticket(db, mall, now=clock.forward(minutes=1))
    clock.forward(minutes=3)
    await desk.call()
    told = await db.read(days.ticket_histories, mall.id, MONDAY)
    assert {history.ticket_id: history.state for history in told} == {
        first.id: State.CALLED,
        second.id: State.WAITING,
    }
    fresh = spans.ticket_histories(await db.read(event_rows.events, mall.id, MONDAY, MONDAY))
    assert sorted(told, key=_ticket) == sorted(fresh, key=_ticket)


@pytest.mark.parametrize("seed", [1, 2])
async def test_known_stories_are_those_read_afresh(db: Database, a_busy_day, seed: int) -> None:
    mall, days = await a_mall(db), Days()
    for part in range(3):
        await a_busy_day(mall, seed=seed * 10 + part, hours=0.15)
        told = await db.read(days.ticket_histories, mall.id, MONDAY)
        fresh = spans.ticket_histories(await db.read(event_rows.events, mall.id, MONDAY, MONDAY))
        assert sorted(told, key=_ticket) == sorted(fresh, key=_ticket)


async def test_a_known_day_is_not_read_again(db: Database, clock: TestClock, counted) -> None:
    mall, days = await a_mall(db), Days()
    await a_ticket(db, mall, now=clock())
    await db.read(days.ticket_histories, mall.id, MONDAY)
    with counted() as seen:
        await db.read(days.ticket_histories, mall.id, MONDAY)
    (statement,) = [each for each in seen if "ticket_events" in each]
    assert "ticket_events.id >" in statement


async def test_an_overlooked_event_makes_the_day_be_read_again(
    db: Database, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, days = await a_mall(db), Days()
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    await db.read(days.ticket_histories, mall.id, MONDAY)
    called = await desk.call()
    assert called is not None
    monkeypatch.setattr(event_rows, "_OVERLAP", 0)  # a commit later than every overlap
    days._known[mall.id].newest = await db.read(event_rows.highest_event, mall.id)  # noqa: SLF001
    await desk.do(called, Action.START)
    (history,) = await db.read(days.ticket_histories, mall.id, MONDAY)
    assert [span.kind for span in history.spans] == [Kind.WAITING, Kind.RESPONSE]


async def test_a_day_is_read_from_the_beginning_now_and_then(
    db: Database, clock: TestClock, counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, days = await a_mall(db), Days()
    await a_ticket(db, mall, now=clock())
    await db.read(days.ticket_histories, mall.id, MONDAY)
    monkeypatch.setattr("mpp.metrics.readers.today.WHOLE_S", 0.0)
    with counted() as seen:
        await db.read(days.ticket_histories, mall.id, MONDAY)
    assert any("BETWEEN" in each for each in seen)


async def test_a_new_day_begins_empty(db: Database, clock: TestClock) -> None:
    mall, days = await a_mall(db), Days()
    await a_ticket(db, mall, now=clock())
    assert await db.read(days.ticket_histories, mall.id, MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    assert await db.read(days.ticket_histories, mall.id, tuesday) == []
    await a_ticket(db, mall, now=NINE + timedelta(days=1))
    assert len(await db.read(days.ticket_histories, mall.id, tuesday)) == 1


def _ticket(history: spans.TicketHistory) -> int:
    return history.ticket_id
