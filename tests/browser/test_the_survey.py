"""A citizen judges a service from the phone, the manager's index moves, and the weakest point is mended."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from browser_actions import a_leaders_page
from factories import MONDAY, Desk, TestClock, a_desk, a_device, a_mall
from litestar import Litestar
from playwright.async_api import expect

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.security import Role
from mpp.survey.commands import answering
from tests.survey.skm_world import blind_of, serve_one, sheet_of

pytestmark = pytest.mark.browser

LIKELY = (
    (1, 2, 9, 8), (1, 2, 9, 8), (2, 5, 8, 5), (0, 1, 3, 16), (1, 2, 10, 7),
    (0, 2, 9, 9), (0, 1, 8, 11), (2, 7, 8, 3), (2, 4, 8, 6),
)  # fmt: skip
"""How likely 1, 2, 3 and 4 are, unsur by unsur: time, facilities and complaints are the weakest."""


async def judged(db: Database, desk: Desk, count: int) -> None:
    """People who were served before, and said what they thought."""
    rng = random.Random(5)
    for number in range(count):
        visit = await serve_one(desk, "kk" if number < 3 else "ktp-el")
        values = [rng.choices((1, 2, 3, 4), weights)[0] for weights in LIKELY]
        who = {"gender": rng.choice(["female", "male"]), "age": rng.choice(["20-29", "40-49"])}
        await db.execute(
            answering.answer,
            await blind_of(db, desk.mall, visit, MONDAY),
            channel="phone",
            today=MONDAY,
            sheet=sheet_of(*values, **who),
            quick=rng.choices((1, 2, 3, 4), (1, 2, 8, 9))[0],
        )


async def test_an_answer_moves_the_index_and_the_weakest_is_mended(
    app: Litestar, server: str, clock: TestClock, open_page: Any, pictures: Path
) -> None:
    db: Database = app.state.db
    mall: Mall = await a_mall(db)
    app.state.malls.stale()
    desk = await a_desk(db, mall, "1", clock)
    await judged(db, desk, 39)
    visit = await serve_one(desk)
    leader = await a_leaders_page(open_page, server, db, mall)
    await leader.goto("/overview/skm")
    before = await leader.locator("#ikm-value").inner_text()

    phone = await open_page(f"/v/{visit.visit_token}", 320, 640)
    await phone.screenshot(path=pictures / "survey-invitation.png", full_page=True)
    await phone.get_by_role("button", name="Nilai layanan ini").click()
    await expect(phone).to_have_url(re.compile(r"/s/[A-Za-z0-9_-]{112}$"))
    await phone.get_by_role("button", name="Sangat puas").click()
    await expect(phone.locator("main")).to_contain_text("Terima kasih: Sangat puas.")
    width = await phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    for number in range(1, 10):
        await phone.locator(f"input[name=u{number}][value='1']").check()
    await expect(phone.locator("[data-count]")).to_have_text("9")
    await phone.screenshot(path=pictures / "survey.png", full_page=True)
    await phone.get_by_role("button", name="Kirim penilaian").click()
    await expect(phone.locator("main")).to_contain_text("Penilaian Anda sudah kami terima")
    await phone.screenshot(path=pictures / "survey-thanks.png", full_page=True)

    await leader.reload()
    after = await leader.locator("#ikm-value").inner_text()
    assert float(after.replace(",", ".")) < float(before.replace(",", "."))
    await expect(leader.locator("main")).to_contain_text("dari 40 kunjungan terlayani")
    await leader.screenshot(path=pictures / "skm.png")
    await leader.get_by_role("button", name=re.compile("^Terbitkan")).click()
    await expect(leader).to_have_url(re.compile(r"/overview/skm/reports/\d+$"))
    weakest = await leader.locator("#unsur option").first.inner_text()
    assert weakest.startswith("U8")
    await leader.fill("#action", "Tambah 20 kursi dan satu pendingin ruangan")
    await leader.fill("#person", "Kepala Bagian Umum")
    await leader.fill("#due", "2026-12-31")
    await leader.get_by_role("button", name="Tambahkan").click()
    await leader.get_by_label("Bukti pelaksanaan").fill("BAST 12/2026")
    await leader.get_by_role("button", name="Tandai selesai").click()
    await expect(leader.locator("main")).to_contain_text("Terealisasi 100 %")
    await leader.screenshot(path=pictures / "skm-report.png", full_page=True)

    async with leader.expect_download() as download:
        await leader.get_by_role("link", name="PDF").click()
    await (await download.value).save_as(pictures / "skm-report.pdf")

    hall = await open_page("/skm", 1080, 1400)
    await expect(hall.locator("#ikm-value")).to_have_text(after)
    await expect(hall.locator("main")).to_contain_text("Tambah 20 kursi")
    await hall.screenshot(path=pictures / "skm-public.png", full_page=True)
    small = await open_page("/skm", 320, 640)
    assert await small.evaluate("document.documentElement.scrollWidth") <= 320
    await small.screenshot(path=pictures / "skm-public-small.png", full_page=True)


async def test_the_survey_works_without_scripts(
    app: Litestar, server: str, clock: TestClock, open_page: Any
) -> None:
    db: Database = app.state.db
    mall: Mall = await a_mall(db)
    app.state.malls.stale()
    visit = await serve_one(await a_desk(db, mall, "1", clock))
    phone = await open_page(f"/v/{visit.visit_token}", 360, 740, java_script_enabled=False)
    await phone.get_by_role("button", name="Nilai layanan ini").click()
    await phone.locator("input[name=u1][value='4']").check()
    await phone.get_by_role("button", name="Kirim penilaian").click()
    await expect(phone.locator("h1")).to_have_text("Terima kasih")


async def test_the_tablet_at_the_counter_asks_and_resets_itself(
    app: Litestar, server: str, clock: TestClock, open_page: Any, pictures: Path
) -> None:
    db: Database = app.state.db
    mall: Mall = await a_mall(db)
    app.state.malls.stale()
    desk = await a_desk(db, mall, "1", clock)
    token = await a_device(db, mall, Role.COUNTER, counter="1")
    tablet = await open_page("/sign-in?to=/survey/tablet", 1024, 768)
    await tablet.fill("input[name=token]", token)
    await tablet.get_by_role("button", name="Pasang perangkat ini").click()
    await tablet.goto("/survey/tablet")
    await expect(tablet.locator("h1")).to_have_text("Loket 1")
    await serve_one(desk)
    await tablet.reload()
    await tablet.screenshot(path=pictures / "survey-tablet-asks.png")
    await tablet.get_by_role("button", name="Nilai layanan ini").click()
    await tablet.locator("input[name=u1][value='3']").check()
    await tablet.screenshot(path=pictures / "survey-tablet.png")
    await tablet.get_by_role("button", name="Kirim penilaian").click()
    await expect(tablet.locator("h1")).to_have_text("Terima kasih")
    await tablet.get_by_role("link", name="Selesai").click()
    await expect(tablet.locator("h1")).to_have_text("Loket 1")
