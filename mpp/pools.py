"""Work that takes long, kept apart by kind, so that one kind never waits for another.

QR codes have threads of their own: a kiosk's ticket page never waits for somebody's report. Reports are
made one at a time in a process: several at once would be no sooner done, but hold the threads and the
readers of the database that everybody needs. Both have short queues; beyond them work is refused at once.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from mpp.errors import TooManyRequests, Unavailable

P = ParamSpec("P")
R = TypeVar("R")


class Pool:
    """A few threads for one kind of work. One per process and kind."""

    def __init__(self, name: str, *, threads: int, at_most: int) -> None:
        """`at_most`: so many run or wait; one more is refused."""
        self._threads = ThreadPoolExecutor(threads, f"mpp-{name}")
        self._at_most = at_most
        self._under_way = 0

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`work(*args, **kwargs)` on one of the threads. `Unavailable` when too many wait."""
        if self._under_way >= self._at_most:
            raise Unavailable("Terlalu banyak permintaan sekaligus. Coba lagi.", retry_after_s=1)
        self._under_way += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))
        finally:
            self._under_way -= 1


class Turns:
    """Reports: one is made, the others wait. One per process."""

    def __init__(
        self, *, of_a_person: int = 2, at_most: int = 10, patience_s: float = 60.0
    ) -> None:
        """Of one person one is made and one waits; `at_most` of all people together."""
        self._of_a_person = of_a_person
        self._at_most = at_most
        self._patience_s = patience_s
        self._one = asyncio.Lock()
        self._asked: Counter[Hashable] = Counter()

    @asynccontextmanager
    async def turn(self, person: Hashable) -> AsyncIterator[None]:
        """Wait for this person's turn, and have it. `TooManyRequests` when they have asked for more than
        one is made and one waits; `Unavailable` when too many people have, or it takes too long.
        """
        if self._asked[person] >= self._of_a_person:
            raise TooManyRequests(
                "Laporan Anda yang lain masih dibuat. Tunggu sampai selesai.", retry_after_s=10
            )
        if self._asked.total() >= self._at_most:
            raise Unavailable(BUSY, retry_after_s=30)
        self._asked[person] += 1
        try:
            try:
                async with asyncio.timeout(self._patience_s):
                    await self._one.acquire()
            except TimeoutError:
                raise Unavailable(BUSY, retry_after_s=30) from None
            try:
                yield
            finally:
                self._one.release()
        finally:
            self._asked -= Counter({person: 1})


BUSY = "Banyak laporan sedang dibuat. Coba lagi sebentar."
