"""Visitors, officers and screens of all malls, through one address, whatever happens behind it."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import websockets

from benchmarks.nation import world
from mpp.counters.rules.mall import Mall
from mpp.security import Role

VISITORS, OFFICERS, SCREENS = 24, 12, 60
ENDED = (httpx.HTTPError, OSError)
AGAIN = {502, 503, 504}
"""Answers of a server, or of the balancer, that is away: whoever has one asks again with the same key."""


@dataclass
class Seen:
    """What the visitors, officers and screens were told."""

    numbers: dict[tuple[str, int], str] = field(default_factory=dict)
    """(mall, ticket) → its number, for every one that was acknowledged."""
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    """Answers that did not come."""
    silences: list[float] = field(default_factory=list)
    """The longest of each screen, in seconds."""


class Crowd:
    """Everybody, all through one address."""

    def __init__(self, malls: list[Mall], port: int) -> None:
        self.seen = Seen()
        self._malls = malls
        self._base = f"127.0.0.1:{port}"
        self._chance = random.Random(1)
        self._over = asyncio.Event()

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """They come and go until the block ends; whoever waits for an answer still gets it."""
        limits = httpx.Limits(max_connections=200)
        base = f"http://{self._base}"
        async with httpx.AsyncClient(base_url=base, timeout=20, limits=limits) as http:
            tasks = [
                *(asyncio.create_task(self._visit(http)) for _ in range(VISITORS)),
                *(asyncio.create_task(self._serve(http)) for _ in range(OFFICERS)),
                *(asyncio.create_task(self._watch()) for _ in range(SCREENS)),
            ]
            yield
            self._over.set()
            await asyncio.gather(*tasks)

    async def _ask(
        self, http: httpx.AsyncClient, path: str, token: str, **more: object
    ) -> httpx.Response | None:
        """None when the answer was lost, as when a process is killed in the middle of it."""
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}  # type: ignore[dict-item]
        try:
            answer = await http.post(f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type]
        except ENDED:
            self.seen.lost += 1
            return None
        self.seen.statuses[answer.status_code] += 1
        return answer

    async def _visit(self, http: httpx.AsyncClient) -> None:
        """Take a number, with the same key until it is acknowledged; then the next visitor."""
        while not self._over.is_set():
            mall = self._chance.choice(self._malls)
            service = self._chance.choice(mall.services)
            key = self._chance.randbytes(8).hex()
            answer = None
            while answer is None or answer.status_code in AGAIN:
                answer = await self._ask(
                    http,
                    f"/malls/{mall.slug}/tickets",
                    world.mall_token(Role.KIOSK, mall),
                    json={"service": service.slug},
                    headers={"Idempotency-Key": key},
                )
                await asyncio.sleep(0.05)
            if answer.status_code == 201:
                self.seen.numbers[mall.slug, answer.json()["id"]] = answer.json()["label"]

    async def _serve(self, http: httpx.AsyncClient) -> None:
        while not self._over.is_set():
            counter = self._chance.choice(self._chance.choice(self._malls).counters)
            token = world.counter_token(counter.id)
            answer = await self._ask(http, f"/counters/{counter.id}/call-next", token)
            if answer is not None and answer.status_code == 200:
                ticket = answer.json()["id"]
                await self._ask(http, f"/tickets/{ticket}/start", token)
                await self._ask(http, f"/tickets/{ticket}/complete", token)
            await asyncio.sleep(0.02)

    async def _watch(self) -> None:
        """A display as a browser keeps it: it connects again whenever it has lost the server."""
        mall = self._chance.choice(self._malls)
        heard, longest = time.monotonic(), 0.0
        while not self._over.is_set():
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                address = f"ws://{self._base}/live/malls/{mall.slug}/board"
                async with websockets.connect(address, open_timeout=3) as screen:
                    while not self._over.is_set():
                        await asyncio.wait_for(screen.recv(), 8)
                        longest = max(longest, time.monotonic() - heard)
                        heard = time.monotonic()
            await asyncio.sleep(0.3)
        self.seen.silences.append(max(longest, time.monotonic() - heard))
