"""A mall's day as people live it: arrivals, officers and second thoughts, seeded, through commands."""

import contextlib
import heapq
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from factories import NINE, Desk, TestClock, a_desk, a_mall, a_ticket, issued
from sqlalchemy import Engine, event

from mpp.counters.commands import shifts
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import ActionNotAllowed, QuotaExhausted
from mpp.queue.commands import end
from mpp.queue.queries.counter_rows import missed_at, parked_at
from mpp.queue.rules.life import Action, Outcome, Place, Priority
from mpp.queue.rules.ticket import Ticket

PRIORITIES = [Priority.REGULAR] * 7 + [Priority.ELDERLY, Priority.DISABILITY, Priority.INFANT]
Delays = AsyncIterator[float]
"""Somebody's doings: after each, the seconds until the next."""


@dataclass
class BusyDay:
    """Everybody acts in the order of time, each at the moment that the clock then shows."""

    db: Database
    mall: Mall
    clock: TestClock
    rng: random.Random
    until: datetime
    tickets: list[Ticket] = field(default_factory=list)

    async def live(self, people: Sequence[Delays]) -> None:
        order = count()
        agenda = [(self.clock.now, next(order), who) for who in people]
        while agenda:
            moment, _, who = heapq.heappop(agenda)
            self.clock.now = moment
            delay = await anext(who, None)
            if delay is not None:
                heapq.heappush(agenda, (moment + timedelta(seconds=delay), next(order), who))

    async def visitors(self, every_s: float) -> Delays:
        """They come one after the other; some bring a second matter, some have no patience."""
        services = [service.slug for service in self.mall.services]
        while self.clock.now < self.until:
            yield self.rng.expovariate(1 / every_s)
            try:
                taken = await issued(
                    self.db,
                    self.mall,
                    self.rng.choice(services),
                    now=self.clock.now,
                    priority=self.rng.choice(PRIORITIES),
                    unrestricted=self.rng.random() < 0.5,
                )
            except QuotaExhausted:
                continue
            self.tickets.append(taken.ticket)
            if self.rng.random() < 0.1:
                second = await issued(
                    self.db, self.mall, "paspor", now=self.clock.now, visit=taken.visit_token
                )
                self.tickets.append(second.ticket)

    async def quitters(self) -> Delays:
        """Now and then somebody who waits, or waited, wants to cancel."""
        while self.clock.now < self.until:
            yield self.rng.uniform(120, 600)
            if self.tickets:
                ticket = self.rng.choice(self.tickets)
                with contextlib.suppress(ActionNotAllowed):
                    await self.db.execute(
                        end.cancel_by_visitor, self.mall, ticket.visit_id, now=self.clock.now
                    )

    async def officer(self, desk: Desk) -> Delays:
        """Calls, serves, and does everything else that a desk offers."""
        while self.clock.now < self.until:
            yield self.rng.uniform(5, 40)
            ticket = await self._next(desk)
            if ticket is None:
                async for delay in self._idle(desk):
                    yield delay
                continue
            yield self.rng.uniform(20, 90)
            if self.rng.random() < 0.2:
                await desk.do(ticket, Action.RECALL)
                yield self.rng.uniform(20, 60)
            fate = self.rng.random()
            if fate < 0.1:
                await desk.do(ticket, Action.MISS)
            elif fate < 0.14:
                await desk.do(ticket, Action.RETURN)
            else:
                await desk.do(ticket, Action.START)
                yield self.rng.expovariate(1 / 300)
                await self._finish(desk, ticket)

    async def _next(self, desk: Desk) -> Ticket | None:
        parked = await self.db.read(parked_at, self.mall.id, desk.counter_id)
        if parked and self.rng.random() < 0.5:
            resumed: Ticket = await desk.do(parked[0], Action.RESUME)
            return resumed
        today = self.mall.day(self.clock.now)
        missed = await self.db.read(missed_at, self.mall.id, desk.counter_id, today)
        if missed and self.rng.random() < 0.3:
            await desk.do(missed[0], Action.REQUEUE, place=self.rng.choice(list(Place)))
        called: Ticket | None = await desk.call()
        return called

    async def _idle(self, desk: Desk) -> Delays:
        if self.rng.random() < 0.2:
            args = (self.mall, desk.counter_id)
            now = self.clock.now
            await self.db.execute(
                shifts.pause_counter, *args, by=desk.by, now=now, reason="Istirahat"
            )
            yield self.rng.uniform(60, 300)
            await self.db.execute(shifts.open_counter, *args, by=desk.by, now=self.clock.now)
        yield self.rng.uniform(30, 90)

    async def _finish(self, desk: Desk, ticket: Ticket) -> None:
        fate = self.rng.random()
        service = self.rng.choice(self.mall.services)
        if fate < 0.07:
            await desk.do(ticket, Action.TRANSFER, service=service, place=Place.LAST)
        elif fate < 0.1:
            counter = self.rng.choice(self.mall.counters)
            await desk.do(ticket, Action.TRANSFER, counter_id=counter.id)
        elif fate < 0.17:
            await desk.do(ticket, Action.PARK, reason="Mengisi formulir")
        elif fate < 0.22:
            acted = await desk.acted(ticket, Action.REFER, service=service)
            assert acted.referred is not None
            self.tickets.append(acted.referred)
        else:
            outcome = Outcome.DONE if fate < 0.9 else Outcome.INCOMPLETE
            await desk.do(ticket, Action.COMPLETE, outcome=outcome)


@pytest.fixture
def a_busy_day(db: Database, clock: TestClock):
    """Live some hours of a mall; `close` expires what is left. Answers the tickets first issued."""

    async def live(
        mall: Mall, *, seed: int = 1, hours: float = 2, every_s: float = 60, close: bool = False
    ) -> list[Ticket]:
        clock.now = NINE
        day = BusyDay(db, mall, clock, random.Random(seed), NINE + timedelta(hours=hours))
        desks = [await a_desk(db, mall, counter.label, clock) for counter in mall.counters]
        await day.live([day.visitors(every_s), day.quitters(), *map(day.officer, desks)])
        if close:
            await db.execute(end.close_day, mall, mall.day(NINE), now=clock.forward(hours=10))
        return day.tickets

    return live


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL of everything that is asked meanwhile, of any database."""
    seen: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def counted():
    """`with counted() as seen:` keeps the statements that run inside."""
    return statements


@pytest.fixture
async def served(db: Database, clock: TestClock) -> tuple[Mall, list[Ticket]]:
    """Three people, served one after the other at counter 1, ten minutes apart."""
    mall: Mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    people = []
    for _ in range(3):
        await a_ticket(db, mall, now=clock())
        clock.forward(minutes=5)
        called = await desk.call()
        assert called is not None
        clock.forward(minutes=1)
        await desk.do(called, Action.START)
        clock.forward(minutes=4)
        people.append(await desk.do(called, Action.COMPLETE))
    return mall, people


@pytest.fixture
def malls_known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mall that a test has just changed is read again at the next request."""
    monkeypatch.setattr("mpp.counters.readers.FRESH_S", 0.0)
