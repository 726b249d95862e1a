"""The board over a real websocket: whole, in order, the same to all, and nobody waits for the slow."""

import asyncio
import base64
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
from factories import Desk, a_desk, a_ticket, mall_file
from sqlalchemy import insert
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from mpp.counters.commands.load import load_mall
from mpp.counters.commands.shifts import mall_topic
from mpp.counters.models import zones
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.display.pages.wire import BoardOut
from mpp.errors import Conflict
from mpp.live.feed import Feed
from mpp.queue.rules.life import Action
from tests.display.hall import Hall

decode = msgspec.json.Decoder(BoardOut).decode


class Screen:
    """A board on the wall, read message by message."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line

    async def text(self) -> str:
        async with asyncio.timeout(6):  # a heartbeat, and time for a busy machine
            return str(await self._line.recv())

    async def board(self) -> BoardOut:
        return decode(await self.text())

    async def board_with(self, *labels: str) -> BoardOut:
        """The first board that shows these calls, newest first."""
        while True:
            board = await self.board()
            if [call.label for call in board.called] == list(labels):
                return board


@asynccontextmanager
async def a_screen(hall: Hall, zone: str | None = "a") -> AsyncIterator[Screen]:
    async with connect(address(hall, zone)) as line:
        yield Screen(line)


def address(hall: Hall, zone: str | None) -> str:
    of_zone = "" if zone is None else f"?zone={zone}"
    return f"ws://127.0.0.1:{hall.port}/live/malls/mpp-uji/board{of_zone}"


def feed(hall: Hall, zone: str = "a") -> Feed:
    found = hall.app.state.feeds.feed(f"board:mpp-uji:{zone}")
    assert isinstance(found, Feed)
    return found


@pytest.fixture
async def desk(hall: Hall, mall: Mall) -> Desk:
    """Counter 1, open, and three people who wait for it."""
    for _ in range(3):
        await a_ticket(hall.db, mall)
    return await a_desk(hall.db, mall, "1", hall.clock)


async def test_the_first_message_is_the_whole_board_the_same_as_over_get(
    hall: Hall, desk: Desk
) -> None:
    await desk.call()
    async with a_screen(hall) as screen, httpx.AsyncClient(base_url=hall.base) as http:
        answer = await http.get("/api/v1/malls/mpp-uji/board?zone=a")
        assert decode(answer.content) == await screen.board()


async def test_every_change_comes_as_a_whole_board_of_a_higher_version(
    hall: Hall, desk: Desk
) -> None:
    async with a_screen(hall) as screen:
        empty = await screen.board_with()
        called = await desk.call()
        assert called is not None
        first = await screen.board_with("A-001")
        await desk.do(called, Action.RECALL)
        again = await screen.board_with("A-001")
    assert empty.version < first.version < again.version
    assert [board.called[0].calls for board in (first, again)] == [1, 2]
    assert first.waiting[0].count == 2


async def test_a_screen_shows_its_own_zone(hall: Hall, mall: Mall, desk: Desk) -> None:
    await a_ticket(hall.db, mall, "paspor")
    other = await a_desk(hall.db, mall, "3", hall.clock)
    async with a_screen(hall, "a") as a, a_screen(hall, "b") as b, a_screen(hall, None) as all_:
        await desk.call()
        await other.call()
        await a.board_with("A-001")
        await b.board_with("P-001")
        await all_.board_with("P-001", "A-001")


async def test_a_burst_of_changes_costs_few_snapshots(hall: Hall, mall: Mall, desk: Desk) -> None:
    async with a_screen(hall) as screen:
        await screen.board()
        before = feed(hall).snapshots
        await asyncio.gather(*(a_ticket(hall.db, mall) for _ in range(100)))
        while (await screen.board()).waiting[0].count != 103:
            pass
        assert feed(hall).snapshots - before <= 10


async def test_one_snapshot_is_encoded_once_for_all_screens(hall: Hall, desk: Desk) -> None:
    async with connected(hall, 20) as screens:
        before = feed(hall).snapshots
        await desk.call()
        texts = await asyncio.gather(*(screen.text() for screen in screens))
        assert feed(hall).snapshots == before + 1
    assert len(set(texts)) == 1


@asynccontextmanager
async def connected(hall: Hall, count: int) -> AsyncIterator[list[Screen]]:
    """So many screens of zone a, each of which has had its first board."""
    lines = [await connect(address(hall, "a")) for _ in range(count)]
    screens = [Screen(line) for line in lines]
    for screen in screens:
        await screen.board()
    yield screens
    await asyncio.gather(*(line.close() for line in lines))


async def test_a_command_that_is_rolled_back_wakes_nobody(
    hall: Hall, mall: Mall, desk: Desk
) -> None:
    def fail_late(tx: Transaction) -> None:
        tx.conn.execute(insert(zones).values(mall_id=mall.id, slug="x", name="X", position=9))
        tx.wake(mall_topic(mall.id))
        raise Conflict("Tidak jadi.")

    async with a_screen(hall) as screen:
        shown = await screen.board()
        before = feed(hall).snapshots
        with pytest.raises(Conflict):
            await hall.db.execute(fail_late)
        assert hall.app.state.feeds.hub.version(mall_topic(mall.id)) == shown.version
        await desk.call()
        await screen.board_with("A-001")
        assert feed(hall).snapshots == before + 1


async def test_what_a_screen_says_is_ignored(hall: Hall, desk: Desk) -> None:
    async with connect(address(hall, "a")) as line:
        screen = Screen(line)
        await screen.board()
        for said in ("hello", "{}", "\x00" * 1000, b"\xff\xfe"):
            await line.send(said)
        await desk.call()
        await screen.board_with("A-001")


@pytest.mark.parametrize("path", ["mpp-uji/board?zone=z", "nowhere/board"])
async def test_a_board_that_is_not_there_is_refused(hall: Hall, mall: Mall, path: str) -> None:
    with pytest.raises(InvalidStatus):
        await connect(f"ws://127.0.0.1:{hall.port}/live/malls/{path}")


async def test_midnight_clears_the_board_by_itself(hall: Hall, mall: Mall, desk: Desk) -> None:
    await desk.call()
    async with a_screen(hall) as screen:
        assert (await screen.board()).day == "2026-11-23"
        hall.clock.forward(hours=15)
        hall.app.state.feeds.hub.publish([mall_topic(mall.id)])  # or the next heartbeat
        board = await screen.board_with()
    assert (board.day, board.next, board.waiting[0].count) == ("2026-11-24", [], 0)


async def test_a_changed_mall_is_shown_without_a_new_connection(hall: Hall, desk: Desk) -> None:
    async with a_screen(hall) as screen:
        await screen.board()
        await hall.db.execute(load_mall, mall_file(notice="Tutup lebih awal"))
        hall.app.state.malls.stale()
        board = await screen.board()
        while board.notice != "Tutup lebih awal":
            board = await screen.board()


async def test_a_stalled_screen_delays_nobody_and_is_dropped(
    hall: Hall, mall: Mall, desk: Desk
) -> None:
    hub = hall.app.state.feeds.hub
    stalled = await a_stalled_screen(hall)
    async with a_screen(hall) as screen:
        await screen.board()
        assert len(feed(hall).screens) == 2
        waits: list[float] = []
        while (
            len(feed(hall).screens) == 2
        ):  # its buffers fill, then it has a moment, then it is out
            assert len(waits) < 1_000, "never dropped"
            hub.publish([mall_topic(mall.id)])
            began = asyncio.get_running_loop().time()
            await screen.board()
            waits.append(asyncio.get_running_loop().time() - began)
        await desk.call()
        await screen.board_with("A-001")
    assert sorted(waits)[len(waits) // 2] < 0.1  # the patience with the stalled one
    assert await ends(stalled)


async def a_stalled_screen(hall: Hall) -> socket.socket:
    """A client that shakes hands and never reads again, with as little buffer as there can be."""
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    stalled.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(stalled, ("127.0.0.1", hall.port))
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    lines = [
        "GET /live/malls/mpp-uji/board?zone=a HTTP/1.1",
        f"Host: 127.0.0.1:{hall.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    await loop.sock_sendall(stalled, "\r\n".join([*lines, "", ""]).encode())
    begin = await loop.sock_recv(stalled, 12)
    assert begin == b"HTTP/1.1 101"
    return stalled


async def ends(stalled: socket.socket) -> bool:
    """Whether the server has closed the line, once what it had sent before is read."""
    loop: Any = asyncio.get_running_loop()
    async with asyncio.timeout(10):
        try:
            while await loop.sock_recv(stalled, 65_536):
                pass
        except ConnectionResetError:
            pass
    stalled.close()
    return True
