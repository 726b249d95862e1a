"""The visitor's phone, as a browser without scripts sees it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import websockets
from factories import TestClock, a_desk, a_person, a_ticket, issued
from litestar import Litestar
from litestar.testing import AsyncTestClient
from screens import OPEN_ALREADY, Browser, a_hall, text_of

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.commands.issue import Issued
from mpp.queue.queries import ticket_rows
from mpp.queue.rules.forecast import ENOUGH
from mpp.queue.rules.life import Action, Outcome, State
from mpp.security import COOKIE, Role

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def hall(app: Litestar, client: Client) -> Mall:
    mall: Mall = await a_hall(app)
    return mall


@pytest.fixture
async def db(app: Litestar, client: Client) -> Database:
    """The application's own."""
    database: Database = app.state.db
    return database


@pytest.fixture
async def mine(db: Database, hall: Mall) -> Issued:
    """A-001."""
    made: Issued = await issued(db, hall)
    return made


@pytest.fixture
async def phone(client: Client) -> Browser:
    return Browser(client)


async def says(phone: Browser, visit: Issued) -> str:
    answer = await phone.get(f"/v/{visit.visit_token}")
    assert answer.status_code == 200
    said: str = text_of(answer.text)
    return said


def title_of(page: str) -> str:
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    return str(title)


# -- what it says --------------------------------------------------------------------------------


async def test_it_says_who_is_ahead_and_where(
    db: Database, hall: Mall, phone: Browser, mine: Issued, clock: TestClock
) -> None:
    second = await issued(db, hall)
    assert "Anda berikutnya" in await says(phone, mine)
    said = await says(phone, second)
    assert "A-002 Menunggu 1 orang di depan Anda Urutan ke-2" in said
    assert "Waktu tunggu belum dapat diperkirakan" in said
    assert "belum ada loket yang buka · Zona A" in said
    await a_desk(db, hall, "2", clock)
    assert "Loket 2 · Zona A" in await says(phone, second)


async def test_the_wait_is_a_range_learned_from_recent_ones(
    db: Database, hall: Mall, phone: Browser, clock: TestClock
) -> None:
    desk = await a_desk(db, hall, "2", clock)
    await a_ticket(db, hall, now=clock())
    for _ in range(ENOUGH + 1):
        await a_ticket(db, hall, now=clock())  # one stands ahead, and both are called in their turn
        clock.forward(minutes=6)
        await desk.serve()
    last = await issued(db, hall, now=clock())
    assert "paling lama kira-kira 12 menit lagi" in await says(phone, last)


async def test_it_follows_the_ticket_to_its_end(
    db: Database, hall: Mall, phone: Browser, mine: Issued, clock: TestClock
) -> None:
    desk = await a_desk(db, hall, "2", clock)
    called = await desk.call()
    assert called is not None
    page = (await phone.get(f"/v/{mine.visit_token}")).text
    assert title_of(page) == f"GILIRAN ANDA – Loket 2 · {hall.name}"
    assert "GILIRAN ANDA Loket 2 Zona A · Dukcapil" in text_of(page)
    assert "your-turn" in page
    await desk.do(called, Action.START)
    assert "Anda sedang dilayani di Loket 2." in await says(phone, mine)
    await desk.do(called, Action.PARK, reason="rahasia", until=clock() + timedelta(minutes=15))
    said = await says(phone, mine)
    assert "Kembalilah ke Loket 2 sebelum 09.15." in said
    assert "rahasia" not in said
    await desk.do(called, Action.RESUME)
    await desk.do(called, Action.START)
    await desk.do(called, Action.COMPLETE, outcome=Outcome.INCOMPLETE)
    assert "Lengkapi berkasnya, lalu ambil nomor baru di kios." in await says(phone, mine)


async def test_somebody_who_missed_the_call_learns_what_to_do(
    db: Database, hall: Mall, phone: Browser, mine: Issued, clock: TestClock
) -> None:
    desk = await a_desk(db, hall, "2", clock)
    called = await desk.call()
    assert called is not None
    await desk.do(called, Action.MISS)
    assert "Segera temui petugas di Loket 2" in await says(phone, mine)


async def test_a_referral_shows_the_new_number_first(
    db: Database, hall: Mall, phone: Browser, mine: Issued, clock: TestClock
) -> None:
    desk = await a_desk(db, hall, "2", clock)
    called = await desk.call()
    assert called is not None
    await desk.do(called, Action.START)
    await desk.acted(called, Action.REFER, service=hall.service("paspor"))
    said = await says(phone, mine)
    assert said.index("P-001 Menunggu") < said.index("Nomor Anda yang lain A-001 Selesai")


async def test_yesterdays_number_says_that_its_day_is_over(
    phone: Browser, mine: Issued, clock: TestClock
) -> None:
    clock.forward(days=1)
    said = await says(phone, mine)
    assert "Hari layanan sudah berakhir" in said
    assert "Nomor ini untuk Senin, 23 November 2026" in said
    assert "Nomor ini sudah kedaluwarsa." in said


async def test_an_unknown_address_is_a_friendly_page(phone: Browser, hall: Mall) -> None:
    for token in ("x", "A" * 43, "a b", "%00", "é", "x" * 300):
        answer = await phone.get(f"/v/{token}")
        assert answer.status_code == 404
    answer = await phone.get("/v/tidak-ada")
    assert "Nomor tidak ditemukan" in text_of(answer.text)
    assert "Pindai ulang kode QR" in text_of(answer.text)


async def test_it_keeps_itself_to_itself(phone: Browser, mine: Issued) -> None:
    answer = await phone.get(f"/v/{mine.visit_token}")
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "same-origin"  # no other site hears the address
    assert answer.headers["cache-control"] == "no-store"


async def test_it_speaks_the_language_chosen_at_the_kiosk_until_told_otherwise(
    db: Database, hall: Mall, phone: Browser
) -> None:
    english = await issued(db, hall, locale="en")
    assert "You are next" in await says(phone, english)
    page = await phone.get(f"/v/{english.visit_token}?lang=id")
    assert "Anda berikutnya" in text_of(page.text)
    assert "mpp_locale=id" in page.headers["set-cookie"]


# -- giving up -----------------------------------------------------------------------------------


async def test_a_visitor_is_asked_and_then_gives_up(
    db: Database, hall: Mall, phone: Browser, mine: Issued
) -> None:
    address = f"/v/{mine.visit_token}"
    form = await phone.get(f"{address}/cancel?ticket={mine.ticket.id}")
    assert "Tempat Anda dalam antrean tidak dapat dikembalikan." in text_of(form.text)
    page = await phone.follow(await phone.post(f"{address}/cancel", {"ticket": mine.ticket.id}))
    assert "Nomor ini sudah dibatalkan." in text_of(page.text)
    assert "/cancel" not in page.text
    again = await phone.get(f"{address}/cancel?ticket={mine.ticket.id}")
    assert (again.status_code, again.headers["location"]) == (303, address)


async def test_giving_up_too_late_says_where_to_go(
    db: Database, hall: Mall, phone: Browser, mine: Issued, clock: TestClock
) -> None:
    desk = await a_desk(db, hall, "2", clock)
    await desk.call()
    answer = await phone.post(f"/v/{mine.visit_token}/cancel", {"ticket": mine.ticket.id})
    assert answer.status_code == 409
    assert "Tidak dapat lagi: nomor ini sekarang dipanggil." in text_of(answer.text)
    assert "GILIRAN ANDA" in text_of(answer.text)


async def test_nobody_gives_up_somebody_elses_number(
    db: Database, hall: Mall, phone: Browser, mine: Issued
) -> None:
    other = await issued(db, hall)
    await phone.post(f"/v/{mine.visit_token}/cancel", {"ticket": other.ticket.id})
    found = await db.read(ticket_rows.ticket, hall.id, other.ticket.id)
    assert found.state is State.WAITING


async def test_an_open_page_gets_only_what_changes(phone: Browser, mine: Issued) -> None:
    part = await phone.get(f"/v/{mine.visit_token}/now", **OPEN_ALREADY)
    assert part.text.count("<html") == 0
    assert int(part.headers["x-version"]) > 0
    done = await phone.post(
        f"/v/{mine.visit_token}/cancel", {"ticket": mine.ticket.id}, **OPEN_ALREADY
    )
    assert done.status_code == 200
    assert "Nomor ini sudah dibatalkan." in text_of(done.text)


# -- live, over real sockets ---------------------------------------------------------------------


@asynccontextmanager
async def listening(server: str, path: str, session: str | None = None) -> AsyncIterator[Any]:
    headers = {"Origin": server} | ({"Cookie": f"{COOKIE}={session}"} if session else {})
    address = server.replace("http", "ws") + path
    async with websockets.connect(address, additional_headers=headers) as socket:

        async def until(wanted: dict[str, Any]) -> dict[str, Any]:
            """The first message that says so."""
            while True:
                message: dict[str, Any] = msgspec.json.decode(await socket.recv())
                if wanted.items() <= message.items():
                    return message

        yield until


async def test_the_phone_hears_of_its_call_and_of_every_recall(
    app: Litestar, server: str, clock: TestClock
) -> None:
    hall = await a_hall(app)
    db: Database = app.state.db
    mine = await issued(db, hall)
    desk = await a_desk(db, hall, "2", clock)
    async with listening(server, f"/live/visits/{mine.visit_token}") as until:
        assert (await until({"state": "waiting"}))["people_ahead"] == 0
        called = await desk.call()
        assert called is not None
        message = await until({"state": "called", "calls": 1})
        assert message["counter_label"] == "2"
        await desk.do(called, Action.RECALL)
        await until({"state": "called", "calls": 2})


async def an_open_session(db: Database, hall: Mall) -> str:
    """An officer of counter 1, signed in."""
    session: str = await a_person(db, hall, Role.OFFICER, "rina", counters=["1"])
    return session


def socket_of(hall: Mall, label: str) -> str:
    return f"/live/counters/{next(c.id for c in hall.counters if c.label == label)}"


async def test_the_desk_hears_of_who_comes(app: Litestar, server: str) -> None:
    hall = await a_hall(app)
    session = await an_open_session(app.state.db, hall)
    async with listening(server, socket_of(hall, "1"), session) as until:
        await until({"waiting_count": 0, "shift": "closed"})
        await a_ticket(app.state.db, hall)
        message = await until({"waiting_count": 1})
        assert [each["label"] for each in message["waiting"]] == ["A-001"]


async def test_another_counters_socket_stays_closed(app: Litestar, server: str) -> None:
    hall = await a_hall(app)
    session = await an_open_session(app.state.db, hall)
    for label, shown in (("2", session), ("1", None)):
        with pytest.raises(websockets.exceptions.InvalidStatus):
            async with listening(server, socket_of(hall, label), shown):
                pass
