"""Several processes on PostgreSQL: LISTEN and NOTIFY on one kept connection each way.

Payload: the sender's name, then topics with versions. What cannot be sent now is kept, newest
version per topic, until the connection is back. The listener reconnects, listens again and wakes
every screen, as it cannot know what it missed; a heartbeat to itself proves that it is alive, because
a listening connection that died says nothing.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import asyncpg
import structlog

from mpp.live.hub import Hub

log = structlog.get_logger()

CHANNEL = "mpp_live"
BEAT = 3.0
DEAF_AFTER = 10.0
RECONNECT = 0.5
GATHER = 0.005  # s between two notifications at least: under load many changes share one
SETTINGS = {"synchronous_commit": "off"}  # a notification need not survive a power cut
MAX_PAYLOAD = 7_900  # PostgreSQL refuses 8,000 bytes and more


class PostgresRelay:
    """Carries a hub's topics to the hubs of other processes and back."""

    def __init__(self, dsn: str, hub: Hub) -> None:
        self._dsn = dsn
        self._hub = hub
        self._name = secrets.token_hex(6)
        self._pending: dict[str, int] = {}
        self._something = asyncio.Event()
        self._heard_at = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._hub.relay = self.send
        listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._keep(self._listen, listening)),
            asyncio.create_task(self._keep(self._publish, None)),
        ]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(listening.wait(), 5)

    async def close(self) -> None:
        self._hub.relay = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, versions: Mapping[str, int]) -> None:
        """Queue topics for the others; never waits."""
        for topic, version in versions.items():
            self._pending[topic] = max(version, self._pending.get(topic, 0))
        self._something.set()

    async def _keep(self, work: Any, ready: asyncio.Event | None) -> None:
        """Do `work` on a connection, and again on a new one whenever that one fails."""
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(self._dsn, timeout=5, server_settings=SETTINGS)
                await work(connection, ready)
            except Exception as error:  # whatever it was: a relay that gave up would be missed late
                log.warning("relay lost its connection", work=work.__name__, error=repr(error))
            finally:
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(RECONNECT)

    async def _publish(self, connection: "asyncpg.Connection[Any]", _ready: object) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), BEAT)
            self._something.clear()
            sending, self._pending = self._pending, {}
            try:
                for payload in payloads(self._name, sending):
                    await connection.execute(
                        "SELECT pg_notify($1, $2)", CHANNEL, payload, timeout=DEAF_AFTER
                    )
            except BaseException:
                self.send({**sending, **self._pending})
                raise
            await asyncio.sleep(GATHER)

    async def _listen(
        self, connection: "asyncpg.Connection[Any]", ready: asyncio.Event | None
    ) -> None:
        loop = asyncio.get_running_loop()
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, self._hear)
        self._heard_at = loop.time()
        if ready is not None:
            ready.set()
        self._hub.resync()
        while loop.time() - self._heard_at < DEAF_AFTER and not lost.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), BEAT)
        raise OSError("the listening connection is deaf or gone")

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        sender, versions = parse(str(payload))
        if sender == self._name:
            self._heard_at = asyncio.get_running_loop().time()
        elif versions:
            self._hub.hear(versions)


def payloads(sender: str, versions: Mapping[str, int]) -> Iterator[str]:
    """`sender topic=version topic=version …` in pieces below PostgreSQL's limit, at least one."""
    line = sender
    for topic, version in versions.items():
        piece = f" {topic}={version}"
        if len(line) + len(piece) > MAX_PAYLOAD:
            yield line
            line = sender
        line += piece
    yield line


def parse(payload: str) -> tuple[str, dict[str, int]]:
    """The sender and the versions of a payload; what is malformed is left out."""
    sender, *pieces = payload.split(" ")
    versions = {}
    for piece in pieces:
        topic, _, version = piece.rpartition("=")
        if topic and version.isdecimal():
            versions[topic] = int(version)
    return sender, versions
