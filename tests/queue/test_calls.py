"""Who is called, told again from the history; on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from factories import (
    NINE,
    SMALL_MALL,
    Desk,
    TestClock,
    a_desk,
    a_mall,
    a_ticket,
    history,
    issued,
    mall_file,
)

from mpp.counters.commands import shifts
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import CounterNotOpen, Invalid
from mpp.queue.rules import turns
from mpp.queue.rules.life import Action, Priority
from mpp.queue.rules.turns import Head


def chosen_again(event: Any) -> turns.Choice | None:
    """The choice made once more from nothing but what the event kept."""
    data = event.data
    heads = [
        Head(
            ticket_id=each["ticket"],
            label=each["label"],
            service_id=each["service"],
            priority=Priority(each["priority"]),
            joined_at=datetime.fromisoformat(each["joined_at"]).astimezone(UTC),
            rank_at=datetime.fromisoformat(each["rank_at"]).astimezone(UTC),
            weight=each["weight"],
            is_targeted=each["targeted"],
        )
        for each in data["considered"]
    ]
    return turns.choose(heads, priority_in_a_row=data["streak"], limit=data["limit"], now=event.at)


async def test_the_history_explains_every_call_of_a_morning(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    every = list(Priority)
    for n in range(24):
        clock.forward(minutes=n % 4)
        await a_ticket(db, mall, now=clock(), priority=every[(n * 7) % 5])
    clock.forward(minutes=5)
    rules_used = set()
    while (called := await one.call()) is not None:
        event = (await history(db, called))[1]
        again = chosen_again(event)
        assert again is not None
        assert again.head.ticket_id == called.id
        assert (again.rule, turns.explain(again)) == (event.data["rule"], called.reason)
        rules_used.add(again.rule)
        await one.do(called, Action.START)
        clock.forward(minutes=3)
        await one.do(called, Action.COMPLETE)
    assert {"longest", "priority", "bound", "only"} <= rules_used


async def test_a_call_can_be_explained_after_the_rules_of_the_mall_have_changed(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    for _ in range(3):
        await a_ticket(db, mall, now=clock.forward(minutes=1), priority=Priority.ELDERLY)
    regular = await a_ticket(db, mall, now=clock.forward(minutes=1))
    for _ in range(2):
        await one.serve()
    called = await one.call()
    assert called is not None
    assert called.id == regular.id
    await a_mall(db, mall_file(priority_in_a_row=20))
    again = chosen_again((await history(db, called))[1])
    assert again is not None
    assert (again.head.ticket_id, again.rule) == (regular.id, "bound")


async def test_a_visitor_is_called_at_one_place_at_a_time(
    db: Database, mall: Mall, one: Desk, three: Desk, clock: TestClock
) -> None:
    """The second ticket keeps its place and is called once the first is done."""
    first = await issued(db, mall)
    theirs = await a_ticket(db, mall, "paspor", visit=first.visit_token)
    behind = await a_ticket(db, mall, "paspor", now=clock.forward(minutes=1))
    at_one = await one.call()
    assert at_one is not None
    called = await three.serve()
    assert called is not None
    assert called.id == behind.id
    assert await three.call() is None
    await one.do(at_one, Action.START)
    await one.do(at_one, Action.PARK, reason="fotokopi")
    again = await three.call()
    assert again is not None
    assert again.id == theirs.id


async def test_a_counter_calls_only_what_it_opened_for(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    await db.execute(
        shifts.open_counter, mall, one.counter_id, by=one.by, now=clock(), services=["kk"]
    )
    await a_ticket(db, mall)
    assert await one.call() is None
    card = await a_ticket(db, mall, "kk")
    called = await one.call()
    assert called is not None
    assert called.id == card.id
    for services in ([], ["paspor"]):
        with pytest.raises(Invalid):
            await db.execute(
                shifts.open_counter, mall, one.counter_id, by=one.by, now=clock(), services=services
            )


async def test_a_paused_counter_calls_nobody_until_it_goes_on(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    await db.execute(
        shifts.pause_counter, mall, one.counter_id, by=one.by, now=clock(), reason="salat"
    )
    with pytest.raises(CounterNotOpen):
        await one.call()
    await db.execute(shifts.open_counter, mall, one.counter_id, by=one.by, now=clock())
    assert await one.call() is not None


async def test_a_heavier_service_is_called_before_an_older_lighter_one(db: Database) -> None:
    text = SMALL_MALL.replace(
        'services = [{ service = "ktp-el" }, { service = "kk" }]',
        'services = [{ service = "ktp-el" }, { service = "kk", weight = 3 }]',
    )
    mall = await a_mall(db, mall_file(text))
    clock = TestClock()
    desk = await a_desk(db, mall, "1", clock)
    light = await a_ticket(db, mall)
    heavy = await a_ticket(db, mall, "kk", now=clock.forward(minutes=10))
    clock.forward(minutes=6)  # 16 minutes once, 6 minutes thrice
    called = await desk.serve()
    assert called is not None
    assert called.id == heavy.id
    assert called.reason == "layanan berbobot 3 di loket ini, menunggu 6 menit"
    await a_ticket(db, mall, "kk", now=clock())
    called = await desk.call()
    assert called is not None
    assert called.id == light.id


async def test_nobody_of_yesterday_is_called_today(db: Database, mall: Mall, one: Desk) -> None:
    await a_ticket(db, mall, now=NINE - timedelta(days=6))
    assert await one.call() is None
