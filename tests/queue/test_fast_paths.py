"""PostgreSQL's fast paths do exactly what the commands do, or leave it to them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from factories import NINE, TestClock, a_desk, a_mall, issued
from sqlalchemy import select

from mpp.db.postgres import PostgresDatabase
from mpp.db.seam import Transaction
from mpp.errors import CounterBusy, CounterNotOpen, KeyReused, QuotaExhausted
from mpp.queue.commands.fast_paths import fast_paths
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules import forecast, life
from mpp.queue.rules.forecast import Found
from mpp.queue.rules.life import Action, Priority
from tests.queue.histories import known

pytestmark = pytest.mark.postgres
UNLIKE = {"id", "visit_id", "ticket_id", "issue_key"}
"""Made anew each time, so never alike."""


@pytest.fixture
async def db(empty_postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    database = PostgresDatabase(empty_postgres_url, lambda topics: None, fast_paths(), pool=4)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
async def plain(db: PostgresDatabase) -> AsyncIterator[PostgresDatabase]:
    """The same database through the commands alone."""
    database = PostgresDatabase(db.url, lambda topics: None, pool=4)
    await database.start()
    yield database
    await database.close()


def rows(tx: Transaction, ticket_id: int) -> list[dict[str, Any]]:
    """Everything stored of a ticket, without what is made anew each time."""
    stored = [
        *tx.conn.execute(select(tickets).where(tickets.c.id == ticket_id)).mappings(),
        *tx.conn.execute(
            select(ticket_events)
            .where(ticket_events.c.ticket_id == ticket_id)
            .order_by(ticket_events.c.seq)
        ).mappings(),
    ]
    return [{k: v for k, v in row.items() if k not in UNLIKE} for row in stored]


def without_names(stored: list[dict[str, Any]], label: str) -> str:
    """The rows as text, with this ticket's own label and number neutral."""
    number = int(label.split("-")[1])
    text = repr([{k: v for k, v in row.items() if k != "number"} for row in stored])
    return text.replace(label, "LABEL").replace(f"'number': {number},", "")


@pytest.mark.parametrize("priority", [Priority.REGULAR, Priority.PREGNANT])
async def test_a_ticket_is_stored_alike_both_ways(
    db: PostgresDatabase, plain: PostgresDatabase, priority: Priority
) -> None:
    mall = await a_mall(db)
    await a_desk(db, mall, "1", TestClock())
    await a_desk(db, mall, "2", TestClock())
    fast = await issued(db, mall, priority=priority, key="a")
    slow = await issued(plain, mall, priority=priority, key="b")
    kept_fast = await db.read(rows, fast.ticket.id)
    kept_slow = await db.read(rows, slow.ticket.id)
    for row in kept_slow:  # the second of two stands behind one
        if "ahead_at_join" in row:
            row["ahead_at_join"] -= 1
        else:
            row["ahead"] -= 1
            row["data"] = {k: v for k, v in row["data"].items() if k != "visit"}
            row["data"]["forecast"]["ahead"] -= 1
    for row in kept_fast:
        if "data" in row:
            row["data"] = {k: v for k, v in row["data"].items() if k != "visit"}
    assert without_names(kept_fast, fast.ticket.label) == without_names(
        kept_slow, slow.ticket.label
    )
    assert replace(fast.ticket, id=0, visit_id=0, label="", number=0) == replace(
        slow.ticket, id=0, visit_id=0, label="", number=0, ahead_at_join=0
    )


@pytest.mark.parametrize("waiting", [0, 1, 4, 13, 16])
async def test_both_ways_tell_the_same_wait_and_keep_its_evidence(
    db: PostgresDatabase, plain: PostgresDatabase, waiting: int
) -> None:
    mall = await a_mall(db)
    await a_desk(db, mall, "1", TestClock())
    await a_desk(db, mall, "2", TestClock())
    for n in range(waiting):
        await issued(db, mall, "paspor" if n % 3 else "ktp-el")
    outlook = known(mall, "ktp-el")
    for number, database in enumerate([db, plain]):
        made = await issued(database, mall, outlook=outlook)
        ahead = 33 * (waiting - (waiting + 2) // 3) + 100 * ((waiting + 2) // 3 + number)
        found = Found(ahead, free=2, open_counters=2)
        assert made.expected == forecast.expected_wait(outlook, found)
        (_, event) = await db.read(rows, made.ticket.id)
        assert event["data"]["forecast"] == forecast.evidence(outlook, found)


async def test_a_call_is_stored_alike_both_ways(
    db: PostgresDatabase, plain: PostgresDatabase
) -> None:
    mall = await a_mall(db)
    clock = TestClock(NINE + timedelta(minutes=5))
    desk = await a_desk(db, mall, "3", clock)
    stored: list[str] = []
    for way in ("fast", "slow"):
        now = clock.forward(minutes=1)
        ticket = (await issued(db, mall, "paspor", now=now, priority=Priority.ELDERLY)).ticket
        clock.forward(minutes=5)
        if way == "fast":
            called = await desk.call()
        else:
            called = await replace(desk, db=plain).call()
        assert called is not None
        assert called.id == ticket.id
        kept = (await db.read(rows, ticket.id))[2:]  # the ticket and its issue are told above
        kept[0]["data"] = kept[0]["data"] | {"considered": len(kept[0]["data"]["considered"])}
        assert kept[0]["data"].pop("streak") == len(stored)
        assert kept[0].pop("at") == clock()
        stored.append(without_names(kept, ticket.label))
        await desk.do(called, Action.START)
        await desk.do(called, Action.COMPLETE)
    assert stored[0] == stored[1]


async def test_labels_are_alike_up_to_four_digits(db: PostgresDatabase) -> None:
    mall = await a_mall(db)
    await issued(db, mall)
    for number in (9, 99, 998, 999, 1000, 9999):

        def wind(tx: Transaction, number: int = number) -> None:
            tx.conn.exec_driver_sql(f"UPDATE number_series SET last_number = {number}")

        await db.execute(wind)
        ticket = (await issued(db, mall)).ticket
        assert ticket.label == life.label("A", number + 1)


async def test_what_is_not_plain_is_left_to_the_command(db: PostgresDatabase) -> None:
    mall = await a_mall(db)
    first = await issued(db, mall, key="k")
    again = await issued(db, mall, key="k")
    assert (again.is_replay, again.ticket.id, again.visit_token) == (
        True,
        first.ticket.id,
        first.visit_token,
    )
    with pytest.raises(KeyReused):
        await issued(db, mall, "paspor", key="k")
    for _ in range(3):
        await issued(db, mall, "kk")
    with pytest.raises(QuotaExhausted):
        await issued(db, mall, "kk")
    joined = await issued(db, mall, "paspor", visit=first.visit_token)
    assert joined.ticket.visit_id == first.ticket.visit_id


async def test_a_closed_or_busy_counter_is_refused_by_name(db: PostgresDatabase) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", TestClock())
    assert await desk.call() is None
    await issued(db, mall)
    await issued(db, mall)
    await desk.call()
    with pytest.raises(CounterBusy):
        await desk.call()
    other = replace(desk, by=replace(desk.by, counter_ids=frozenset({mall.counters[1].id})))
    with pytest.raises(CounterNotOpen):
        await other.call()


async def test_one_key_racing_itself_makes_one_ticket(db: PostgresDatabase) -> None:
    mall = await a_mall(db)
    made = await asyncio.gather(*(issued(db, mall, key="same") for _ in range(12)))
    assert len({each.ticket.id for each in made}) == 1
    assert len({each.visit_token for each in made}) == 1
    assert sum(not each.is_replay for each in made) == 1
