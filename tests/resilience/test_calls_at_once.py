"""32 counters press "next" at once: everybody waiting in order is called once, and the order explained."""

import asyncio
import tomllib
from datetime import timedelta

import msgspec
from factories import (
    NINE,
    SMALL_MALL,
    Desk,
    TestClock,
    a_device,
    a_mall,
    a_ticket,
    at_counter,
    history,
)
from litestar import Litestar

from mpp.counters.commands import shifts
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, CounterBusy
from mpp.metrics.queries import stored_days
from mpp.queue.queries import counter_rows, ticket_rows, visit_rows
from mpp.queue.rules.life import Action, Priority
from mpp.security import Role
from tests.resilience.wire import Wire

COUNTERS = 32


def a_hall() -> MallFile:
    """32 counters that share services: every third all three, the others one or two of them."""
    document = tomllib.loads(SMALL_MALL)
    slugs = ["ktp-el", "kk", "paspor"]
    document["agency"][0]["service"][1].pop("daily_quota")
    document["counter"] = [
        {
            "label": str(n + 1),
            "services": [{"service": each} for each in slugs[: n % 3 + 1]],
        }
        for n in range(COUNTERS)
    ]
    document["officer"] = []
    return msgspec.convert(document, MallFile)


async def open_desks(db: Database, mall: Mall, clock: TestClock) -> list[Desk]:
    desks = [Desk(db, mall, at_counter(mall, each.label), clock) for each in mall.counters]
    for desk in desks:
        await db.execute(shifts.open_counter, mall, desk.counter_id, by=desk.by, now=clock())
    return desks


async def wait_in_line(db: Database, mall: Mall, count: int, service: str = "ktp-el") -> list[int]:
    """Ids of regular tickets, a second apart, in the order in which they are to be called."""
    made = []
    for n in range(count):
        now = NINE - timedelta(seconds=count - n)
        made.append((await a_ticket(db, mall, service, now=now, unrestricted=True)).id)
    return made


async def test_the_first_so_many_are_called_once_each(
    app: Litestar, live_db: Database, wire: Wire, clock: TestClock
) -> None:
    """Over HTTP, each counter with its own token, several rounds."""
    mall = await a_mall(live_db, a_hall())
    waiting = await wait_in_line(live_db, mall, 3 * COUNTERS + 5)
    desks = await open_desks(live_db, mall, clock)
    tokens = [
        await a_device(live_db, mall, Role.COUNTER, counter=each.label) for each in mall.counters
    ]
    app.state.malls.stale()

    def calling(desk: Desk, token: str):
        path = f"/api/v1/counters/{desk.counter_id}/call-next"
        return wire.request("POST", path, headers={"Authorization": f"Bearer {token}"})

    for round_ in range(3):
        clock.forward(minutes=1)
        answers = await asyncio.gather(
            *(wire.ask(calling(d, t)) for d, t in zip(desks, tokens, strict=True))
        )
        assert {each.status for each in answers} == {200}
        called = [each.json["id"] for each in answers]
        first = waiting[round_ * COUNTERS : (round_ + 1) * COUNTERS]
        assert sorted(called) == sorted(first)  # nobody twice, nobody skipped
        assert all(each.json["reason"] for each in answers)
        for desk, answer in zip(desks, answers, strict=True):
            ticket = await live_db.read(ticket_rows.ticket, mall.id, answer.json["id"])
            assert ticket.counter_id == desk.counter_id
            await desk.do(ticket, Action.START)
            await desk.do(ticket, Action.COMPLETE)
    last = await asyncio.gather(
        *(wire.ask(calling(d, t)) for d, t in zip(desks, tokens, strict=True))
    )
    assert sorted(each.status for each in last) == [200] * 5 + [204] * (COUNTERS - 5)
    assert await live_db.read(stored_days.verify, mall.id) == []  # recomputes every choice


async def test_a_mixed_hall_calls_nobody_twice_and_can_explain_every_call(
    live_db: Database, clock: TestClock
) -> None:
    """Three services, priorities, and every fifth is sent on to another service."""
    mall = await a_mall(live_db, a_hall())
    desks = await open_desks(live_db, mall, clock)
    priorities = list(Priority)
    for n in range(150):
        await a_ticket(
            live_db, mall, ["ktp-el", "kk", "paspor"][n % 3],
            now=NINE - timedelta(seconds=600 - 3 * n),
            priority=priorities[n % 5] if n % 4 == 0 else Priority.REGULAR,
            unrestricted=True,
        )  # fmt: skip
    called: list[int] = []

    async def finish(desk: Desk) -> None:
        while (ticket := await desk.call()) is not None:
            called.append(ticket.id)
            await desk.do(ticket, Action.START)
            await desk.do(ticket, Action.COMPLETE)

    await asyncio.gather(
        *(finish(desk) if n % 2 else once(desk, mall, called) for n, desk in enumerate(desks))
    )
    await asyncio.gather(*map(finish, desks))
    assert len(called) == len(set(called)) == 150
    assert await live_db.read(stored_days.verify, mall.id) == []


async def once(desk: Desk, mall: Mall, called: list[int]) -> None:
    """Serve five people; send every fifth number on to another service, where it is called again."""
    for _ in range(5):
        ticket = await desk.call()
        if ticket is None:
            return
        await desk.do(ticket, Action.START)
        if ticket.number % 5 == 0 and ticket.calls == 1:
            await desk.do(ticket, Action.TRANSFER, service=mall.service("ktp-el"))
        else:
            await desk.do(ticket, Action.COMPLETE)
            called.append(ticket.id)


async def test_a_double_click_is_one_call(live_db: Database, clock: TestClock) -> None:
    mall = await a_mall(live_db, a_hall())
    waiting = await wait_in_line(live_db, mall, 10)
    desk = (await open_desks(live_db, mall, clock))[0]
    answers = await asyncio.gather(*(desk.call() for _ in range(8)), return_exceptions=True)
    busy = [each for each in answers if isinstance(each, CounterBusy)]
    assert len(busy) == 7
    first = await live_db.read(counter_rows.in_hand, mall.id, desk.counter_id)
    assert first is not None
    assert first.id == waiting[0]
    assert len(await history(live_db, first)) == 2


async def test_a_visitor_with_two_numbers_is_called_to_one_counter(
    live_db: Database, clock: TestClock
) -> None:
    """Many such visitors, all counters at once, again and again."""
    mall = await a_mall(live_db, a_hall())
    desks = await open_desks(live_db, mall, clock)
    for n in range(COUNTERS):
        first = await a_ticket(live_db, mall, "ktp-el", key=f"a{n}", unrestricted=True)
        token = (await live_db.read(visit_rows.visit_tokens, mall.id, [first.visit_id]))[
            first.visit_id
        ]
        await a_ticket(live_db, mall, "paspor", key=f"b{n}", visit=token, unrestricted=True)
    called = await asyncio.gather(*(desk.call() for desk in desks))
    visits = [each.visit_id for each in called if each is not None]
    assert len(visits) == len(set(visits)) == COUNTERS
    assert await live_db.read(stored_days.verify, mall.id) == []


async def test_calls_and_cancellations_at_once_agree(live_db: Database, clock: TestClock) -> None:
    """A visitor gives up while being called: one of the two wins, and both are told the truth."""
    mall = await a_mall(live_db, a_hall())
    waiting = await wait_in_line(live_db, mall, 2 * COUNTERS)
    desks = await open_desks(live_db, mall, clock)
    leader = Desk(live_db, mall, desks[0].by, clock)

    async def give_up(ticket_id: int) -> bool:
        ticket = await live_db.read(ticket_rows.ticket, mall.id, ticket_id)
        try:
            await leader.do(ticket, Action.CANCEL)
        except Conflict:
            return False
        return True

    called, gone = await asyncio.gather(
        asyncio.gather(*(desk.call() for desk in desks)),
        asyncio.gather(*map(give_up, waiting[:COUNTERS])),
    )
    ids = [each.id for each in called if each is not None]
    left = [ticket for ticket, went in zip(waiting, gone, strict=False) if went]
    assert len(ids) == len(set(ids)) == COUNTERS
    assert not set(ids) & set(left)
    assert await live_db.read(stored_days.verify, mall.id) == []
