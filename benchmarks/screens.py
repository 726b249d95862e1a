"""Many websockets in one process, each as cheap as can be: they note when a message came."""

import asyncio
import os
import time
from base64 import b64encode
from typing import cast

SHAKE_S = 20.0
QUIET_S = 0.03
PING, PONG = 0x89, 0x8A
NO_MASK = b"\x00" * 4  # a client has to mask; masked with zeros the bytes stay as they are


class Screen(asyncio.Protocol):
    """One connection. Reads whole text messages; what it hears stays until it is forgotten."""

    def __init__(self, hall: "Screens", path: str) -> None:
        self._hall = hall
        self._path = path
        self._buffer = b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard: list[tuple[float, bytes]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._hall.lost += 1
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("refused"))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._buffer = data = self._buffer + data if self._buffer else data
        if not self.ready.done():
            end = data.find(b"\r\n\r\n")
            if end < 0:
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.ready.set_exception(ConnectionError(data[:200].decode("latin-1")))
                return
            self.ready.set_result(None)
            self._buffer = data = data[end + 4 :]
        while (stop := frame_end(data)) is not None:
            self._take(data[:stop], now)
            self._buffer = data = data[stop:]

    def _take(self, frame: bytes, now: float) -> None:
        if frame[0] == PING:
            self._transport.write(bytes((PONG, 0x80 | len(frame) - 2)) + NO_MASK + frame[2:])
        else:
            self.hear(now, frame)

    def hear(self, now: float, frame: bytes) -> None:
        """A message has come."""
        self.heard.append((now, frame))
        self._hall.one_more()

    def say(self, text: bytes) -> None:
        """Send a text message of less than 64 KiB."""
        head = bytes((0x81, 0x80 | 126)) + len(text).to_bytes(2, "big")
        self._transport.write(head + NO_MASK + text)

    def close(self) -> None:
        self._transport.close()


def frame_end(data: bytes) -> int | None:
    """Where the first frame ends, None while it is not whole. Servers do not mask."""
    if len(data) < 2:
        return None
    size, head = data[1] & 0x7F, 2
    if size >= 126:
        head = 4 if size == 126 else 10
        size = int.from_bytes(data[2:head], "big")
    return head + size if len(data) >= head + size else None


class Screens:
    """All connections to one server."""

    def __init__(self) -> None:
        self.all: list[Screen] = []
        self.lost = 0
        self._awaited = 0
        self._count = 0
        self._enough = asyncio.Event()

    async def connect(self, port: int, path: str, count: int) -> None:
        """Open so many, fifty at a time."""
        loop = asyncio.get_running_loop()
        while len(self.all) < count:
            some = [
                (await loop.create_connection(lambda: Screen(self, path), "127.0.0.1", port))[1]
                for _ in range(min(50, count - len(self.all)))
            ]
            async with asyncio.timeout(SHAKE_S):
                await asyncio.gather(*(each.ready for each in some))
            self.all += some

    async def quiet(self) -> None:
        """Wait until nothing comes any more, and forget what came."""
        before = None
        while before != self._count:
            before = self._count
            await asyncio.sleep(QUIET_S)
        for each in self.all:
            each.heard.clear()

    def one_more(self) -> None:
        self._count += 1
        self._awaited -= 1
        if self._awaited == 0:
            self._enough.set()

    async def times(self, containing: bytes, seconds: float = 10.0) -> list[float]:
        """When each heard the first message with these bytes; waits until all have."""
        async with asyncio.timeout(seconds):
            while True:
                found = [
                    next((at for at, frame in each.heard if containing in frame), None)
                    for each in self.all
                ]
                missing = found.count(None)
                if self.lost:
                    raise ConnectionError(f"{self.lost} screens were dropped")
                if not missing:
                    return [at for at in found if at is not None]
                self._awaited = missing
                self._enough.clear()
                await self._enough.wait()

    def close(self) -> None:
        for each in self.all:
            each.close()
