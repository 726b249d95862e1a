"""Kinds of work that never wait for one another, and queues that are short."""

import asyncio
import threading
from collections.abc import AsyncIterator
from itertools import islice

import httpx
import pytest
from factories import a_device, a_person
from litestar import Litestar
from screens import BROWSER, a_hall

from mpp.errors import TooManyRequests, Unavailable
from mpp.pools import Pool, Turns
from mpp.security import Role


@pytest.fixture
async def http(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """Of a server in the test's own event loop, whose threads it shares."""
    async with httpx.AsyncClient(base_url=server, timeout=30) as client:
        yield client


async def test_a_full_pool_refuses_and_frees_itself() -> None:
    pool, go = Pool("test", threads=1, at_most=3), threading.Event()
    running = [asyncio.create_task(pool.run(go.wait, 20)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await pool.run(len, "abc")
    go.set()
    assert await asyncio.gather(*running) == [True] * 3
    assert await pool.run(len, "abc") == 3


async def test_reports_are_made_one_at_a_time_and_a_person_asks_for_few() -> None:
    turns, done, most = Turns(of_a_person=2, at_most=4), [], 0
    go, busy = asyncio.Event(), 0

    async def report(person: str) -> str:
        nonlocal busy, most
        async with turns.turn(person):
            busy, most = busy + 1, max(most, busy + 1)
            await go.wait()
            busy -= 1
            done.append(person)
        return person

    asked = [
        asyncio.create_task(report(each)) for each in ("ani", "ani", "ani", "budi", "cici", "dedi")
    ]
    await asyncio.sleep(0.01)
    go.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in found] == [str, str, TooManyRequests, str, str, Unavailable]
    assert (most, done) == (1, ["ani", "ani", "budi", "cici"])
    assert await report("ani") == "ani"


async def test_whoever_gives_up_waiting_leaves_no_trace() -> None:
    turns = Turns(of_a_person=2, patience_s=0.05)
    async with turns.turn("ani"):
        with pytest.raises(Unavailable):
            async with turns.turn("budi"):
                pass
        waiting = asyncio.create_task(turns.turn("ani").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
    for _ in range(3):
        async with turns.turn("ani"):
            pass


async def test_a_person_has_one_year_made_and_one_waiting(
    app: Litestar, http: httpx.AsyncClient
) -> None:
    mall = await a_hall(app)
    token = await a_person(app.state.db, mall, Role.MANAGER, "kepala")
    headers = {"Authorization": f"Bearer {token}"}
    paths = [
        "/overview/year.csv",
        "/overview/year.xlsx",
        "/overview/year",
        "/overview/month.pdf",
    ] * 2
    async with app.state.turns.turn("somebody else"):
        asked = [asyncio.create_task(http.get(each, headers=headers)) for each in paths]
        refused = [await each for each in islice(asyncio.as_completed(asked), 6)]
        assert {each.status_code for each in refused} == {429}
    answers = await asyncio.gather(*asked)
    assert sorted(each.status_code for each in answers) == [200] * 2 + [429] * 6
    assert all(each.headers["Retry-After"] for each in answers if each.status_code == 429)
    assert (await http.get("/overview/year.csv", headers=headers)).status_code == 200


async def test_a_kiosk_waits_for_nobodys_report(app: Litestar, http: httpx.AsyncClient) -> None:
    """Its ticket page with the QR comes while every thread that all work shares is taken."""
    mall = await a_hall(app)
    token = await a_device(app.state.db, mall, Role.KIOSK)
    kiosk = {"Authorization": f"Bearer {token}"}
    taken = await http.post(
        "/api/v1/malls/mpp-uji/tickets",
        json={"service": "ktp-el"},
        headers=kiosk | {"Idempotency-Key": "one"},
    )
    assert taken.status_code == 201
    go = threading.Event()
    held = [asyncio.create_task(asyncio.to_thread(go.wait, 20)) for _ in range(64)]
    try:
        async with asyncio.timeout(10):
            page = await http.get(f"/kiosk/ticket/{taken.json()['id']}", headers=kiosk | BROWSER)
        assert page.status_code == 200
    finally:
        go.set()
        await asyncio.gather(*held)
