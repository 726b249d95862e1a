"""A screen that stopped reading (asleep, out of range, broken) costs the others nothing."""

import asyncio
import base64
import os
import socket
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import msgspec
import pytest
from factories import SMALL_MALL, a_mall
from litestar import Litestar

from mpp.counters.commands.shifts import mall_topic
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.live.feed import Feeds
from tests.resilience.screens import Screen, a_screen, at_least, eventually
from tests.resilience.wire import Wire

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SERVICES = 400  # so many make a board of tens of kilobytes: it soon fills what lies between
HEALTHY = 10
BURSTS = 12


def a_long_list() -> MallFile:
    document = tomllib.loads(SMALL_MALL)
    first, *_ = document["agency"][0]["service"]
    document["agency"][0]["service"] = [
        {**first, "slug": f"layanan-{n}", "name": f"Layanan nomor {n}"} for n in range(SERVICES)
    ]
    document["agency"] = document["agency"][:1]
    names = [{"service": f"layanan-{n}"} for n in range(SERVICES)]
    document["counter"] = [{"label": "1", "zone": "a", "services": names}]
    document["officer"] = []
    return msgspec.convert(document, MallFile)


@pytest.fixture
async def mall(app: Litestar, server: str) -> Mall:
    made: Mall = await a_mall(app.state.db, a_long_list())
    app.state.malls.stale()
    return made


@pytest.fixture
async def stalled(mall: Mall, wire: Wire) -> AsyncIterator[socket.socket]:
    """A socket that opened the board's feed and has not read since."""
    sleeper = socket.socket()
    sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sleeper.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sleeper, (wire.host, wire.port))
    key = base64.b64encode(os.urandom(16)).decode()
    hello = wire.request(
        "GET",
        f"/live/malls/{mall.slug}/board",
        headers={
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
        },
    )
    await loop.sock_sendall(sleeper, hello)
    assert (await loop.sock_recv(sleeper, 12)) == b"HTTP/1.1 101"
    yield sleeper
    sleeper.close()


async def test_a_stalled_screen_slows_nobody_and_is_dropped(
    app: Litestar, server: str, mall: Mall, stalled: socket.socket
) -> None:
    feeds: Feeds = app.state.feeds
    topic = mall_topic(mall.id)
    slowest = 0.0
    async with AsyncExitStack() as stack:
        path = f"/live/malls/{mall.slug}/board"
        screens: list[Screen] = [
            await stack.enter_async_context(a_screen(server, path)) for _ in range(HEALTHY)
        ]
        for screen in screens:
            await screen.until(lambda board: len(board["waiting"]) == SERVICES, 20)
        assert feeds.screens == HEALTHY + 1
        loop = asyncio.get_running_loop()
        for _ in range(BURSTS):
            for _ in range(10):
                feeds.hub.publish([topic])
                await asyncio.sleep(0.012)  # a snapshot each, they are not gathered
            wanted = feeds.hub.version(topic)
            began = loop.time()
            for screen in screens:
                await screen.until(at_least(wanted), 5)
            slowest = max(slowest, loop.time() - began)
        await eventually(lambda: feeds.screens == HEALTHY, 5)
        assert all(screen.connections == 1 for screen in screens)  # only the stalled one went
    assert slowest < 2
    assert await rest_of(stalled) < BURSTS * 10 * len("x" * 20_000)


async def rest_of(sleeper: socket.socket) -> int:
    """It wakes up and reads: what lay in between, then the end, so that it knows to come back."""
    loop, size = asyncio.get_running_loop(), 0
    async with asyncio.timeout(20):
        while piece := await loop.sock_recv(sleeper, 65_536):
            size += len(piece)
    return size
