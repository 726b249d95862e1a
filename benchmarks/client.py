"""A load generator that costs little itself: raw HTTP/1.1 on kept connections.

It shares two cores with what it measures, and a full HTTP client would spend more time on a request than the
server. Each connection sends a request, waits for the whole answer, notes how long that took and
sends the next (a closed loop: so many callers, each with one request under way).
"""

import asyncio
import gc
import math
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

Requests = Iterator[bytes]
"""Whole requests, head and body, ready to send; the connection stops when there are no more."""


@dataclass
class Load:
    """What came of a stretch of load. Latencies in seconds."""

    until: float = math.inf
    began: float = 0.0
    ended: float = 0.0
    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    statuses: Counter[int] = field(default_factory=Counter)
    last_body: bytes = b""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / (self.ended - self.began)

    def must_be(self, *statuses: int) -> None:
        """Raise unless every answer had one of these statuses."""
        if set(self.statuses) - set(statuses) or not self.latencies:
            raise RuntimeError(f"answers {dict(self.statuses)}, last: {self.last_body[:500]!r}")


class Connection(asyncio.Protocol):
    """One caller."""

    def __init__(self, requests: Requests, load: Load) -> None:
        self._requests = requests
        self._load = load
        self._buffer = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self) -> None:
        """The next request, unless time is up."""
        self._sent_at = time.perf_counter()
        request = next(self._requests, None) if self._sent_at < self._load.until else None
        if request is None:
            self._finish()
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer = data = self._buffer + data if self._buffer else data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return
        length_at = data.find(b"content-length: ", 0, end)
        body_at = end + 4
        stop = body_at + (
            int(data[length_at + 16 : data.find(b"\r", length_at)]) if length_at > 0 else 0
        )
        if len(data) < stop:
            return
        load = self._load
        load.ended = time.perf_counter()
        load.latencies.append(load.ended - self._sent_at)
        load.statuses[int(data[9:12])] += 1
        load.last_body = data[body_at:stop]
        self._buffer = b""
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
        self._transport.close()


async def drive(port: int, callers: Sequence[Requests], seconds: float = math.inf) -> Load:
    """Let the callers run against 127.0.0.1:`port` for `seconds`, or until they have no more to send."""
    loop = asyncio.get_running_loop()
    load = Load()
    connections = []
    for requests in callers:
        _, connection = await loop.create_connection(
            lambda requests=requests: Connection(requests, load),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        connections.append(connection)
    gc.collect()
    gc.disable()
    try:
        load.began = time.perf_counter()
        load.until = load.began + seconds
        for connection in connections:
            connection.send()
        await asyncio.gather(*(connection.done for connection in connections))
    finally:
        gc.enable()
    return load


async def ask(port: int, message: bytes) -> tuple[int, bytes]:
    """One request on a connection of its own; status and body."""
    load = await drive(port, [iter([message])])
    return next(iter(load.statuses)), load.last_body


def request(
    method: str, path: str, *, token: str | None = None, body: bytes = b"", key: str | None = None
) -> bytes:
    """A whole request with the headers that a kiosk or a counter sends."""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    if body:
        head.append("Content-Type: application/json")
    if token is not None:
        head.append(f"Authorization: Bearer {token}")
    if key is not None:
        head.append(f"Idempotency-Key: {key}")
    return "\r\n".join([*head, "", ""]).encode() + body
