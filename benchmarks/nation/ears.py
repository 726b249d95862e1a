"""Who watches: displays on walls and visitors' phones, and when each of them hears of a call."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeVar

from benchmarks.nation import world
from benchmarks.nation.seen import Seen
from benchmarks.screens import SHAKE_S, Screen, Screens
from mpp.counters.rules.mall import Mall

KEEP_S = 10.0  # a board may come before the answer to the call that it shows
CALLED = (
    b'"state":"called"',
    b'"state":"serving"',
)  # the second: who sits down at once is told that alone
AT_ONCE = 50
R = TypeVar("R")


class _Ear(Screen):
    """A socket that is not to be lost while it listens."""

    def __init__(self, ears: "Ears", path: str) -> None:
        super().__init__(ears.lost, path)
        self.is_leaving = False

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_leaving:
            super().connection_lost(exc)

    def close(self) -> None:
        self.is_leaving = True
        super().close()


class Board(_Ear):
    """A display: what of its calls has not come yet, and what came lately."""

    def __init__(self, ears: "Ears", path: str, seen: Seen) -> None:
        super().__init__(ears, path)
        self._seen = seen
        self._recent: deque[tuple[float, bytes]] = deque()
        self.missing: dict[bytes, tuple[float, float]] = {}

    def hear(self, now: float, frame: bytes) -> None:
        self._recent.append((now, frame))
        while self._recent[0][0] < now - KEEP_S:
            self._recent.popleft()
        for mark in [each for each in self.missing if each in frame]:
            self._seen.on_board(now, *self.missing.pop(mark))

    def expect(self, mark: bytes, wanted: float, answered: float) -> None:
        """A call that was to be sent at `wanted` must come, or has come already."""
        heard = next((at for at, frame in self._recent if at >= wanted and mark in frame), None)
        if heard is None:
            self.missing[mark] = (wanted, answered)
        else:
            self._seen.on_board(heard, wanted, answered)


class Phone(_Ear):
    """A visitor's phone, from taking the number to sitting down."""

    def __init__(self, ears: "Ears", path: str) -> None:
        super().__init__(ears, path)
        self.first: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.called: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def hear(self, now: float, frame: bytes) -> None:
        if not self.first.done():
            self.first.set_result(now)
        if not self.called.done() and any(state in frame for state in CALLED):
            self.called.set_result(now)


class Ears:
    """All sockets of all malls."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.lost = Screens()  # counts
        self._port = port
        self._seen = seen
        self._boards: dict[str, list[tuple[frozenset[int], Board]]] = {}
        self._phones: dict[int, Phone] = {}
        self._calls: dict[int, float] = {}
        self._opened: dict[int, float] = {}
        self._sat: set[int] = set()

    @property
    def phones(self) -> int:
        return len(self._phones)

    @property
    def missing(self) -> int:
        """Calls that a display or a phone has not heard of."""
        boards = sum(len(board.missing) for some in self._boards.values() for _, board in some)
        return boards + len(self._calls)

    async def hang_up_displays(self, malls: Iterable[Mall]) -> int:
        """Connect every mall's displays; answers how many."""
        wanted = []
        for mall in malls:
            here = [(shows, Board(self, path, self._seen)) for path, shows in world.boards_of(mall)]
            self._boards[mall.slug] = here
            wanted += [board for _, board in here]
        await self._connect(wanted)
        return len(wanted)

    async def _connect(self, ears: Sequence[_Ear]) -> None:
        for n in range(0, len(ears), AT_ONCE):
            some = ears[n : n + AT_ONCE]
            await asyncio.gather(*(self._open(each) for each in some))

    async def _open(self, ear: _Ear) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: ear, "127.0.0.1", self._port)
        await _within(SHAKE_S, ear.ready, "no answer to a socket's handshake")

    # -- phones ----------------------------------------------------------------------------------

    async def open_phone(self, ticket: int, token: str, wanted: float) -> None:
        """Follow a visit; counts from `wanted`, when its number was there, to the first message."""
        phone = self._phones[ticket] = Phone(self, f"/live/visits/{token}")
        await self._open(phone)
        first = await _within(SHAKE_S, phone.first, "no first message to a phone")
        self._opened[ticket] = first
        self._seen.took("phone opens", wanted, first)
        self._put_away(ticket)

    def sat_down(self, ticket: int) -> None:
        """The visitor needs the phone no more, once it is open and has rung."""
        self._sat.add(ticket)
        self._put_away(ticket)

    def _put_away(self, ticket: int) -> None:
        if ticket in self._sat and ticket in self._opened and ticket not in self._calls:
            self._sat.discard(ticket)
            del self._opened[ticket]
            self._phones.pop(ticket).close()

    # -- calls -----------------------------------------------------------------------------------

    def call(
        self, mall: Mall, counter: int, ticket: int, label: str, wanted: float, answered: float
    ) -> None:
        """A call has been answered: its displays and its visitor's phone must hear of it."""
        mark = f'"label":"{label}","counter":{counter},'.encode()
        for shows, board in self._boards[mall.slug]:
            if counter in shows:
                board.expect(mark, wanted, answered)
        phone = self._phones.get(ticket)
        if phone is not None:
            self._calls[ticket] = wanted
            phone.called.add_done_callback(lambda heard: self._rang(ticket, heard.result()))

    def _rang(self, ticket: int, heard: float) -> None:
        # Who is called while the phone is still opening hears at once when it is open.
        wanted = max(self._calls.pop(ticket), self._opened.get(ticket, heard))
        self._seen.on_phone(heard, wanted)
        self._put_away(ticket)

    async def all_heard(self, seconds: float) -> None:
        """Wait until nothing is missing, so long at most."""
        until = time.perf_counter() + seconds
        while self.missing and time.perf_counter() < until:  # noqa: ASYNC110 - many ends
            await asyncio.sleep(0.05)

    def close(self) -> None:
        for some in self._boards.values():
            for _, board in some:
                board.close()
        for phone in self._phones.values():
            phone.close()


async def _within(seconds: float, future: "asyncio.Future[R]", otherwise: str) -> R:
    try:
        return await asyncio.wait_for(future, seconds)
    except TimeoutError:
        raise TimeoutError(f"{otherwise} within {seconds:.0f} s") from None
