"""Two servers on one PostgreSQL: screens of both are in step, also after their relay was cut."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
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
from mpp.live import relay
from mpp.live.hub import Hub
from mpp.metrics.queries import stored_days
from mpp.queue.commands.fast_paths import fast_paths
from mpp.queue.rules.life import Action
from mpp.queue.rules.ticket import Ticket
from mpp.security import Role
from tests.display.hall import Hall
from tests.display.proxy import BadLine
from tests.resilience.screens import Screen, a_screen, eventually, labels, shows
from tests.resilience.serving import Served

pytestmark = pytest.mark.postgres

AT_ONCE = (
    2.0  # s; by itself a screen hears only every 4 s, and never so soon several times in a row
)
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
        called: Ticket = await self.desk.start()
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

    async def take(http: httpx.AsyncClient, key: str) -> httpx.Response:
        path = f"/api/v1/malls/{pair.mall.slug}/tickets"
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return await http.post(path, json={"service": "paspor"}, headers=headers)

    async def press(base: str, name: str) -> None:
        async with httpx.AsyncClient(base_url=base, timeout=20, verify=False) as http:
            while not enough.is_set():
                keys.append(f"{name}-{len(keys)}")
                statuses.add((await take(http, keys[-1])).status_code)
                await http.get(f"/api/v1/malls/{pair.mall.slug}/board")
                called = await http.post(
                    f"/api/v1/counters/{pair.desk.counter_id}/call-next",
                    headers={"Authorization": f"Bearer {counter}"},
                )
                statuses.add(called.status_code)

    halls = (pair.here, pair.there)
    pressing = [
        asyncio.create_task(press(hall.base, f"{hall.port}-{n}"))
        for hall in halls
        for n in range(4)
    ]
    for _ in range(4):
        await asyncio.sleep(0.25)
        assert await end_connections(pair.here.settings.database_url) > 10
    enough.set()
    await asyncio.gather(*pressing)
    assert statuses <= {201, 200, 204, 409, 503}, statuses
    assert 201 in statuses

    async with httpx.AsyncClient(base_url=pair.there.base, timeout=20, verify=False) as http:
        for key in keys:  # whoever was refused tries again with the same key, until it is answered
            while (await take(http, key)).status_code == 503:
                pass
    async with a_screen(pair.here.base, BOARD) as near, a_screen(pair.there.base, BOARD) as far:
        for _ in range(3):
            await pair.in_step([near, far], 5)
    assert await pair.here.db.read(stored_days.verify, pair.mall.id) == []


async def test_a_relay_whose_line_dies_in_silence_begins_anew(
    empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener hears itself every few seconds; when it does not, its line is dead."""
    monkeypatch.setattr(relay, "BEAT", 0.1)
    monkeypatch.setattr(relay, "DEAF_AFTER", 1.0)
    monkeypatch.setattr(relay, "RECONNECT", 0.05)  # much less than that, as it is in earnest
    dsn = empty_postgres_url
    port = int(dsn.rpartition(":")[2].partition("/")[0])
    line = BadLine(port)
    behind = (await line.start()).rpartition(":")[2]
    here, there = Hub(), Hub()
    relays = [
        relay.PostgresRelay(dsn, here),
        relay.PostgresRelay(dsn.replace(f":{port}/", f":{behind}/"), there),
    ]
    for each in relays:
        await each.start()
    try:
        here.publish(["t"])
        await eventually(lambda: there.version("t") == here.version("t"), 5)
        line.freeze()
        here.publish(["t"])  # nobody hears it there
        there.publish(["u"])  # it cannot be sent
        await asyncio.sleep(1.2)
        with there.listening(["t"]) as woken:
            line.heal()
            async with asyncio.timeout(
                30
            ):  # a connection begun meanwhile may wait for its time-out
                await woken.wait()  # what was missed: look again, whatever it was
        await eventually(lambda: here.version("u") == there.version("u"), 10)
        for n in range(3):
            here.publish([f"n{n}"])
            await eventually(lambda: there.version(f"n{n}") == here.version(f"n{n}"), 5)  # noqa: B023
    finally:
        for each in relays:
            await each.close()
        await line.stop()


@pytest.fixture
async def served(empty_postgres_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """`mpp serve --workers 2`, not yet started."""
    served = Served(empty_postgres_url, tmp_path, workers=2)
    yield served
    if served.process is not None:
        served.kill()


async def test_two_workers_of_one_server_keep_their_displays_in_step(served: Served) -> None:
    db = open_database(served.url, lambda _topics: None, fast_paths())
    await db.start()
    mall: Mall = await a_mall(db)
    kiosk = await a_device(db, mall, Role.KIOSK, unrestricted=True)
    tokens = {
        each.id: await a_device(db, mall, Role.COUNTER, counter=each.label)
        for each in mall.counters[:2]
    }
    manager = await a_person(db, mall, Role.MANAGER, "kepala", now=datetime.now(UTC))
    await db.close()
    await served.start()
    screens: list[Screen] = []
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=served.base, timeout=20, verify=False)
        )

        async def post(path: str, token: str) -> httpx.Response:
            return await http.post(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})

        while len(await screens_by_worker(http, manager)) < 2:
            assert len(screens) < 100, "all screens are with one worker"
            screens.append(await stack.enter_async_context(a_screen(served.base, BOARD)))
            await screens[-1].until(lambda board: board["type"] == "board", 10)
        for counter, token in tokens.items():
            assert (await post(f"/counters/{counter}/open", token)).status_code == 200

        async def in_step(turn: int, seconds: float) -> None:
            counter, token = list(tokens.items())[turn % 2]
            await issue(http, mall, kiosk, key=str(turn))
            called = (await post(f"/counters/{counter}/call-next", token)).json()
            for screen in screens:
                await screen.until(shows(called["label"]), seconds)
            await post(f"/tickets/{called['id']}/start", token)
            await post(f"/tickets/{called['id']}/complete", token)

        for turn in range(6):  # whichever worker takes the command
            await in_step(turn, AT_ONCE)
        before = sum(screen.connections for screen in screens)
        served.kill_one_worker()
        await eventually(lambda: sum(screen.connections for screen in screens) > before, 20)
        await in_step(6, 30)  # its screens are with the other worker, or with the one that follows
        for turn in range(7, 10):
            await in_step(turn, AT_ONCE)
    assert served.faults() == []


async def screens_by_worker(http: httpx.AsyncClient, manager: str) -> set[str]:
    """The workers that have screens, as far as it can be seen from outside."""
    seen = set()
    for _ in range(20):  # each request goes to whichever worker is free
        answer = await http.get(
            "/internal/metrics",
            headers={"Authorization": f"Bearer {manager}", "Connection": "close"},
        )
        assert answer.status_code == 200, answer.text
        found = re.search(r'^mpp_screens{process="(\d+)"} (\S+)', answer.text, re.MULTILINE)
        assert found is not None
        if float(found[2]):
            seen.add(found[1])
    return seen
