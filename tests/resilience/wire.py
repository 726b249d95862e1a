"""HTTP as bytes on a socket, so that a test can lose a reply, or half a request, where it likes."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Loss(Enum):
    """Where a connection ends."""

    SENT = "cut as soon as the request is sent"
    CLOSED = "closed in order once the request is sent"
    HALF = "cut when half of the request is sent"
    REPLYING = "cut when the reply has begun"
    UNREAD = "the whole reply arrives, and the machine restarts before it is kept"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Wire:
    """A server's address. Every request has a connection of its own."""

    host: str
    port: int

    @classmethod
    def to(cls, base: str) -> "Wire":
        address = urlsplit(base)
        return cls(str(address.hostname), int(address.port or 80))

    def request(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The bytes of a request with a JSON body."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = {
            "Host": f"{self.host}:{self.port}",
            "Connection": "close",
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content

    async def ask(self, request: bytes) -> Answer:
        """Send the bytes, read the whole reply."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(request)
            return await read(reader)
        finally:
            writer.close()

    async def lose(self, request: bytes, where: Loss) -> None:
        """Send the bytes and lose the reply."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        if where is Loss.HALF:
            writer.write(request[: len(request) - 5])
            await writer.drain()
        else:
            writer.write(request)
            await writer.drain()
        if where is Loss.CLOSED:
            writer.close()
            return
        if where is Loss.REPLYING:
            await reader.read(10)
        elif where is Loss.UNREAD:
            await read(reader)
        writer.transport.abort()


async def read(reader: asyncio.StreamReader) -> Answer:
    """One reply; `ConnectionError` when there is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    length = headers.get("content-length")
    body = await (reader.read() if length is None else reader.readexactly(int(length)))
    return Answer(int(first.split(" ")[1]), headers, body)
