"""A leader reads the past and plans with it, a citizen's opinion counts: every step on real pages.

The past is made up by the commands that serve live: some weeks of a quiet mall, so that the suite stays
short. `MPP_WALK_DATA` names the data folder of a demo with a whole year (`mpp demo --history 365`), to
walk through that instead; it is copied, not changed.
"""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser_actions import a_leaders_page, read_qr, sideways, sign_in_device, unreadable
from factories import TestClock, a_device
from litestar import Litestar
from playwright.async_api import Page, expect

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.demo.past.plan import Model
from mpp.demo.past.year import live_through
from mpp.demo.world import load, typical
from mpp.metrics.readers.rollup_job import past, recompute
from mpp.security import Role

pytestmark = pytest.mark.browser

WALK_DATA = os.environ.get("MPP_WALK_DATA")
WEEKS = 8
VISITORS = 40.0
SERVICE = "ktp-el"
SATURDAY = 5
PROOF: Any = {"name": "SK-12-2026.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 SK"}


@pytest.fixture
def sqlite_url(sqlite_url: str) -> str:
    """The year of a demo in place of the empty database, where one is named."""
    if WALK_DATA is not None:
        shutil.copy(Path(WALK_DATA) / "mpp.sqlite3", sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def clock() -> TestClock:
    """Of a named year: the next working day at nine, when kiosks give numbers."""
    if WALK_DATA is None:
        return TestClock()
    now = datetime.now(UTC).replace(hour=2, minute=0) + timedelta(days=1)
    while now.weekday() >= SATURDAY:
        now += timedelta(days=1)
    return TestClock(now)


@pytest.fixture
async def mall(app: Litestar, server: str, clock: TestClock) -> Mall:
    """A mall with a past that was never lived, folded as the nights would have."""
    db: Database = app.state.db
    mall = await load(db, clock)
    today = mall.day(clock())
    if WALK_DATA is None:
        last = past(today).last
        async for _ in live_through(db, Model(mall, typical(), VISITORS), last, 7 * WEEKS, seed=3):
            pass
    async for _ in recompute(db, mall, past(today), today, only_due=True):
        pass
    app.state.malls.stale()
    return mall


async def test_from_the_dashboard_to_the_next_predicate_and_an_answer_that_counts(
    app: Litestar, server: str, mall: Mall, open_page: Any, pictures: Path
) -> None:
    leader = await a_leaders_page(open_page, server, app.state.db, mall)
    await leader.goto("/overview")
    await expect(leader.locator(".made-up")).to_have_text("Data simulasi, bukan data nyata")
    await leader.screenshot(path=pictures / "walk-1-dashboard.png", full_page=True)

    async with leader.expect_download() as begun:
        await leader.get_by_role("link", name=re.compile(r"Laporan bulan lalu \(PDF\)")).click()
    await (await begun.value).save_as(pictures / "walk-2-month.pdf")
    assert (pictures / "walk-2-month.pdf").read_bytes().startswith(b"%PDF")

    weakest = await plan_a_follow_up(leader, pictures)
    await leader.goto("/overview")
    await expect(leader.locator("main")).to_contain_text(f"Terlemah: {weakest}")
    await judge_the_mall(leader, mall, pictures)
    await follow_the_navigator(leader, pictures)

    await leader.goto("/overview/skm")
    before = await index(leader)
    phone = await be_served(app, server, mall, open_page, pictures)
    await answer_the_survey(phone, pictures)
    await leader.reload()
    after = await index(leader)
    assert (after[0] < before[0], after[1]) == (True, before[1] + 1)
    await leader.screenshot(path=pictures / "walk-9-index-moved.png", full_page=True)


async def plan_a_follow_up(leader: Page, pictures: Path) -> str:
    """Publish the survey's period, find its weakest unsur and plan what mends it; its name."""
    await leader.locator(".nav").get_by_role("link", name="Survei").click()
    await leader.screenshot(path=pictures / "walk-3-survey.png", full_page=True)
    await leader.get_by_role("button", name=re.compile("^Terbitkan")).click()
    await expect(leader).to_have_url(re.compile(r"/overview/skm/reports/\d+$"))
    weakest = await leader.locator("#unsur option").first.inner_text()
    await leader.fill("#action", "Meja pengaduan di lobi, buka tiap hari kerja")
    await leader.fill("#person", "Kepala Seksi Pengaduan")
    await leader.fill("#due", "2027-01-29")
    await leader.get_by_role("button", name="Tambahkan").click()
    await expect(leader.locator("main")).to_contain_text("Meja pengaduan di lobi")
    await leader.screenshot(path=pictures / "walk-4-follow-up.png", full_page=True)
    return weakest.partition(" ")[2].strip(" ·–-")


async def judge_the_mall(leader: Page, mall: Mall, pictures: Path) -> None:
    """Every indicator at level 3 by hand, as the system derives it where it can, and its users' answers."""
    await leader.locator(".nav").get_by_role("link", name="IPP").click()
    await leader.get_by_role("button", name="Mulai evaluasi").click()
    await leader.locator("summary", has_text="Standar Pelayanan tersedia").click()
    await leader.locator(".ipp-indicator[open]").get_by_role("link", name="Isi").click()
    await leader.set_input_files("#file", PROOF)
    await leader.get_by_role("button", name="Lampirkan").click()
    await expect(leader.get_by_role("link", name=PROOF["name"])).to_be_visible()
    await leader.screenshot(path=pictures / "walk-5-evidence.png", full_page=True)
    while True:
        await leader.locator('input[name="own"][value="3"]').check()
        await leader.locator('input[name="level"][value="3"]').check()
        onwards = leader.get_by_role("button", name=re.compile("^Simpan, lalu indikator"))
        if not await onwards.count():
            break
        heading = await leader.locator("h1").inner_text()
        await onwards.click()
        await expect(leader.locator("h1")).not_to_have_text(heading)
    await leader.get_by_role("button", name="Simpan", exact=True).click()
    await leader.get_by_role("link", name="Jawaban pengguna (F-03)").click()
    await leader.get_by_label("Tempel dari lembar kerja").fill(("\t".join("3" * 14) + "\n") * 10)
    await leader.get_by_role("button", name="Tambahkan semua").click()
    await leader.get_by_role("link", name="Nilai", exact=True).click()
    await expect(leader.locator(".page-title__lead")).to_contain_text("IPP 3,00 · C – Cukup")
    await leader.screenshot(path=pictures / "walk-5-evaluation.png", full_page=True)


async def follow_the_navigator(leader: Page, pictures: Path) -> None:
    """Take the way that the navigator shows, step by step, until the next predicate is reached."""
    await leader.get_by_role("link", name="Navigator", exact=True).click()
    await expect(leader.get_by_text("Menuju B- – Baik (Dengan Catatan)")).to_be_visible()
    await leader.screenshot(path=pictures / "walk-6-navigator.png", full_page=True)
    steps = await leader.locator("#steps").first.locator("tbody tr").count()
    for _ in range(steps):
        step = leader.locator("#steps").first.locator("tbody tr").first
        await step.get_by_role("link").click()
        await leader.locator('input[name="level"][value="4"]').check()
        await leader.get_by_role("button", name="Simpan", exact=True).click()
        await expect(leader.locator(".page-title__lead")).to_be_visible()
        await leader.get_by_role("link", name="Navigator", exact=True).click()
    await leader.get_by_role("link", name="Nilai", exact=True).click()
    await expect(leader.locator(".page-title__lead")).to_contain_text("B- – Baik (Dengan Catatan)")


async def be_served(app: Litestar, server: str, mall: Mall, open_page: Any, pictures: Path) -> Page:
    """Take a number at the kiosk, read its QR with the phone, be called and served; the phone."""
    kiosk = await open_page("/sign-in?device=true&to=/kiosk", 1080, 1920)
    await sign_in_device(kiosk, await a_device(app.state.db, mall, Role.KIOSK))
    await expect(kiosk).to_have_url(f"{server}/kiosk")
    await kiosk.goto(f"/kiosk/service/{SERVICE}")
    await kiosk.get_by_role("button", name="Ambil nomor").click()
    address = await read_qr(kiosk.locator(".kiosk-ticket__qr"))
    phone: Page = await open_page(address, 390, 844)
    await expect(phone.locator("html")).to_have_attribute("data-live", "live")
    (service,) = (each for each in mall.services if each.slug == SERVICE)
    counter = mall.counters_for(service.id)[0]
    token = await a_device(app.state.db, mall, Role.COUNTER, counter=counter.label)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{server}/api/v1", headers=headers) as desk:
        await desk.post(f"/counters/{counter.id}/open", json={})
        called = (await desk.post(f"/counters/{counter.id}/call-next", json={})).json()
        await expect(phone.locator("main")).to_contain_text(f"Loket {counter.label}")
        for action, given in (("start", {}), ("complete", {"outcome": "done"})):
            reply = await desk.post(f"/tickets/{called['id']}/{action}", json=given)
            assert reply.status_code == 200, reply.text
    await expect(phone.get_by_role("button", name="Nilai layanan ini")).to_be_visible()
    await phone.screenshot(path=pictures / "walk-7-served.png", full_page=True)
    return phone


async def answer_the_survey(phone: Page, pictures: Path) -> None:
    """Say the worst of everything."""
    await phone.get_by_role("button", name="Nilai layanan ini").click()
    for number in range(1, 10):
        await phone.locator(f"input[name=u{number}][value='1']").check()
    assert await sideways(phone) <= 0
    assert await unreadable(phone) == []
    await phone.screenshot(path=pictures / "walk-8-survey.png", full_page=True)
    await phone.get_by_role("button", name="Kirim penilaian").click()
    await expect(phone.locator("main")).to_contain_text("Penilaian Anda sudah kami terima")


async def index(leader: Page) -> tuple[float, int]:
    """The index of the running period as the page shows it, and of how many answers."""
    shown = await leader.locator("#ikm-value").inner_text()
    told = await leader.locator("main").inner_text()
    found = re.search(r"Responden\s+([\d.]+)", told)
    assert found is not None, told
    return float(shown.replace(",", ".")), int(found[1].replace(".", ""))
