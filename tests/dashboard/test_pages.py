"""The live overview and the day report."""

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from factories import NINE, TestClock, a_desk, a_device, a_mall, a_ticket, issued
from litestar.testing import AsyncTestClient
from screens import text_of
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from mpp.db.seam import Database
from mpp.queue.queries.clock_rows import HOST
from mpp.queue.rules.forecast import COUNTERS, KINDS, Cell, Outlook
from mpp.security import Role
from tests.metrics.morning import a_morning, signed_in

Client = AsyncTestClient[Any]


async def test_the_overview_shows_the_mall_as_it_stands(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    clock.forward(minutes=45)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview", headers=headers)).text
    assert 'data-live="/live/malls/mpp-uji/overview"' in page
    assert "A-004" in page
    assert "melewati janji 30 menit" in page
    assert "P-001" in page
    parts = await client.get("/overview/now", headers=headers)
    assert int(parts.headers["x-version"]) > 0
    for part in ("overview-tiles", "overview-counters", "overview-hours-table"):
        assert f'id="{part}"' in parts.text
        assert f'id="{part}"' in page


async def test_the_overview_tells_of_a_clock_that_was_set_back_until_it_has_caught_up(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    clock.forward(hours=2)
    headers = await signed_in(app_db, mall)
    await a_ticket(app_db, mall, now=clock())
    clock.now -= timedelta(minutes=5)
    await a_ticket(app_db, mall, now=clock())
    clock.forward(minutes=2)
    page = text_of((await client.get("/overview", headers=headers)).text)
    assert f"Jam server {HOST} mundur 5 menit sejak pukul " in page
    assert "waktu mal ditahan Periksa NTP di mesin itu." in page
    said = (await client.get("/internal/metrics", headers=headers)).text
    found = re.search(r"^mpp_clock_behind_seconds{.*} (\S+)$", said, re.MULTILINE)
    assert found
    assert 179 < float(found[1]) < 181
    clock.forward(minutes=4)
    assert "Jam server" not in (await client.get("/overview", headers=headers)).text


async def test_an_empty_mall_has_an_overview_and_a_report(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    overview = await client.get("/overview", headers=headers)
    day = await client.get("/overview/day", headers=headers)
    assert (overview.status_code, day.status_code) == (200, 200)
    assert "Tidak ada yang menunggu" in overview.text
    assert "Tidak ada nomor yang diambil pada hari ini" in day.text


async def test_the_day_report_checks_the_books_and_leads_to_its_neighbours(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    clock.forward(days=2)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview/day?date=2026-11-23&by=counter", headers=headers)).text
    assert "Pembukuan cocok" in page
    assert "5 diambil = 1 selesai + 1 batal + 1 tidak hadir + 0 kedaluwarsa + 2 masih" in page
    assert "/overview/day?date=2026-11-17&amp;by=counter" in page, "Tuesday: closed from Wednesday"
    assert "/overview/day?date=2026-11-24&amp;by=counter" in page
    assert "metrics.csv?from=2026-11-23&amp;to=2026-11-23&amp;by=counter" in page


async def test_a_day_that_cannot_be_is_refused(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db)) | {"Accept": "text/html"}
    for query in ("date=besok", "date=2026-11-31", "by=colour", "date=1066-10-14"):
        answer = await client.get(f"/overview/day?{query}", headers=headers)
        assert answer.status_code == 422
        assert "<h1>Isian tidak sah</h1>" in answer.text


async def test_both_languages_are_spoken(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_morning(app_db, clock))
    english = (await client.get("/overview?lang=en", headers=headers)).text
    assert "Today at a glance" in english
    assert "Monday, 23 November 2026" in english
    assert "ID card" in english, "services by their English names"
    day = (await client.get("/overview/day?lang=en&by=counter", headers=headers)).text
    assert "The books balance" in day
    assert "Counter 1" in day
    assert "Not called to a counter yet" in day


# -- live ----------------------------------------------------------------------------------------


async def test_the_overview_is_live(server: str, app_db: Database, clock: TestClock) -> None:
    mall = await a_morning(app_db, clock)
    token = await a_device(app_db, mall, Role.SUPERVISOR)
    address = server.replace("http", "ws") + "/live/malls/mpp-uji/overview"
    async with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as socket:
        first = json.loads(await socket.recv())
        assert (first["type"], first["waiting"], first["serving"]) == ("overview", 1, 1)
        await a_ticket(app_db, mall, "kk", now=clock())
        async with asyncio.timeout(5):
            changed = first
            while changed["waiting"] == 1:
                changed = json.loads(await socket.recv())
        assert changed["version"] > first["version"]
        assert changed["waiting"] == 2
        assert changed["issued"] == 6


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICER, 403), (None, 401)])
async def test_the_live_overview_is_for_leaders(
    server: str, app_db: Database, role: Role | None, status: int
) -> None:
    mall = await a_mall(app_db)
    headers = await signed_in(app_db, mall, role) if role else {}
    address = server.replace("http", "ws") + "/live/malls/mpp-uji/overview"
    async with httpx.AsyncClient() as browser:
        page = await browser.get(f"{server}/overview", headers=headers)
    assert page.status_code == status
    with pytest.raises(InvalidStatus):
        async with connect(address, additional_headers=headers):
            pass


async def test_alerts_tell_late_waits_and_queues_without_a_counter(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    await a_desk(app_db, mall, "1", clock)
    await a_ticket(app_db, mall, now=clock())
    await a_ticket(app_db, mall, "paspor", now=clock())
    clock.now = NINE + timedelta(minutes=30)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview", headers=headers)).text
    assert "tidak ada loket yang buka" in page
    assert "melewati janji 30 menit" not in page, "thirty minutes still keep the promise"
    clock.forward(seconds=1)
    page = (await client.get("/overview", headers=headers)).text
    assert "1 orang menunggu melewati janji 30 menit" in page


async def test_the_overview_tells_how_last_weeks_told_waits_held(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    desk = await a_desk(app_db, mall, "2", clock)
    service = mall.service("ktp-el")
    told = Outlook((Cell(60.0, 300.0, 600.0, 200, COUNTERS),) * KINDS, {service.id: 100})
    for minutes in (0, 5, 5, 5, 15):
        await issued(app_db, mall, now=clock(), outlook=told)
        clock.forward(minutes=minutes)
        await desk.serve()
    headers = await signed_in(app_db, mall)
    assert "Belum cukup perkiraan" in (await client.get("/overview", headers=headers)).text
    clock.forward(days=1)
    page = text_of((await client.get("/overview", headers=headers)).text)
    assert "60,0 % dari 5 penantian berada di dalam selang" in page
    assert "Dipanggil lebih awal 20,0 %" in page
    assert "Dipanggil lebih lambat 20,0 %" in page
    clock.forward(days=7)
    assert "Belum cukup perkiraan" in (await client.get("/overview", headers=headers)).text
