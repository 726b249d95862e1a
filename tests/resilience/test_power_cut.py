"""kill -9 in the middle of a busy hall: what was acknowledged is there, and screens come back."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from factories import a_device, a_mall, mall_file

from mpp.counters.rules.mall import Mall
from mpp.db.connect import open_database
from mpp.db.seam import Database
from mpp.metrics.queries import stored_days
from mpp.queue.commands.fast_paths import fast_paths
from mpp.queue.queries import ticket_rows, visit_rows
from mpp.security import Role
from tests.resilience.screens import a_screen, eventually, labels
from tests.resilience.serving import Served
from tests.resilience.wire import Answer, Wire

KIOSKS = 6
LOST = (OSError, EOFError)


@dataclass
class Hall:
    """A mall behind a server process, and what the server has acknowledged."""

    served: Served
    mall: Mall
    kiosk: str
    counters: dict[int, str]
    tickets: dict[str, Answer] = field(default_factory=dict)
    """Key → the answer that was read to its end."""
    moves: list[tuple[int, str]] = field(default_factory=list)
    """(ticket, action) in the order of their acknowledgement."""

    @property
    def wire(self) -> Wire:
        return Wire.to(self.served.base)

    async def issue(self, key: str) -> Answer:
        return await self.wire.ask(
            self.wire.request(
                "POST",
                f"/api/v1/malls/{self.mall.slug}/tickets",
                {"service": "ktp-el"},
                {"Authorization": f"Bearer {self.kiosk}", "Idempotency-Key": key},
            )
        )

    async def post(self, token: str, path: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return await self.wire.ask(self.wire.request("POST", f"/api/v1{path}", None, headers))

    async def take_numbers(self, name: str) -> None:
        for turn in itertools.count():
            answer = await self.issue(f"{name}-{turn}")
            assert answer.status == 201, answer
            self.tickets[f"{name}-{turn}"] = answer

    async def serve(self, counter: int, token: str) -> None:
        while True:
            called = await self.post(token, f"/counters/{counter}/call-next")
            assert called.status in {200, 204}, called
            if called.status == 204:
                await asyncio.sleep(0.02)
                continue
            ticket = called.json["id"]
            self.moves.append((ticket, "call"))
            for action in ("start", "complete"):
                assert (await self.post(token, f"/tickets/{ticket}/{action}")).status == 200
                self.moves.append((ticket, action))

    async def work_until_killed(self, after: int) -> None:
        """Kiosks and counters work; once `after` moves are acknowledged the power goes."""
        people = [
            *(self.take_numbers(f"{len(self.tickets)}-{n}") for n in range(KIOSKS)),
            *(self.serve(counter, token) for counter, token in self.counters.items()),
        ]
        working = [asyncio.create_task(each) for each in people]
        goal = len(self.moves) + after
        async with asyncio.timeout(60):
            while len(self.moves) < goal:
                for each in working:
                    assert not each.done(), each.exception()
                await asyncio.sleep(0.005)
        self.served.kill()
        for end in await asyncio.gather(*working, return_exceptions=True):
            assert isinstance(end, LOST), end


@pytest.fixture
async def hall(database_url: str, tmp_path: Path) -> AsyncIterator[Hall]:
    db = open_database(database_url, lambda _topics: None, fast_paths())
    await db.start()
    mall = await a_mall(db, mall_file())
    kiosk = await a_device(db, mall, Role.KIOSK, unrestricted=True)
    counters = {
        each.id: await a_device(db, mall, Role.COUNTER, counter=each.label)
        for each in mall.counters[:2]
    }
    await db.close()
    served = Served(database_url, tmp_path)
    await served.start()
    yield Hall(served, mall, kiosk, counters)
    served.kill()


async def stored(hall: Hall) -> Database:
    """The database, looked at beside the server."""
    db = open_database(hall.served.url, lambda _topics: None, fast_paths())
    await db.start()
    return db


async def test_what_was_acknowledged_survives_and_screens_come_back(hall: Hall) -> None:
    for counter, token in hall.counters.items():
        assert (await hall.post(token, f"/counters/{counter}/open")).status == 200
    async with a_screen(hall.served.base, f"/live/malls/{hall.mall.slug}/board") as screen:
        await screen.until(lambda board: board["type"] == "board", 10)
        for cuts in (1, 2):
            await hall.work_until_killed(after=45)
            before = screen.last["version"]
            await hall.served.start()
            await eventually(lambda: screen.connections > cuts and bool(screen.heard), 20)  # noqa: B023
            board = screen.last
            assert board["version"] > before  # else a screen would take it for old news
            path = f"/api/v1/malls/{hall.mall.slug}/board"
            now = (await hall.wire.ask(hall.wire.request("GET", path))).json
            # PostgreSQL may finish a dead client's last commit after the first state: the next has it.
            await screen.until(lambda board, n=now: labels(board) == labels(n), 10)
            await free_the_counters(hall)

    db = await stored(hall)
    try:
        for key, answer in hall.tickets.items():
            kept = await db.read(ticket_rows.ticket, hall.mall.id, answer.json["id"])
            assert (kept.label, kept.number) == (answer.json["label"], answer.json["number"]), key
            replayed = await hall.issue(key)
            assert (replayed.status, replayed.json["id"]) == (200, kept.id)
        told: dict[int, list[str]] = {}
        for ticket, action in hall.moves:
            told.setdefault(ticket, []).append(action)
        for ticket, actions in told.items():
            events = await db.read(visit_rows.events_of, hall.mall.id, ticket)
            happened = iter([event.action for event in events])
            assert all(action in happened for action in actions), actions  # in this order
        assert await db.read(stored_days.verify, hall.mall.id) == []
    finally:
        await db.close()
    assert hall.served.faults() == []


async def free_the_counters(hall: Hall) -> None:
    """Whoever stood at a counter when the power went is served to the end by hand."""
    for counter, token in hall.counters.items():
        called = await hall.post(token, f"/counters/{counter}/call-next")
        ticket = called.json.get("ticket") if called.status == 409 else called.json["id"]
        for action in ("start", "complete"):
            answer = await hall.post(token, f"/tickets/{ticket}/{action}")
            assert answer.status in {200, 409}, answer
            if answer.status == 200:
                hall.moves.append((ticket, action))
