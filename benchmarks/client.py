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

LENGTH = b"content-length: "
LOCATION = b"location: "
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
    """A kept connection: reads whole answers."""

    def __init__(self) -> None:
        self._buffer = self.head = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer = data = self._buffer + data if self._buffer else data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return
        length_at = data.find(LENGTH, 0, end)
        stop = body_at = end + 4
        if length_at > 0:
            stop += int(data[length_at + len(LENGTH) : data.find(b"\r", length_at)])
        if len(data) >= stop:
            self._buffer = b""
            self.head = data[:body_at]
            self.answered(int(data[9:12]), data[body_at:stop])

    def answered(self, status: int, body: bytes) -> None:
        """An answer has come."""
        raise NotImplementedError

    def close(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
        self._transport.close()


class Caller(Connection):
    """Sends the next request as soon as the last is answered, and notes how long it took."""

    def __init__(self, requests: Requests, load: Load) -> None:
        super().__init__()
        self._requests = requests
        self._load = load
        self._sent_at = 0.0

    def send(self) -> None:
        """The next request, unless time is up."""
        self._sent_at = time.perf_counter()
        request = next(self._requests, None) if self._sent_at < self._load.until else None
        if request is None:
            self.close()
        else:
            self._transport.write(request)

    def answered(self, status: int, body: bytes) -> None:
        load = self._load
        load.ended = time.perf_counter()
        load.latencies.append(load.ended - self._sent_at)
        load.statuses[status] += 1
        load.last_body = body
        self.send()


class Talk(Connection):
    """One request at a time, awaited."""

    @property
    def location(self) -> str:
        """Where the last answer leads."""
        return self.head.partition(LOCATION)[2].partition(b"\r")[0].decode()

    async def ask(self, message: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        await asyncio.wait((self._answer, self.done), return_when=asyncio.FIRST_COMPLETED)
        if self.done.done():
            self.done.result()
        return self._answer.result()

    def answered(self, status: int, body: bytes) -> None:
        self._answer.set_result((status, body))


async def drive(port: int, callers: Sequence[Requests], seconds: float = math.inf) -> Load:
    """Let the callers run against 127.0.0.1:`port` for `seconds`, or until they have no more to send."""
    loop = asyncio.get_running_loop()
    load = Load()
    connections = []
    for requests in callers:
        _, connection = await loop.create_connection(
            lambda requests=requests: Caller(requests, load),
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


async def talk(port: int) -> Talk:
    """A connection to 127.0.0.1:`port`."""
    return (await asyncio.get_running_loop().create_connection(Talk, "127.0.0.1", port))[1]


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


def form(path: str, body: bytes, *, token: str | None = None, address: str | None = None) -> bytes:
    """A whole request that sends a form; `address`: whom a proxy says that it comes from."""
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}",
            "Content-Type: application/x-www-form-urlencoded", "Accept: text/html"]  # fmt: skip
    if token is not None:
        head.append(f"Authorization: Bearer {token}")
    if address is not None:
        head.append(f"X-Forwarded-For: {address}")
    return "\r\n".join([*head, "", ""]).encode() + body
