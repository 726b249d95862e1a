"""Connections that are held for nothing are closed; those of the mall's own devices never for others."""

import asyncio
import contextlib
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from factories import a_device, a_mall
from litestar import Litestar
from programs import Run, Start, wait_until_ready
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from mpp.cli.connections import Bounds, end
from mpp.cli.serving import base_address, listen, uvicorn_config
from mpp.counters.rules.mall import Mall
from mpp.security import Role

QUICK = Bounds(idle_s=0.1, headers_s=0.3, body_s=0.3, bytes_a_second=200.0, look_every_s=0.05)
PUBLIC = "/live/malls/mpp-uji/board?zone=a"
ASKED = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
SENDING = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"


@pytest.fixture
def bounds() -> Bounds:
    return QUICK


@pytest.fixture
def app(app: Litestar, bounds: Bounds) -> Litestar:
    app.state.bounds = bounds
    return app


@pytest.fixture
async def mall(app: Litestar, server: str) -> Mall:
    mall: Mall = await a_mall(app.state.db)
    app.state.malls.stale()
    return mall


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def opened() -> AsyncIterator[list[Line]]:
    lines: list[Line] = []
    yield lines
    for _, writer in lines:
        writer.close()


async def line(opened: list[Line], server: str, *pieces: bytes, of: str = "127.0.0.1") -> Line:
    """A connection from this address on which these pieces have been sent."""
    port = int(server.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(of, 0))
    opened.append((reader, writer))
    for each in pieces:
        writer.write(each)
        await writer.drain()
    return reader, writer


async def said_until_closed(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server closes; fails when it does not."""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            return await reader.read()
        return b""


def screen(server: str, path: str = PUBLIC, token: str = "", of: str = "127.0.0.1") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = server.replace("http", "ws", 1) + path
    return connect(address, additional_headers=headers, proxy=None, local_addr=(of, 0))


async def is_open(socket: ClientConnection) -> bool:
    """It still answers."""
    try:
        async with asyncio.timeout(10):
            await (await socket.ping())
    except ConnectionClosed:
        return False
    return True


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (b"\r\n",),
        (b"GET /health/live HTTP/1.1\r\nHost",),
        (SENDING,),
        (SENDING + FORM,),
        (SENDING + FORM + b"username=a",),
        (ASKED,),
        (ASKED, b"GET /hea"),
    ],
)
async def test_what_is_half_sent_or_idle_is_closed(
    server: str, app: Litestar, opened: list[Line], pieces: tuple[bytes, ...]
) -> None:
    reader, _ = await line(opened, server, *pieces)
    answer = await said_until_closed(reader)
    assert (b" 200 OK" in answer) is (ASKED in pieces)


async def test_trickling_keeps_nothing_open(server: str, opened: list[Line]) -> None:
    for head in (b"GET / HTTP/1.1\r\nX: ", SENDING + FORM):
        reader, writer = await line(opened, server, head)
        closed = asyncio.create_task(said_until_closed(reader))
        with contextlib.suppress(ConnectionError):
            while not closed.done():
                writer.write(b"a")
                await writer.drain()
                await asyncio.wait([closed], timeout=0.05)
        await closed


async def test_a_slow_line_may_send_what_is_long(server: str, opened: list[Line]) -> None:
    """Longer than a body may stand still, but it goes on."""
    body = b"username=" + b"a" * 191
    head = f"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n".encode()
    reader, writer = await line(opened, server, head + FORM)
    for n in range(0, len(body), 20):  # 200 bytes earn a second, and take half of it
        writer.write(body[n : n + 20])
        await writer.drain()
        await asyncio.sleep(0.05)  # the line itself is slow
    assert b" 4" in (await reader.readline())


@pytest.mark.parametrize("bounds", [Bounds(per_address=10)])
async def test_one_address_has_a_share_and_devices_are_not_in_it(
    server: str, app: Litestar, mall: Mall, opened: list[Line]
) -> None:
    token = await a_device(app.state.db, mall, Role.DISPLAY, zone="a")
    async with screen(server, token=token) as own, screen(server) as public:
        first, _ = await line(opened, server)
        for _ in range(30):
            await line(opened, server, ASKED)
        assert await said_until_closed(first) == b""
        assert await is_open(own)
        assert await is_open(public), "a socket is worth more than an idle connection"
        async with contextlib.AsyncExitStack() as strangers:
            for _ in range(12):
                await strangers.enter_async_context(screen(server))
            assert not await is_open(public), "the oldest of the public's goes"
            assert await is_open(own)
        async with httpx.AsyncClient(base_url=server) as http:
            assert (await http.get("/health/live")).status_code == 200


@pytest.mark.parametrize("bounds", [Bounds(room=24)])
async def test_strangers_take_no_room_from_the_malls_own(
    server: str, app: Litestar, mall: Mall, opened: list[Line]
) -> None:
    token = await a_device(app.state.db, mall, Role.KIOSK)
    async with screen(server, token=token) as own:
        for n in range(60):
            await line(opened, server, ASKED, of=f"127.0.0.{2 + n % 7}")
        async with screen(server, token=token) as another:
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=server, headers=headers) as kiosk:
                assert (await kiosk.get("/kiosk")).status_code == 200
            assert await is_open(own)
            assert await is_open(another)


@pytest.mark.parametrize("bounds", [Bounds(per_address=5)])
async def test_behind_a_proxy_the_visitors_address_has_the_share(
    server: str, app: Litestar, mall: Mall, opened: list[Line]
) -> None:
    app.state.trusted_proxies = 1
    address = server.replace("http", "ws", 1) + PUBLIC

    def of(visitor: str) -> Any:
        return connect(address, additional_headers={"X-Forwarded-For": visitor}, proxy=None)

    async with of("203.0.113.1") as patient:
        for _ in range(20):
            await line(opened, server, ASKED)  # the proxy's own
        async with contextlib.AsyncExitStack() as many:
            crowd = [await many.enter_async_context(of("203.0.113.2")) for _ in range(8)]
            assert [await is_open(each) for each in crowd] == [False] * 3 + [True] * 5
            assert await is_open(patient)


LIMITED = """
import resource, sys
from mpp.cli.connections import raise_file_limit, room
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(raise_file_limit(), room())
"""


@pytest.mark.parametrize(
    ("soft", "hard", "limit", "room"), [(256, 300, 300, 172), (256, 5_000, 5_000, 4_500)]
)
def test_the_limit_of_files_is_raised_and_little_is_told(
    soft: int, hard: int, limit: int, room: int
) -> None:
    command = [sys.executable, "-c", LIMITED, str(soft), str(hard)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == f"{limit} {room}"
    assert ("few files" in done.stdout + done.stderr) is (limit < 4_096)


def test_a_server_raises_its_own_limit(loaded: Run, start: Start, port: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    server = start("serve", "--port", port)
    wait_until_ready(server, port)
    pid = server.process.pid
    assert resource.prlimit(pid, resource.RLIMIT_NOFILE)[0] >= min(hard, 4_096)


async def test_who_is_let_in_while_the_server_ends_is_answered_and_not_kept(
    app: Litestar, opened: list[Line]
) -> None:
    """Taken in after the others were told to go, and kept, it held up the end by seconds."""
    app.state.bounds = Bounds()
    running = uvicorn.Server(uvicorn_config(app))
    with listen("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(running.serve(sockets=[listening]))
        while not running.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait on
            await asyncio.sleep(0.01)
        base = base_address(listening)
        await line(opened, base, ASKED)  # so that there is a watch
        end(running.server_state)
        reader, _ = await line(opened, base, ASKED)
        assert (await said_until_closed(reader)).startswith(b"HTTP/1.1 200")
        running.should_exit = True
        await serving
