"""Who is told how many stand before them: by the rule that calls; on both databases."""

from dataclasses import replace
from random import Random

import pytest
from factories import NINE, SMALL_MALL, Desk, TestClock, a_desk, a_mall, a_ticket, mall_file
from hypothesis import given
from hypothesis import strategies as st

from mpp.counters.commands import shifts
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.queries import lines
from mpp.queue.readers import Forecasts, desk_now, standing
from mpp.queue.rules import turns
from mpp.queue.rules.life import Action, Priority, State
from mpp.queue.rules.ticket import Ticket
from mpp.queue.rules.turns import Head
from tests.queue.test_order import any_heads, streaks


@given(any_heads, streaks, st.integers(1, 4), st.data())
def test_the_line_is_the_order_in_which_the_rule_calls(
    waiting: list[Head], streak: int, limit: int, data: st.DataObject
) -> None:
    """Lanes of several tickets, some of which came back behind everybody."""
    left = [
        each if each.is_targeted or data.draw(st.booleans()) else _back(each) for each in waiting
    ]
    left = [h if h.is_targeted else _of_service(h) for h in left]
    line = turns.line_up(left, priority_in_a_row=streak, limit=limit, now=NINE)
    assert sorted(h.ticket_id for h in line) == sorted(h.ticket_id for h in left)
    for expected in line:
        choice = turns.choose(_heads(left), priority_in_a_row=streak, limit=limit, now=NINE)
        assert choice is not None
        assert choice.head == expected
        streak = streak + 1 if expected.is_priority else 0
        left.remove(expected)


def _back(head: Head) -> Head:
    return replace(head, rank_at=head.joined_at + (NINE - head.joined_at) / 2)


def _of_service(head: Head) -> Head:
    return replace(head, service_id=head.ticket_id % 3, weight=1 + head.ticket_id % 3 * 3)


def _heads(waiting: list[Head]) -> list[Head]:
    """The first of each service and lane, and who was sent here: what `call_next` is given."""
    lanes: dict[tuple[int, bool, int], Head] = {}
    for each in sorted(waiting, key=lambda h: (h.rank_at, h.ticket_id)):
        alone = each.ticket_id if each.is_targeted else 0
        lanes.setdefault((each.service_id, each.is_priority, alone), each)
    return list(lanes.values())


async def ahead_of(db: Database, mall: Mall, ticket: Ticket, clock: TestClock) -> int:
    return await db.read(lines.people_ahead, mall, ticket, clock())


async def test_people_of_other_services_at_the_same_counter_count(
    db: Database, clock: TestClock
) -> None:
    """The phone once said "Anda berikutnya", and two others were called first."""
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    for _ in range(2):
        await a_ticket(db, mall, now=clock.forward(minutes=1))
    mine = await a_ticket(db, mall, "kk", now=clock.forward(minutes=1))
    forecasts = Forecasts()
    now = await db.read(standing, forecasts, mall, mine, clock())
    assert now.people_ahead == 2
    shown = await db.read(desk_now, forecasts, mall, mall.counter(desk.counter_id), clock())
    assert [(t.label, place.people_ahead) for t, place in shown.waiting] == [
        ("A-001", 0), ("A-002", 1), ("K-001", 2),
    ]  # fmt: skip


async def test_a_counter_whose_shift_leaves_the_service_out_does_not_count(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    two, one = await a_desk(db, mall, "2", clock), await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, "kk", now=clock())
    mine = await a_ticket(db, mall, now=clock.forward(minutes=1))
    assert await ahead_of(db, mall, mine, clock) == 0, "counter 2 calls ktp-el only"
    await db.execute(shifts.close_shift, mall, two.counter_id, by=two.by, now=clock())
    assert await ahead_of(db, mall, mine, clock) == 1
    chosen = {"by": one.by, "now": clock(), "services": ["ktp-el"]}
    await db.execute(shifts.open_counter, mall, one.counter_id, **chosen)
    assert await ahead_of(db, mall, mine, clock) == 0


WEIGHTS = SMALL_MALL.replace('{ service = "kk" }', '{ service = "kk", weight = 4 }')


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_is_told_next_is_called_next(
    db: Database, clock: TestClock, seed: int
) -> None:
    """Random hours at two counters with weights, priorities, transfers and tickets that come back."""
    chance = Random(seed)
    mall = await a_mall(db, mall_file(WEIGHTS, priority_in_a_row=2))
    desks = [await a_desk(db, mall, label, clock) for label in ("1", "2")]
    waiting: dict[int, Ticket] = {}
    told = 0
    for _ in range(40):
        clock.forward(seconds=chance.randrange(30, 300))
        if chance.random() < 0.5:
            service, priority = chance.choice(["ktp-el", "kk"]), chance.choice(list(Priority))
            taken = await a_ticket(
                db, mall, service, now=clock(), priority=priority, unrestricted=True
            )
            waiting[taken.id] = taken
            continue
        desk = chance.choice(desks)
        nexts = {t for t, each in waiting.items() if not await ahead_of(db, mall, each, clock)}
        called = await desk.call()
        if called is None:
            continue
        del waiting[called.id]
        assert called.id in nexts
        told += 1
        back = await _sent_on(desk, called, chance, desks)
        if back.state is State.WAITING:
            waiting[back.id] = back
    assert told > 8


async def _sent_on(desk: Desk, called: Ticket, chance: Random, desks: list[Desk]) -> Ticket:
    what = chance.choice(["miss", "transfer", "complete", "complete"])
    if what == "miss":
        return await desk.do(await desk.do(called, Action.MISS), Action.REQUEUE)
    started = await desk.do(called, Action.START)
    if what == "transfer":
        to = chance.choice(desks).counter_id
        return await desk.do(started, Action.TRANSFER, counter_id=to)
    return await desk.do(started, Action.COMPLETE)
