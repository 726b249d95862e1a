"""What hangs on the wall, on both databases."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from factories import NINE, Desk, TestClock, a_desk, a_mall, a_ticket, issued, mall_file
from sqlalchemy import event

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.display.pages.wire import BoardOut
from mpp.display.routes.boards import board
from mpp.display.rules import area_of
from mpp.errors import NotFound
from mpp.queue.readers import Forecasts
from mpp.queue.rules.life import Action, Priority


async def hung(
    db: Database, mall: Mall, zone: str | None = "a", *, clock: TestClock | None = None
) -> BoardOut:
    """The board of a zone."""
    now = clock() if clock else NINE
    return await db.read(board, Forecasts(), area_of(mall, zone), version=1, now=now)


def labels(calls: list[Any]) -> list[str]:
    return [call.label for call in calls]


async def test_the_newest_call_comes_first_with_all_that_a_visitor_needs(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    one, two = [await a_desk(db, mall, label, clock) for label in "12"]
    for _ in range(2):
        await a_ticket(db, mall)
    await one.call()
    clock.forward(seconds=40)
    await two.call()
    shown = await hung(db, mall, clock=clock)
    assert labels(shown.called) == ["A-002", "A-001"]
    assert msgspec.to_builtins(shown.called[0]) == {
        "label": "A-002",
        "counter": two.counter_id,
        "counter_label": "2",
        "agency": "dukcapil",
        "agency_name": "Dinas Kependudukan dan Pencatatan Sipil",
        "agency_short": "Dukcapil",
        "service": "ktp-el",
        "service_name": "Perekaman KTP-el",
        "state": "called",
        "calls": 1,
        "called_at": "2026-11-23T02:00:40Z",
    }


async def test_a_recall_raises_calls_and_comes_to_the_top(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    one, two = [await a_desk(db, mall, label, clock) for label in "12"]
    for _ in range(2):
        await a_ticket(db, mall)
    first = await one.call()
    clock.forward(seconds=40)
    await two.call()
    clock.forward(seconds=40)
    assert first is not None
    await one.do(first, Action.RECALL)
    top = (await hung(db, mall, clock=clock)).called[0]
    assert (top.label, top.calls, top.called_at) == ("A-001", 2, clock())


async def test_who_is_served_stays_on_the_board_and_who_has_left_becomes_a_recent_call(
    db: Database,
) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    for _ in range(4):
        await a_ticket(db, mall)
    await desk.serve()
    missed = await desk.call()
    assert missed is not None
    await desk.do(missed, Action.MISS)
    serving = await desk.call()
    assert serving is not None
    await desk.do(serving, Action.START)
    shown = await hung(db, mall)
    assert [(call.label, call.state) for call in shown.called] == [("A-003", "serving")]
    assert [(call.label, call.state) for call in shown.recent] == [
        ("A-002", "no_show"),
        ("A-001", "completed"),
    ]
    assert shown.recent[0].counter_label == "1"


async def test_who_waits_again_is_no_recent_call(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall)
    missed = await desk.call()
    assert missed is not None
    await desk.do(missed, Action.MISS)
    await desk.do(missed, Action.REQUEUE)
    shown = await hung(db, mall)
    assert (shown.called, shown.recent) == ([], [])
    await desk.serve()
    assert labels((await hung(db, mall)).recent) == ["A-001"]  # once, though it left twice


async def test_a_zone_shows_its_own_counters_and_what_they_serve(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    here, there = [await a_desk(db, mall, label, clock) for label in "13"]
    for service in ("ktp-el", "paspor", "paspor"):
        await a_ticket(db, mall, service)
    await here.call()
    await there.serve()
    await there.call()
    a, b, everywhere = [await hung(db, mall, zone) for zone in ("a", "b", None)]
    assert (labels(a.called), labels(a.recent)) == (["A-001"], [])
    assert (labels(b.called), labels(b.recent)) == (["P-002"], ["P-001"])
    assert sorted(labels(everywhere.called)) == ["A-001", "P-002"]
    assert [line.service for line in a.waiting] == ["ktp-el", "kk"]
    assert [line.service for line in b.waiting] == ["paspor"]
    assert [line.service for line in everywhere.waiting] == ["ktp-el", "kk", "paspor"]
    assert (a.zone, a.zone_name, everywhere.zone) == ("a", "Zona A", None)


def test_a_zone_that_the_mall_does_not_have_is_named(mall: Mall) -> None:
    with pytest.raises(NotFound) as refused:
        area_of(mall, "z")
    assert refused.value.facts["field"] == "zone"


async def test_next_up_are_the_first_three_of_each_service_as_they_will_be_called(
    db: Database,
) -> None:
    mall = await a_mall(db)
    for minute in range(4):
        await a_ticket(db, mall, now=NINE + timedelta(minutes=minute))
    early = NINE + timedelta(minutes=4)
    await a_ticket(db, mall, now=early, priority=Priority.ELDERLY)
    await a_ticket(db, mall, "kk", now=early)
    shown = await hung(db, mall)
    assert [(line.service, line.labels) for line in shown.next] == [
        ("ktp-el", ["A-005", "A-001", "A-002"]),
        ("kk", ["K-001"]),
    ]
    assert [(line.service, line.count) for line in shown.waiting] == [("ktp-el", 5), ("kk", 1)]


async def test_the_wait_is_told_where_somebody_waits_and_the_evidence_suffices(
    db: Database,
) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    for _ in range(25):
        await a_ticket(db, mall, now=clock())  # one stands ahead of each
        clock.forward(minutes=2)
        await desk.serve()
    clock.forward(minutes=2)
    await desk.serve()
    idle = await hung(db, mall, clock=clock)
    assert [line.expected_wait for line in idle.waiting] == [None, None]
    await a_ticket(db, mall, now=clock())
    busy = await hung(db, mall, clock=clock)
    assert msgspec.to_builtins(busy.waiting[0]) == {
        "service": "ktp-el",
        "count": 1,
        "expected_wait": {"low_s": 240, "mid_s": 240, "high_s": 240},
    }


async def test_yesterday_does_not_hang_there_today(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    for _ in range(3):
        await a_ticket(db, mall)
    await desk.serve()
    await desk.call()
    clock.forward(days=1)
    shown = await hung(db, mall, clock=clock)
    assert (shown.day, shown.called, shown.recent, shown.next) == ("2026-11-24", [], [], [])


async def test_nothing_personal_hangs_on_the_wall(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    taken = [
        await issued(db, mall, priority=Priority.PREGNANT, key=f"canary-{n}") for n in range(3)
    ]
    await desk.serve()
    await desk.call()
    text = msgspec.json.encode(await hung(db, mall)).decode()
    secrets = [each.visit_token for each in taken] + ["canary", "pregnant", "hamil", "device"]
    assert [secret for secret in secrets if secret in text] == []
    assert [str(each.ticket.visit_id) in text for each in taken] == [False] * 3


@pytest.mark.parametrize("tickets", [1, 30])
async def test_a_board_costs_the_same_statements_however_many_tickets_there_are(
    db: Database, tickets: int
) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    for _ in range(3 * tickets):
        await a_ticket(db, mall)
    for _ in range(tickets):
        await desk.serve()
    await desk.call()
    forecasts = Forecasts()

    def twice(tx: Transaction) -> tuple[int, int]:
        area = area_of(mall, None)
        counts = []
        for _ in range(2):
            with statements(tx) as seen:
                board(tx, forecasts, area, version=1, now=clock())
            counts.append(len(seen))
        return counts[0], counts[1]

    # calls, departures, lines, who waits, counters at work; at first recent waits and open counters too
    assert await db.read(twice) == (7, 5)


@contextmanager
def statements(tx: Transaction) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    seen: list[str] = []
    if tx.raw is not None:
        tx.raw.set_trace_callback(seen.append)
        yield seen
        tx.raw.set_trace_callback(None)
        return

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(tx.conn, "before_cursor_execute", note)
    yield seen
    event.remove(tx.conn, "before_cursor_execute", note)


async def test_a_service_that_was_retired_while_it_is_served_stays_on_the_board(
    db: Database,
) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, "kk")
    await desk.call()
    changed = mall_file()
    changed.agency[0].service.pop()
    changed.counter[0].services.pop()
    mall = await a_mall(db, changed)
    call = (await hung(db, mall)).called[0]
    assert (call.label, call.counter_label, call.service) == ("K-001", "1", "")


async def test_the_board_is_written_as_the_contract_says(db: Database) -> None:
    mall = await a_mall(db)
    shown = json.loads(msgspec.json.encode(await hung(db, mall)))
    assert shown.keys() >= {"type", "version", "at", "zone", "called", "waiting", "notice"}
    assert (shown["type"], shown["at"], shown["zone"]) == ("board", "2026-11-23T02:00:00Z", "a")
    assert (shown["notice"], shown["notice_en"]) == ("Selamat datang", "Welcome")


@pytest.fixture
async def mall(db: Database) -> Mall:
    made: Mall = await a_mall(db)
    return made


async def test_a_desk_that_transfers_takes_its_call_off_the_board(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    desk: Desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall)
    ticket = await desk.call()
    assert ticket is not None
    started = await desk.do(ticket, Action.START)
    await desk.do(started, Action.TRANSFER, service=mall.service("kk"))
    shown = await hung(db, mall)
    assert (shown.called, shown.recent) == ([], [])
    assert [(line.service, line.labels) for line in shown.next] == [("kk", ["A-001"])]
