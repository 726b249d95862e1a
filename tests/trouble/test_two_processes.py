"""Two servers on one PostgreSQL: screens of both are in step, also after their relay was cut."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
import pytest
from factories import Desk, TestClock, a_desk, a_device, a_mall, a_person, a_ticket
from worlds import issue

from mpp.config import Settings
from mpp.counters.rules.mall import Mall
from mpp.db.connect import open_database
from mpp.metrics import queries as metrics_queries
from mpp.queue.queries import Ticket
from mpp.queue.rules import Action
from mpp.security import Role
from tests.display.hall import Hall
from tests.display.proxy import BadLine
from tests.trouble.screens import Screen, a_screen, eventually, labels
from tests.trouble.serving import Served

pytestmark = pytest.mark.postgres

AT_ONCE = 2.0  # s; by itself a screen hears only every 4 s, and never so soon several times in a row
BOARD = "/live/malls/mpp-uji/board"


class Pair(NamedTuple):
    """Two servers, each with its own hub, pool and relay, as two processes have them."""

    here: Hall
    there: Hall
    mall: Mall
    desk: Desk
    """Works at `here`."""

    async def called(self) -> Ticket:
        """A number is taken at `there` and called at `here`."""
        taken = await a_ticket(self.there.db, self.mall, unrestricted=True)
        called = await self.desk.start()
        assert called.id == taken.id
        return called

    async def in_step(self, screens: list[Screen], seconds: float = AT_ONCE) -> None:
        """A call is on every screen within so many seconds, with one version everywhere."""
        ticket = await self.called()
        for screen in screens:
            await screen.until(lambda board: labels(board) == [ticket.label], seconds)
        await self.desk.do(ticket, Action.COMPLETE)
        for screen in screens:
            await screen.until(lambda board: labels(board) == [], seconds)
        await eventually(lambda: len({screen.last["version"] for screen in screens}) == 1, seconds)


@pytest.fixture
async def pair(empty_postgres_url: str, tmp_path: Path, clock: TestClock) -> AsyncIterator[Pair]:
    settings = Settings(data_dir=tmp_path, database_url=empty_postgres_url, secret_key="k")
    here, there = Hall(settings, clock), Hall(settings, clock)
    await here.start()
    mall: Mall = await a_mall(here.db)
    here.app.state.malls.stale()
    await there.start()
    yield Pair(here, there, mall, await a_desk(here.db, mall, "1", clock))
    await there.stop()
    await here.stop()


async def end_connections(url: str, like: str = "%") -> int:
    """End other connections to the database whose last statement is like this; answers how many."""
    connection = await asyncpg.connect(url)
    ended = await connection.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE $1",
        like,
    )
    await connection.close()
    return int(ended)


async def test_a_call_here_is_on_the_wall_there_at_once(pair: Pair) -> None:
    async with a_screen(pair.here.base, BOARD) as near, a_screen(pair.there.base, BOARD) as far:
        await far.until(lambda board: board["type"] == "board", 5)
        await near.until(lambda board: board["type"] == "board", 5)
        for _ in range(4):
            await pair.in_step([near, far])


async def test_a_relay_that_lost_its_connections_heals_and_tells_what_was_missed(
    pair: Pair,
) -> None:
    async with a_screen(pair.here.base, BOARD) as near, a_screen(pair.there.base, BOARD) as far:
        await pair.in_step([near, far], 5)
        url = pair.here.settings.database_url
        assert await end_connections(url, "LISTEN%") == 2
        assert await end_connections(url, "%pg_notify%") >= 1
        for _ in range(3):  # the first of them while nobody listens
            await pair.in_step([near, far], 5)
        for _ in range(3):
            await pair.in_step([near, far])


async def test_a_database_that_ends_every_connection_costs_refusals_but_no_faults(
    pair: Pair, clock: TestClock
) -> None:
    """An administrator restarts PostgreSQL under load: 503 now and then, later all is well."""
    token = await a_device(pair.here.db, pair.mall, Role.KIOSK, unrestricted=True)
    counter = await a_device(pair.here.db, pair.mall, Role.COUNTER, counter="1")
    statuses: set[int] = set()
    keys: list[str] = []
    enough = asyncio.Event()

    async def press(base: str, name: str) -> None:
        async with httpx.AsyncClient(base_url=base, timeout=20, verify=False) as http:
            turn = 0
            while not enough.is_set():
                turn += 1
                answer = await http.post(
                    f"/api/v1/malls/{pair.mall.slug}/tickets",
                    json={"service": "paspor"},
                    headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"{name}-{turn}"},
                )
                statuses.add(answer.status_code)
                keys.append(f"{name}-{turn}")
                await http.get(f"/api/v1/malls/{pair.mall.slug}/board")
                called = await http.post(
                    f"/api/v1/counters/{pair.desk.counter_id}/call-next",
                    headers={"Authorization": f"Bearer {counter}"},
                )
                statuses.add(called.status_code)

    halls = (pair.here, pair.there)
    pressing = [
        asyncio.create_task(press(hall.base, f"{hall.port}-{n}")) for hall in halls for n in range(4)
    ]
    for _ in range(4):
        await asyncio.sleep(0.25)
        assert await end_connections(pair.here.settings.database_url) > 10
    enough.set()
    await asyncio.gather(*pressing)
    assert statuses <= {201, 200, 204, 409, 503}, statuses
    assert 201 in statuses

    async with httpx.AsyncClient(base_url=pair.there.base, timeout=20, verify=False) as http:
        for key in keys:  # whoever was refused tries again with the same key
            await issue(http, pair.mall, token, service="paspor", key=key)
    async with a_screen(pair.here.base, BOARD) as near, a_screen(pair.there.base, BOARD) as far:
        for _ in range(3):
            await pair.in_step([near, far], 5)
    assert await pair.here.db.read(metrics_queries.verify, pair.mall.id) == []


async def test_a_line_to_the_database_that_dies_in_silence_is_noticed(
    empty_postgres_url: str, tmp_path: Path, clock: TestClock
) -> None:
    """The relay's listener hears itself every few seconds; when it does not, it begins anew."""
    port = int(empty_postgres_url.rpartition(":")[2].partition("/")[0])
    line = BadLine(port)
    address = (await line.start()).rpartition(":")[2]
    direct = Settings(data_dir=tmp_path, database_url=empty_postgres_url, secret_key="k")
    assert direct.database_url
    hub_url = empty_postgres_url.replace(f":{port}/", f":{address}/")
    assert hub_url != empty_postgres_url
    await line.stop()


@pytest.fixture
async def served(empty_postgres_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """`mpp serve --workers 2`."""
    served = Served(empty_postgres_url, tmp_path, workers=2)
    yield served
    if served.process is not None:
        served.kill()


async def test_two_workers_of_one_server_keep_their_displays_in_step(served: Served) -> None:
    db = open_database(served.url, lambda _topics: None)
    await db.start()
    mall = await a_mall(db)
    kiosk = await a_device(db, mall, Role.KIOSK, unrestricted=True)
    counter = await a_device(db, mall, Role.COUNTER, counter="1")
    manager = await a_person(db, mall, Role.MANAGER, "kepala")
    await db.close()
    await served.start()
