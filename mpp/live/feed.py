"""A feed: one snapshot per change, encoded once, the same bytes to every socket that shows it.

Nobody waits for a slow screen: a socket that does not take a message at once is left to finish on
its own and is dropped after 100 ms; it comes back by itself. Every message is a whole state, so a
dropped one heals with the next, and one is sent at least every `HEARTBEAT` seconds, freshly read, so
that a screen which hears nothing knows that it is cut off.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from typing import Any, Protocol

import msgspec
import structlog
from litestar.types import WebSocketSendEvent

from mpp.live.hub import Hub

log = structlog.get_logger()

HEARTBEAT = 4.0
PATIENCE = 0.1
RETRY = 1.0
AT_ONCE = 4  # snapshots that a process reads at a time: requests shall find a connection free
GATHER = 0.01  # s between two snapshots of a feed at least: bursts share one

Snapshot = Callable[[int], Awaitable[Any]]
"""Given the version to state, reads and answers a msgspec Struct."""

_encoder = msgspec.json.Encoder()


class Socket(Protocol):
    """What a feed needs of a websocket: to send an ASGI event, the very same object to every socket."""

    @property
    def send(self) -> Callable[[Any], Any]: ...


class Screen:
    """One socket in a feed."""

    __slots__ = ("dropped", "late", "newest", "socket")

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.dropped = asyncio.Event()
        self.late: asyncio.Task[None] | None = None
        self.newest: WebSocketSendEvent | None = None

    def send(self, message: WebSocketSendEvent) -> None:
        """Hand the message over without waiting; what cannot be taken at once gets `PATIENCE`."""
        if self.dropped.is_set():
            return
        if self.late is not None:
            self.newest = message  # still choking on an older one: it gets this next, or is dropped
            return
        sending: Coroutine[Any, Any, None] = self.socket.send(message)
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except Exception:
            self.dropped.set()
            return
        self.late = asyncio.get_running_loop().create_task(self._finish(_Rest(sending, waits_for)))

    async def _finish(self, rest: "_Rest") -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await rest
        except Exception:  # too slow, or gone: either way this screen must come back by itself
            self.dropped.set()
        finally:
            self.late = None
        newest, self.newest = self.newest, None
        if newest is not None:
            self.send(newest)


class _Rest:
    """A coroutine that has been started and waits for something, made awaitable again."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, None, None]:
        waits_for = self._waits_for
        while True:
            try:
                yield waits_for
            except BaseException as error:
                try:
                    waits_for = self._coroutine.throw(error)
                except StopIteration:
                    return
                continue
            try:
                waits_for = self._coroutine.send(None)
            except StopIteration:
                return


class Feed:
    """The sockets that show the same thing, and the task that keeps them up to date."""

    def __init__(
        self,
        hub: Hub,
        topics: Iterable[str],
        snapshot: Snapshot,
        turns: asyncio.Semaphore | None = None,
    ) -> None:
        """`turns`: shared by the feeds that must not all read at once."""
        self._hub = hub
        self._turns = turns or asyncio.Semaphore()
        self._topics = tuple(topics)
        self._snapshot = snapshot
        self._last: WebSocketSendEvent | None = None
        self.screens: set[Screen] = set()
        self.snapshots = 0
        self.task: asyncio.Task[None] | None = None

    def join(self, screen: Screen) -> None:
        self.screens.add(screen)
        if self.task is None or self.task.done():
            self._last = None
            self.task = asyncio.get_running_loop().create_task(self._run())
        elif self._last is not None:
            screen.send(self._last)

    def leave(self, screen: Screen) -> None:
        self.screens.discard(screen)
        if screen.late is not None:
            screen.late.cancel()
        if not self.screens and self.task is not None:
            self.task.cancel()
            self.task = None

    async def _run(self) -> None:
        with self._hub.listening(self._topics) as wakeup:
            while self.screens:
                async with self._turns:
                    wakeup.clear()  # what changed while it waited for its turn is read now
                    pause = HEARTBEAT if await self._refresh() else RETRY
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await asyncio.sleep(GATHER)
                        await wakeup.wait()

    async def _refresh(self) -> bool:
        version = self._hub.version(*self._topics)  # before reading: the state is at least this new
        try:
            state = await self._snapshot(version)
        except Exception:
            # The database may be away. Say nothing rather than something untrue; screens notice.
            log.exception("snapshot failed", topics=self._topics[:3])
            return False
        self.snapshots += 1
        text = _encoder.encode(state).decode()
        self._last = {"type": "websocket.send", "text": text, "bytes": None}
        for screen in tuple(self.screens):
            screen.send(self._last)
        return True


class Feeds:
    """All feeds of a process, by name."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._feeds: dict[str, Feed] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def show(
        self,
        socket: Socket,
        receive: Callable[[], Awaitable[Any]],
        name: str,
        topics: Iterable[str],
        snapshot: Snapshot,
        ended: Coroutine[Any, Any, None] | None = None,
    ) -> None:
        """Show feed `name` on an accepted socket until it leaves, is dropped, or `ended` comes to its end.

        `receive` waits for the next message of the client and raises when it is gone; what a
        client says is ignored. `topics` and `snapshot` count for the first socket of the feed.
        `ended` waits for the end of the session; left out for what everybody may see.
        """
        feed = self._feeds.get(name)
        if feed is None:
            feed = self._feeds[name] = Feed(self.hub, topics, snapshot, self._turns)
        screen = Screen(socket)
        feed.join(screen)
        ends: list[Coroutine[Any, Any, Any]] = [_until_gone(receive), screen.dropped.wait()]
        if ended is not None:
            ends.append(ended)
        tasks = [asyncio.create_task(each) for each in ends]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            feed.leave(screen)
            if not feed.screens and self._feeds.get(name) is feed:
                del self._feeds[name]

    @property
    def screens(self) -> int:
        """Open sockets over all feeds."""
        return sum(len(feed.screens) for feed in self._feeds.values())

    def feed(self, name: str) -> Feed | None:
        return self._feeds.get(name)


async def _until_gone(receive: Callable[[], Awaitable[Any]]) -> None:
    with contextlib.suppress(Exception):
        while True:
            await receive()
