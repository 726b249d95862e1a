"""Finding the way to a service, in either language; and what is said when something is wrong."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_device, a_ticket, mall_file
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import Table, update

from mpp.counters.commands.load import load_mall
from mpp.counters.models import agencies, devices, services
from mpp.counters.rules.file import HolidayPart
from mpp.db.seam import Transaction
from mpp.errors import Unavailable
from mpp.kiosk.routes import looks
from mpp.queue.rules.life import Action
from mpp.security import Role


async def pause(kiosk: Any, table: Table, slug: str, reason: str) -> None:
    """As an admin would."""

    def command(tx: Transaction) -> None:
        tx.conn.execute(update(table).where(table.c.slug == slug).values(paused_reason=reason))

    await kiosk.db.execute(load_mall, mall_file(name="Mal Uji Coba"))  # another revision
    await kiosk.db.execute(command)
    kiosk.client.app.state.malls.stale()


# -- the way -------------------------------------------------------------------------------------


async def test_the_start_shows_what_is_wanted_most_first(kiosk: Any) -> None:
    for _ in range(3):
        await a_ticket(kiosk.db, kiosk.mall, "paspor")
    await a_ticket(kiosk.db, kiosk.mall, "kk")
    page = await kiosk.see("/kiosk")
    popular, agencies_shown = page.split("Semua instansi")
    assert (
        popular.index("Paspor baru") < popular.index("Kartu Keluarga") < popular.index("Perekaman")
    )
    assert "3 menunggu" in popular
    assert "Dukcapil" in agencies_shown
    assert "Zona B" in agencies_shown


async def test_an_agency_leads_to_its_services(kiosk: Any) -> None:
    page = await kiosk.see("/kiosk/agency/dukcapil")
    assert "Perekaman KTP-el" in page
    assert "Kartu Keluarga" in page
    assert "Paspor" not in page


async def test_a_service_tells_what_to_bring_what_it_costs_and_how_long(kiosk: Any) -> None:
    page = await kiosk.see("/kiosk/service/ktp-el")
    assert "Fotokopi KK" in page
    assert "Gratis" in page
    assert "paling lama 10 menit" in page
    assert "Loket yang melayani belum ada yang buka" in page
    assert "Rp350.000" in await kiosk.see("/kiosk/service/paspor")


async def test_the_expected_wait_is_shown_once_it_is_known(kiosk: Any, clock: TestClock) -> None:
    desk = await a_desk(kiosk.db, kiosk.mall, "3", clock)
    await a_ticket(kiosk.db, kiosk.mall, "paspor", now=clock())
    served = await desk.start()
    for _ in range(25):  # each finds the counter busy and nobody ahead
        await a_ticket(kiosk.db, kiosk.mall, "paspor", now=clock())
        clock.forward(minutes=2)
        await desk.do(served, Action.COMPLETE)
        served = await desk.start()
    page = await kiosk.see("/kiosk/service/paspor")
    assert "Waktu tunggu paling lama 2 menit" in await kiosk.see("/kiosk/agency/imigrasi")
    assert "Menunggu sekarang tidak ada" in page
    assert "Perkiraan waktu tunggu paling lama 2 menit" in page
    assert "1 buka" in page
    await desk.do(served, Action.COMPLETE)
    page = await kiosk.see("/kiosk/service/paspor")
    assert "Perkiraan waktu tunggu ada loket yang kosong" in page
    tiles = await kiosk.see("/kiosk/agency/imigrasi")
    assert "Tidak ada antrean" in tiles
    assert "menit" not in tiles, "no wait is told beside an empty queue and a free counter"


async def test_a_tile_counts_all_who_are_called_before(kiosk: Any, clock: TestClock) -> None:
    """Counter 1 alone has kk, and calls those who wait for ktp-el as well."""
    await a_desk(kiosk.db, kiosk.mall, "1", clock)
    for _ in range(3):
        await a_ticket(kiosk.db, kiosk.mall, "ktp-el", now=clock())
    assert "Menunggu sekarang 3 orang" in await kiosk.see("/kiosk/service/kk")


async def test_search_accepts_the_spelling_of_the_street(kiosk: Any) -> None:
    page = await kiosk.see("/kiosk/search?q=antrian+pasport")
    assert "Paspor baru" in page
    assert "Perekaman" not in page


async def test_search_finds_agencies_too(kiosk: Any) -> None:
    assert "Instansi yang cocok Imigrasi" in await kiosk.see("/kiosk/search?q=imigrasi")


async def test_search_that_finds_nothing_says_what_to_do(kiosk: Any) -> None:
    page = await kiosk.see("/kiosk/search?q=zzz")
    assert "Tidak ada yang cocok dengan “zzz”" in page
    assert "pilih dari daftar instansi" in page


async def test_search_survives_whatever_is_typed(kiosk: Any) -> None:
    for query in ["<script>x</script>", "%00%ff", "'; DROP TABLE", "a" * 5000, "%F0"]:
        answer = await kiosk.get(f"/kiosk/search?q={query}")
        assert answer.status_code == 200
        assert "<script>x" not in answer.text


async def test_what_is_not_offered_here_is_not_found(kiosk: Any) -> None:
    for path in ["service/nix", "agency/nix", "service/..%2F", "agency/%00"]:
        assert "Yang Anda cari tidak ada di sini" in await kiosk.see(f"/kiosk/{path}", 404)


# -- language ------------------------------------------------------------------------------------


async def test_the_kiosk_begins_in_indonesian_whatever_was_read_before(kiosk: Any) -> None:
    await kiosk.see("/kiosk?lang=en")
    assert "Anda ingin mengurus apa?" in await kiosk.see("/kiosk")


async def test_english_is_kept_on_every_way(kiosk: Any) -> None:
    for path in ["/kiosk", "/kiosk/agency/dukcapil", "/kiosk/service/kk", "/kiosk/search"]:
        answer = await kiosk.get(f"{path}?lang=en")
        links = [part.partition('"')[0] for part in answer.text.split('href="/kiosk')[1:]]
        other = [link for link in links if "lang=en" not in link]
        assert len(other) == 1, other  # the one that changes the language
        assert "lang=id" in other[0]


async def test_english_says_it_in_english(kiosk: Any) -> None:
    assert "Civil Registration" in await kiosk.see("/kiosk?lang=en")
    page = await kiosk.see("/kiosk/service/ktp-el?lang=en")
    assert "ID card" in page
    assert "Copy of the family card" in page
    assert "Take a number" in page


async def test_the_next_visitor_begins_afresh_in_indonesian(kiosk: Any) -> None:
    first = await kiosk.take()
    answer = await kiosk.get(f"/kiosk/agency/dukcapil?lang=en&add={first}")
    assert 'data-idle="45"' in answer.text
    assert 'data-afresh="/kiosk?lang=id"' in answer.text


# -- closed --------------------------------------------------------------------------------------


async def test_a_closed_mall_explains_itself_at_the_start(kiosk: Any) -> None:
    for hours, said in [
        (-1.5, "Mal dibuka hari ini pukul 08.00."),
        (8, "Mal dibuka Selasa, 24 November 2026 pukul 08.00."),
        (48, "Mal dibuka Senin, 30 November 2026 pukul 08.00."),
    ]:
        kiosk.clock.now = NINE + timedelta(hours=hours)
        page = await kiosk.see("/kiosk")
        assert said in page
        assert "Semua instansi" in page


async def test_a_holiday_is_named(kiosk: Any) -> None:
    holiday = HolidayPart(date=MONDAY, name="Hari Jadi Kota")
    await kiosk.db.execute(load_mall, msgspec.structs.replace(mall_file(), holiday=[holiday]))
    kiosk.client.app.state.malls.stale()
    assert "Hari ini libur: Hari Jadi Kota." in await kiosk.see("/kiosk")


async def test_a_paused_service_gives_its_reason(kiosk: Any) -> None:
    await pause(kiosk, services, "ktp-el", "Jaringan pusat putus")
    assert "Berhenti sementara" in await kiosk.see("/kiosk/agency/dukcapil")
    page = await kiosk.see("/kiosk/service/ktp-el")
    assert "Layanan ini berhenti sementara" in page
    assert "Sebabnya: Jaringan pusat putus." in page
    assert "Ambil nomor" not in page


async def test_a_paused_agency_pauses_its_services(kiosk: Any) -> None:
    await pause(kiosk, agencies, "imigrasi", "Rapat")
    assert "Berhenti sementara" in await kiosk.see("/kiosk")
    assert "Sebabnya: Rapat." in await kiosk.see("/kiosk/service/paspor")


# -- who -----------------------------------------------------------------------------------------


async def test_a_browser_that_never_signed_in_is_led_to_the_sign_in(
    client: AsyncTestClient[Litestar],
) -> None:
    there = "/sign-in?device=true&to=/kiosk"
    for path, leads in (
        ("/kiosk", there),
        ("/kiosk/agency/dukcapil", there),
        ("/kiosk?print=80", f"{there}%3Fprint%3D80"),
    ):
        html = {"accept": "text/html"}
        answer = await client.get(path, headers=html, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, leads)


async def test_a_program_without_a_token_gets_a_problem(client: AsyncTestClient[Litestar]) -> None:
    answer = await client.get("/kiosk", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_other_devices_are_not_kiosks(kiosk: Any) -> None:
    for role in (Role.DISPLAY, Role.COUNTER, Role.MANAGER):
        counter = "1" if role is Role.COUNTER else None
        token = await a_device(kiosk.db, kiosk.mall, role, counter=counter)
        answer = await kiosk.get("/kiosk", authorization=f"Bearer {token}")
        assert answer.status_code == 403
        assert "Halaman ini hanya untuk kios" in kiosk.read(answer)


async def test_a_kiosk_of_another_mall_sees_its_own(kiosk: Any) -> None:
    file = mall_file(slug="mpp-lain", name="Mal Lain")
    file.agency[0].slug = "lain"
    await kiosk.db.execute(load_mall, file)
    kiosk.client.app.state.malls.stale()
    assert "Mal Pelayanan Publik Uji" in await kiosk.see("/kiosk")
    await kiosk.see("/kiosk/agency/lain", 404)


async def test_a_device_revoked_half_way_sends_the_visitor_to_another_kiosk(kiosk: Any) -> None:
    form = await kiosk.form()

    def revoke(tx: Transaction) -> None:
        tx.conn.execute(update(devices).values(revoked_at=NINE))

    await kiosk.db.execute(revoke)
    security = kiosk.client.app.state.security
    security._known.clear()  # noqa: SLF001 - rather than wait until what it knows is stale
    answer = await kiosk.send(form)
    assert answer.status_code == 401
    assert "Silakan memakai kios lain" in kiosk.read(answer)
    start = await kiosk.get("/kiosk")
    assert start.headers["location"] == "/sign-in?device=true&to=/kiosk"


# -- error page ----------------------------------------------------------------------------------


async def test_a_database_that_is_away_gives_a_page_that_tries_again(
    kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await kiosk.form()

    async def away(*_: object, **__: object) -> None:
        raise Unavailable("tidak menjawab")

    monkeypatch.setattr(kiosk.db, "execute", away)
    answer = await kiosk.send(form, query="?lang=en")
    assert answer.status_code == 503
    assert "The system cannot be reached right now" in kiosk.read(answer)
    assert form["key"] in answer.text  # the same form, so still one ticket
    assert "retry.js" in answer.text
    monkeypatch.undo()
    assert (await kiosk.send(form)).status_code == 303


async def test_a_page_that_cannot_be_read_tries_again_too(
    kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("tidak menjawab")

    monkeypatch.setattr(kiosk.db, "read", away)
    page = await kiosk.see("/kiosk/service/kk", 503)
    assert "Sistem sedang tidak dapat dihubungi" in page


async def test_a_fault_of_ours_is_not_the_visitors(
    kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(looks, "start_page", wrong)
    page = await kiosk.see("/kiosk", 500)
    assert "Ini bukan kesalahan Anda" in page
    assert "planted" not in page
