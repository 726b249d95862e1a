"""The demo's mall in the middle of a morning: made by the same commands that serve live, no chance in it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
from factories import NINE, Desk, TestClock, a_device, a_mall, a_ticket, at_counter
from litestar import Litestar

import mpp.demo
from mpp.counters.commands import people, shifts
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Counter, Mall, Service
from mpp.db.seam import Database
from mpp.passwords import hash_password
from mpp.queue.queries import counter_rows, line_rows
from mpp.queue.rules import turns
from mpp.queue.rules.life import Action, Priority
from mpp.security import Role

DEMO = Path(mpp.demo.__file__).with_name("mall.toml")
EIGHT = NINE - timedelta(hours=1)
PASSWORD = "hanya untuk uji"


@dataclass
class Hall:
    """A mall in which people wait and are served, and the keys to it."""

    db: Database
    mall: Mall
    clock: TestClock
    service: Service
    tokens: dict[Role, str] = field(default_factory=dict)
    served: int = 0

    def token(self, role: Role) -> str:
        return self.tokens[role]

    async def officer_for(self, service: Service) -> tuple[str, str, Counter]:
        """An officer's user name and password, with the counter, open, that serves this."""
        counter = self.mall.counters_for(service.id)[0]
        username = f"petugas{int(counter.label):02d}"
        return username, await self.password_of(username), counter

    async def password_of(self, username: str) -> str:
        hashed = await hash_password(PASSWORD)
        await self.db.execute(people.set_password, self.mall.id, username, hashed)
        return PASSWORD

    async def serve_all_before(self, label: str, counter: Counter) -> None:
        """Serve at the counter until the next call there is this ticket."""
        desk = Desk(self.db, self.mall, at_counter(self.mall, counter.label), self.clock)
        held = await self.db.read(counter_rows.in_hand, self.mall.id, counter.id)
        if held is not None:
            await desk.do(held, Action.COMPLETE)
            self.served += 1
        while await self._next_at(counter) != label:
            assert await desk.serve() is not None
            self.served += 1

    async def _next_at(self, counter: Counter) -> str:
        now, mall = self.clock(), self.mall
        day, limit = mall.day(now), mall.priority_in_a_row
        heads = await self.db.read(line_rows.heads, mall.id, counter.id, day, None)
        streak = await self.db.read(line_rows.priority_streak, mall.id, counter.id, day, limit)
        choice = turns.choose(heads, priority_in_a_row=streak, limit=limit, now=now)
        assert choice is not None
        return choice.head.label


async def a_living_hall(app: Litestar, clock: TestClock, minutes: int = 75) -> Hall:
    """The demo's mall after its first `minutes`: every counter open, queues at most of them."""
    db: Database = app.state.db
    mall = await a_mall(db, msgspec.convert(tomllib.loads(DEMO.read_text()), MallFile))
    app.state.malls.stale()
    first = mall.counters[0]
    hall = Hall(db, mall, clock, mall.service_by_id[next(iter(first.weights))])
    for role in (Role.KIOSK, Role.MANAGER):
        hall.tokens[role] = await a_device(db, mall, role)
    clock.now = EIGHT
    desks = [Desk(db, mall, at_counter(mall, each.label), clock) for each in mall.counters]
    for desk in desks:
        await db.execute(shifts.open_counter, mall, desk.counter_id, by=desk.by, now=EIGHT)
    await _live(hall, desks, minutes)
    return hall


async def _live(hall: Hall, desks: list[Desk], minutes: int) -> None:
    """Every minute some people come and some counters finish; each counter at a pace of its own."""
    coming = _services(hall.mall)
    kinds = cycle([Priority.REGULAR] * 9 + [Priority.ELDERLY, Priority.REGULAR, Priority.PREGNANT])
    in_hand: dict[int, Any] = {}
    for minute in range(minutes):
        now = EIGHT + timedelta(minutes=minute)
        for _ in range(3):
            await a_ticket(hall.db, hall.mall, next(coming).slug, now=now, priority=next(kinds))
        for number, desk in enumerate(desks):
            hall.clock.now = now + timedelta(seconds=number)
            if (minute + number) % (4 + number % 6) == 0:
                await _turn(hall, desk, in_hand, number + minute)
    hall.clock.now = EIGHT + timedelta(minutes=minutes)


async def _turn(hall: Hall, desk: Desk, in_hand: dict[int, Any], turn: int) -> None:
    held = in_hand.pop(desk.counter_id, None)
    if held is not None:
        await desk.do(held, Action.COMPLETE)
        hall.served += 1
    called = await desk.call()
    if called is None:
        return
    if turn % 11 == 0:
        await desk.do(called, Action.MISS)
        return
    hall.clock.forward(seconds=25)
    await desk.do(called, Action.START)
    in_hand[desk.counter_id] = called


def _services(mall: Mall) -> Iterator[Service]:
    """A third for the civil registry, the rest over everybody."""
    registry = cycle([s for s in mall.services if mall.agency_of(s).slug == "dukcapil"])
    others = cycle([s for s in mall.services if mall.agency_of(s).slug != "dukcapil"])
    while True:
        yield next(registry)
        yield next(others)
        yield next(others)
