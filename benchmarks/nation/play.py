"""A quarter of an hour in all malls: visitors come by the clock, counters call when they are free.

An open loop: every request has a moment at which it should be sent, whatever the server does, and its
latency counts from then. Visitors come as `arrivals` says; a counter starts, completes and calls
again so long after its last answer. Nobody polls: officers call when somebody waits for them.
"""

import asyncio
import json
import secrets
import time
from collections import Counter, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.client import Talk, request, talk
from benchmarks.nation import arrivals, world
from benchmarks.nation.arrivals import Arrival, Times
from benchmarks.nation.ears import AT_ONCE, Ears
from benchmarks.nation.seen import Seen
from mpp.counters.rules.mall import Mall, Service
from mpp.security import Role

LINES = 64  # kept connections; more are opened when all are in use
IDLE_S = 4.0  # the server closes a connection after five
FILLERS = 24
SETTLE_S = 10.0


@dataclass
class Hall:
    """What the load generator knows of a mall: who waits, as it was told, and which counters are free."""

    mall: Mall
    waiting: Counter[int] = field(default_factory=Counter)
    free: set[int] = field(default_factory=set)

    def ready_for(self, service: int) -> int | None:
        """A free counter that serves this."""
        weights = ((each, self.mall.counter_by_id[each].weights) for each in self.free)
        return next((counter for counter, served in weights if service in served), None)

    def wanted_at(self, counter: int) -> bool:
        """Whether anybody waits for this counter."""
        return any(self.waiting[each] > 0 for each in self.mall.counter_by_id[counter].weights)


class Refused(Exception):
    """An answer that is not what a working server gives."""


class Play:
    """All visitors and officers."""

    def __init__(self, malls: Sequence[Mall], port: int, seed: int, pace: float = 1.0) -> None:
        self.halls = [Hall(mall) for mall in malls]
        self.seen = Seen()
        self.ears = Ears(port, self.seen)
        self.acknowledged: Counter[str] = Counter()
        self._by_slug = {hall.mall.slug: hall for hall in self.halls}
        self._mall_of = {each.id: mall for mall in malls for each in mall.counters}
        self._port = port
        self._pace = pace
        self._chance = Random(seed)
        self._times = Times(self._chance, pace)
        self._lines: deque[tuple[float, Talk]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._until = float("inf")

    # -- before ------------------------------------------------------------------------------------

    async def fill(self) -> int:
        """As in the middle of a morning: somebody at every counter, some who wait, everybody watches.

        Answers how many displays there are.
        """
        self._lines.extend([(time.perf_counter(), await talk(self._port)) for _ in range(LINES)])
        halls = iter(self.halls)
        waiting: list[Any] = []

        async def some() -> None:
            for hall in halls:
                await self._begin_serving(hall)
                waiting.extend(await self._let_wait(hall.mall))

        await asyncio.gather(*(some() for _ in range(FILLERS)))
        displays = await self.ears.hang_up_displays(hall.mall for hall in self.halls)
        for n in range(0, len(waiting), AT_ONCE):
            await asyncio.gather(
                *(self._safely(self._follow(each)) for each in waiting[n : n + AT_ONCE])
            )
        return displays

    async def _begin_serving(self, hall: Hall) -> None:
        mall = hall.mall
        for counter in mall.counters:
            service = self._chance.choice(world.services_of(mall, counter.id))
            await self._issue(mall, service, time.perf_counter())
        for counter in mall.counters:
            ticket = await self._call(hall, counter.id, time.perf_counter())
            if ticket is None:
                hall.free.add(counter.id)
            else:
                await self._act("start", counter.id, ticket, time.perf_counter())
                self._begin(self._serve(hall, counter.id, ticket))

    async def _let_wait(self, mall: Mall) -> list[Any]:
        return [
            await self._issue(
                mall, arrivals.for_any_counter(mall, self._chance), time.perf_counter()
            )
            for _ in range(arrivals.WAITING)
        ]

    # -- the quarter of an hour ----------------------------------------------------------------------

    async def run(self, seconds: float) -> None:
        """Let it go on for so long, then let what is under way come to its end."""
        malls = [hall.mall for hall in self.halls]
        began = time.perf_counter()
        self.seen.is_measuring = True
        self._begin(self._look())
        for arrival in arrivals.arrivals(malls, self._chance, pace=self._pace, seconds=seconds):
            await _till(began + arrival.at)
            self._begin(self._come(arrival, began + arrival.at))
        await _till(began + seconds)
        self._until = time.perf_counter()
        while self._under_way and time.perf_counter() < self._until + SETTLE_S:  # noqa: ASYNC110 - many ends
            await asyncio.sleep(0.01)
        self.seen.errors.update({"no answer": self._under_way} if self._under_way else {})
        await self.ears.all_heard(SETTLE_S)
        self.seen.is_measuring = False

    async def close(self) -> None:
        """Everybody goes home."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.ears.close()
        for _, line in self._lines:
            line.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._safely(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _safely(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Refused:
            pass  # counted already; nothing comes after it
        except Exception as error:  # whatever it was, the row must tell of it
            self.seen.errors[repr(error)[:120]] += 1

    async def _look(self) -> None:
        while True:
            self.seen.phones.append(self.ears.phones)
            await asyncio.sleep(1)

    async def _come(self, arrival: Arrival, wanted: float) -> None:
        hall = self._by_slug[arrival.mall.slug]
        ticket = await self._issue(
            arrival.mall, arrival.service, wanted, is_elderly=arrival.is_elderly
        )
        self._begin(self._follow(ticket))
        counter = hall.ready_for(arrival.service.id)
        if counter is not None:
            hall.free.discard(counter)
            await self._work(hall, counter, time.perf_counter())

    async def _work(self, hall: Hall, counter: int, wanted: float) -> None:
        """What an officer does from one call on, until nobody waits."""
        while time.perf_counter() < self._until:
            ticket = await self._call(hall, counter, wanted) if hall.wanted_at(counter) else None
            if ticket is None:
                hall.free.add(counter)
                return
            await self._later(self._times.walk(), "start", counter, ticket)
            self.ears.sat_down(ticket)
            await self._later(self._times.service(), "complete", counter, ticket)
            wanted = time.perf_counter() + self._times.pause()
            await _till(wanted)

    async def _serve(self, hall: Hall, counter: int, ticket: int) -> None:
        """The same for a counter that has somebody when it begins."""
        await self._later(self._times.service(), "complete", counter, ticket)
        wanted = time.perf_counter() + self._times.pause()
        await _till(wanted)
        await self._work(hall, counter, wanted)

    # -- requests ------------------------------------------------------------------------------------

    async def _issue(
        self, mall: Mall, service: Service, wanted: float, *, is_elderly: bool = False
    ) -> Any:
        arrival = {"service": service.slug, "priority": "elderly" if is_elderly else "regular"}
        message = request(
            "POST",
            f"/api/v1/malls/{mall.slug}/tickets",
            token=world.mall_token(Role.KIOSK, mall),
            body=json.dumps(arrival).encode(),
            key=secrets.token_hex(12),
        )
        ticket = await self._ask("issue", message, wanted, 201)
        self._by_slug[mall.slug].waiting[service.id] += 1
        return ticket

    async def _follow(self, ticket: Any) -> None:
        """The visitor opens the page of the visit at once."""
        await self.ears.open_phone(ticket["id"], ticket["visit_token"], time.perf_counter())

    async def _call(self, hall: Hall, counter: int, wanted: float) -> int | None:
        message = request(
            "POST",
            f"/api/v1/counters/{counter}/call-next",
            token=self._officer(counter),
        )
        ticket = await self._ask("call", message, wanted, 200, 204)
        if ticket is None:
            self.seen.nobody += self.seen.is_measuring
            return None
        mall = hall.mall
        hall.waiting[mall.service_by_slug[ticket["service"]].id] -= 1
        if self.seen.is_measuring:
            answered = time.perf_counter()
            self.ears.call(mall, counter, ticket["id"], ticket["label"], wanted, answered)
        return int(ticket["id"])

    async def _later(self, seconds: float, action: str, counter: int, ticket: int) -> None:
        wanted = time.perf_counter() + seconds
        await _till(wanted)
        if wanted > self._until:
            raise Refused  # it is over: nothing new begins
        await self._act(action, counter, ticket, wanted)

    async def _act(self, action: str, counter: int, ticket: int, wanted: float) -> None:
        token = self._officer(counter)
        message = request("POST", f"/api/v1/tickets/{ticket}/{action}", token=token)
        await self._ask(action, message, wanted, 200)

    async def _ask(self, action: str, message: bytes, wanted: float, *good: int) -> Any:
        """Send now what should have been sent at `wanted`; the answer's JSON, None when it is empty."""
        self._under_way += 1
        try:
            line = await self._line()
            self.seen.sent(wanted, time.perf_counter())
            status, body = await line.ask(message)
            self._lines.append((time.perf_counter(), line))
        finally:
            self._under_way -= 1
        self.seen.took(action, wanted, time.perf_counter())
        if status not in good:
            self.seen.errors[f"{action} {status} {body[:120]!r}"] += 1
            raise Refused
        self.acknowledged[action] += bool(body)
        return json.loads(body) if body else None

    def _officer(self, counter: int) -> str:
        """The token of a counter's device; while the halls fill, of the mall's manager: known already."""
        if self.seen.is_measuring:
            return world.counter_token(counter)
        return world.mall_token(Role.MANAGER, self._mall_of[counter])

    async def _line(self) -> Talk:
        """The connection that rested longest; a new one instead of one that the server soon closes."""
        while self._lines:
            since, line = self._lines.popleft()
            if time.perf_counter() - since < IDLE_S:
                return line
            line.close()
        return await talk(self._port)


async def _till(moment: float) -> None:
    wait = moment - time.perf_counter()
    if wait > 0:
        await asyncio.sleep(wait)
