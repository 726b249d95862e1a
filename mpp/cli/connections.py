"""Connections that nobody may hold for nothing: time to ask in, a share for each address, room for our own.

An open connection costs a file and some memory, and whoever opens one need not say anything. So a request
must be complete in time, one address holds so many at most, and when all room is taken those are closed
first that have shown the least: idle ones, then sockets of the public, then unfinished requests. What
somebody who is signed in has open, a kiosk's or an officer's, is never closed for others.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

log = structlog.get_logger()

FILES_WANTED = 65_536
FEW_FILES = 4_096
FILES_BESIDE = 128
"""Files that are no connections: the database's, logs, uploads."""
TELL_EVERY_S = 60.0
LAST_S = 1.0
"""Who is taken in while the server ends has so long to ask."""
LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a connection may take. An application may say others in `state.bounds`."""

    idle_s: float = 5.0
    """From an answer until the next request begins."""
    headers_s: float = 10.0
    """From its opening, or after that, until a request's headers are there."""
    body_s: float = 20.0
    """From there until its body is, and …"""
    bytes_a_second: float = 16_384.0
    """… a second more for each so many bytes: a slow line may send a large file, but not stand still."""
    per_address: int = 1_000
    """Connections of one address: a hall's phones may share one."""
    room: int = 50_000
    """Of all connections."""
    look_every_s: float = 1.0


class Worth(IntEnum):
    """What speaks against closing a connection."""

    IDLE = 0
    PUBLIC_SOCKET = 1
    ASKING = 2
    SIGNED_IN = 3


@dataclass
class Watch:
    """The connections of a process, by address. On the event loop's thread only."""

    bounds: Bounds
    is_ending: bool = False
    """The server lets nobody in any more: who came last is answered once, and no connection is kept."""
    trusted_proxies: int = 0
    """With proxies in front all come from their address: it has no share of its own."""
    by_address: dict[str, dict["Http | Sockets", None]] = field(default_factory=dict)
    count: int = 0
    _next_word: float = 0.0
    _is_looking: bool = False

    def join(self, connection: "Http | Sockets", address: str) -> None:
        """Let it in, and close others for it where there are too many."""
        connection.address = address
        theirs = self.by_address.setdefault(address, {})
        theirs[connection] = None
        self.count += 1
        if self.count > self.bounds.room:
            self._make_room(connection)
        elif len(theirs) > self.bounds.per_address and not self._is_proxy(connection):
            self._close_some([each for each in theirs if each is not connection], 1)
            self._tell("too many of one address")
        if not self._is_looking:
            self._is_looking = True
            connection.loop.call_later(self.bounds.look_every_s, self._look, connection.loop)

    def _is_proxy(self, connection: "Http | Sockets") -> bool:
        return self.trusted_proxies > 0 and not connection.is_forwarded

    def leave(self, connection: "Http | Sockets") -> None:
        """It is closed, or has become another."""
        theirs = self.by_address.get(connection.address, {})
        if connection in theirs:
            del theirs[connection]
            self.count -= 1
            if not theirs:
                del self.by_address[connection.address]

    def _make_room(self, newcomer: "Http | Sockets") -> None:
        """Close some of the address that has most; the newcomer itself where everybody else is signed in."""
        heaviest = max(self.by_address.values(), key=len)
        self._close_some(
            [each for each in heaviest if each is not newcomer], len(heaviest) // 100 + 1
        )
        if self.count > self.bounds.room:
            everybody = [each for theirs in self.by_address.values() for each in theirs]
            self._close_some([each for each in everybody if each is not newcomer], 1)
        if self.count > self.bounds.room:
            self._close(newcomer)
        self._tell("no room")

    def _close_some(self, known: Sequence["Http | Sockets"], count: int) -> None:
        """Those of least worth, the oldest first."""
        for worth in (Worth.IDLE, Worth.PUBLIC_SOCKET, Worth.ASKING):
            for connection in known:
                if count and connection.worth() is worth:
                    count -= 1
                    self._close(connection)
            if not count:
                break

    def _close(self, connection: "Http | Sockets") -> None:
        self.leave(connection)
        connection.transport.abort()

    def _tell(self, why: str) -> None:
        now = time.monotonic()
        if now >= self._next_word:
            self._next_word = now + TELL_EVERY_S
            log.warning("connections are closed", why=why, open=self.count)

    def _look(self, loop: Any) -> None:
        """Close what has not asked in time."""
        now = loop.time()
        late = [
            each
            for theirs in self.by_address.values()
            for each in theirs
            if each.deadline is not None and each.deadline < now
        ]
        for connection in late:
            connection.transport.write(LATE)
            connection.transport.close()
        self._is_looking = self.count > 0
        if self._is_looking:
            loop.call_later(self.bounds.look_every_s, self._look, loop)


def end(state: Any) -> None:
    """From now on connections of the server with this state are not kept after their answer."""
    if (watch := getattr(state, "watch", None)) is not None:
        watch.is_ending = True


def _watch(state: Any, app: Any) -> Watch:
    """The one of this server."""
    found: Watch | None = getattr(state, "watch", None)
    if found is None:
        told = getattr(app, "state", None)
        bounds: Bounds = getattr(told, "bounds", None) or Bounds(room=room())
        found = state.watch = Watch(bounds, trusted_proxies=getattr(told, "trusted_proxies", 0))
    return found


class Http(HttpToolsProtocol):
    """A connection that asks by HTTP."""

    is_forwarded = False
    address = ""
    deadline: float | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.watch = _watch(self.server_state, self.app)
        bounds = self.watch.bounds
        self.timeout_keep_alive = bounds.idle_s  # type: ignore[assignment]  # uvicorn says int
        self.deadline = self.loop.time() + (LAST_S if self.watch.is_ending else bounds.headers_s)
        self.watch.join(self, self.client[0] if self.client else "")

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.leave(self)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self.watch.leave(self)
        super().handle_websocket_upgrade()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.deadline = self.loop.time() + self.watch.bounds.body_s

    def on_body(self, body: bytes) -> None:
        if self.deadline is not None:
            self.deadline += len(body) / self.watch.bounds.bytes_a_second
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.deadline = None  # what takes time now is our own doing

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.watch.is_ending:  # it may have been taken in after the others were told to go
            self.transport.close()
        self.deadline = self.loop.time() + self.watch.bounds.idle_s + self.watch.bounds.headers_s

    def worth(self) -> Worth:
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request
        if cycle is None:
            return Worth.IDLE
        if cycle.scope.get("user") is not None:
            return Worth.SIGNED_IN
        return Worth.IDLE if cycle.response_complete else Worth.ASKING


class Sockets(WebSocketsSansIOProtocol):
    """A connection that has become a websocket; the library's own pings find out whether it lives."""

    is_forwarded = False
    """A trusted proxy has said for whom."""
    address = ""
    deadline: float | None = None

    def __init__(
        self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.watch = _watch(server_state, self.app)

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.watch.join(self, self.client[0] if self.client else "")

    def handle_connect(self, event: Any) -> None:
        if self.watch.trusted_proxies:
            hops = ",".join(event.headers.get_all("x-forwarded-for")).split(",")
            if (
                len(hops) >= self.watch.trusted_proxies
                and hops[-self.watch.trusted_proxies].strip()
            ):
                self.is_forwarded = True
                self.watch.leave(self)
                self.watch.join(self, hops[-self.watch.trusted_proxies].strip())
        super().handle_connect(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.leave(self)
        super().connection_lost(exc)

    def worth(self) -> Worth:
        scope = getattr(self, "scope", None)
        is_known = scope is not None and scope.get("user") is not None
        return Worth.SIGNED_IN if is_known else Worth.PUBLIC_SOCKET


def raise_file_limit() -> int:
    """Let this process open as many files as it may; answers how many. Few are told to the operator."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return FILES_WANTED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft == resource.RLIM_INFINITY:
        return FILES_WANTED
    if soft < FEW_FILES:
        log.warning(
            "few files may be open: screens and phones beyond that are closed",
            limit=soft,
            advice="LimitNOFILE=65536 in the systemd unit, or ulimit -Hn",
        )
    return soft


def room() -> int:
    """How many connections this process can have."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return Bounds.room
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return Bounds.room
    return max(16, min(Bounds.room, soft - max(FILES_BESIDE, soft // 10)))
