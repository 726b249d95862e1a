"""The index of public service in a real browser: from an empty year to the next predicate."""

import re
from pathlib import Path
from typing import Any

import pytest
from browser_actions import a_leaders_page, sideways
from factories import NINE, TestClock, a_mall
from litestar import Litestar
from playwright.async_api import Page, expect

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.evaluation.commands import evaluations as commands
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.rules.standing import Judged
from mpp.security import Role

pytestmark = pytest.mark.browser

UNIT = "Mal Pelayanan Publik Uji"


async def a_year(db: Database, mall: Mall, year: int, level: int, *, judged: bool = True) -> int:
    """An evaluation with the same level everywhere, and three users who answer it."""
    start = Start(year, UNIT, "pekppp-2023", "A")
    made: int = await db.execute(commands.create_evaluation, mall.id, start, now=NINE)
    for number in range(1, 31):
        given = min(5, level + (number % 3 == 0))
        known = Judged(level=given, own=given) if judged else Judged(own=given)
        await db.execute(commands.judge, mall.id, made, number, known)
    await db.execute(commands.add_users, mall.id, made, [[level] * 14, [level] * 14, [4] * 14])
    return made


@pytest.fixture
async def hall(app: Litestar, server: str) -> Mall:
    mall: Mall = await a_mall(app.state.db)
    app.state.malls.stale()
    await a_year(app.state.db, mall, 2025, 2)
    return mall


async def fill(page: Page, **levels: int) -> None:
    """Choose levels in the form of an indicator."""
    for name, level in levels.items():
        await page.locator(f'input[name="{name}"][value="{level}"]').check()


async def test_from_an_empty_year_to_the_next_predicate(
    open_page: Any, server: str, app: Litestar, hall: Mall, clock: TestClock, pictures: Path
) -> None:
    page = await a_leaders_page(open_page, server, app.state.db, hall, role=Role.ADMIN)
    await page.goto("/overview/ipp")
    await expect(page.locator("h1")).to_have_text("Indeks Pelayanan Publik")
    await page.get_by_role("button", name="Mulai evaluasi").click()
    await expect(page.locator("h1")).to_have_text(f"{UNIT}, 2026")
    await expect(page.locator(".page-title__lead")).to_contain_text("IPP 0,00 · F – Gagal")
    await page.locator("summary", has_text="Standar Pelayanan tersedia").click()
    await page.locator(".ipp-indicator[open]").get_by_role("link", name="Isi").click()
    made = int(page.url.split("/")[-3])
    for number in range(3, 31):  # the first two by hand, as all of them can be
        await app.state.db.execute(commands.judge, hall.id, made, number, Judged(own=4, level=3))
    for number in (1, 2):
        await expect(page.locator("h1")).to_contain_text(re.compile(rf"^{number}\."))
        await fill(page, own=4, level=3)
        await page.get_by_label("Bukti").fill("SK 12/2026")
        await page.screenshot(path=pictures / "ipp-indicator.png", full_page=True)
        await page.get_by_role("button", name=f"Simpan, lalu indikator {number + 1}").click()
    await expect(page.locator("h1")).to_contain_text(re.compile(r"^3\."))
    await page.goto(f"/overview/ipp/{made}/indicator/31")
    await expect(page.get_by_text("Menurut sistem: tingkat")).to_be_visible()
    await page.get_by_role("button", name="Ambil alih sebagai tingkat unit").click()
    await expect(page.get_by_label("Bukti")).to_have_value(re.compile("dari 6 sarana"))
    await page.get_by_role("button", name="Simpan", exact=True).click()
    await expect(page.locator("#i31")).to_be_visible()

    await page.get_by_role("link", name="Jawaban pengguna (F-03)").click()
    await page.get_by_label("Tempel dari lembar kerja").fill(("\t".join("3" * 14) + "\n") * 3)
    await page.get_by_role("button", name="Tambahkan semua").click()
    await expect(page.get_by_text("Jawaban 3 pengguna ditambahkan.")).to_be_visible()
    for question in range(1, 15):
        await page.locator(f'input[name="q{question}"][value="3"]').check()
    await page.get_by_role("button", name="Simpan jawaban").click()
    await expect(page.get_by_text("Jawaban 1 pengguna ditambahkan.")).to_be_visible()
    await page.screenshot(path=pictures / "ipp-f03.png", full_page=True)

    await page.get_by_role("link", name="Nilai", exact=True).click()
    await expect(page.locator(".page-title__lead")).to_contain_text("IPP 3,00 · C – Cukup")
    await page.locator("summary", has_text="Survei Kepuasan").click()
    await page.screenshot(path=pictures / "ipp-evaluation.png", full_page=True)

    await page.get_by_role("link", name="Navigator", exact=True).click()
    await expect(page.get_by_text("Menuju B- – Baik (Dengan Catatan)")).to_be_visible()
    await page.get_by_role("link", name="Coba jalan ini di bawah").click()
    told = page.locator("#what-if [role=status]")
    await expect(told).to_contain_text("B- – Baik (Dengan Catatan) (sekarang 3,00)")
    await page.screenshot(path=pictures / "ipp-navigator.png", full_page=True)
    step = page.locator("#steps").first.locator("tbody tr").first
    raised = (await step.get_by_role("link").inner_text()).partition(".")[0]
    await step.get_by_role("link").click()
    await fill(page, level=4)
    await page.get_by_role("button", name="Simpan", exact=True).click()
    await expect(page.locator(".page-title__lead")).to_contain_text("B- – Baik (Dengan Catatan)")
    await expect(page.locator(f"#i{raised}")).to_be_visible()  # back where one was

    await page.get_by_role("link", name="Rekomendasi", exact=True).click()
    await page.get_by_label("Indikator").select_option("7")
    await page.get_by_label("Rekomendasi", exact=True).fill("Umumkan hasil SKM di kios")
    await page.get_by_role("button", name="Catat rekomendasi").click()
    await page.get_by_text("Tulis tindak lanjut").click()
    await page.get_by_label("Yang sudah dilakukan").fill("Dipasang di tiga kios")
    await page.get_by_label("Selesai pada tanggal").fill("2026-11-20")
    await page.locator("main ol").get_by_role("button", name="Simpan").click()
    await expect(page.get_by_text("1 dari 1 rekomendasi selesai")).to_be_visible()
    await page.screenshot(path=pictures / "ipp-recommendations.png", full_page=True)

    await page.goto("/overview/ipp")
    await expect(page.locator("tbody tr")).to_contain_text("naik")
    await page.screenshot(path=pictures / "ipp-list.png", full_page=True)
    await expect(page.get_by_role("link", name="Peringkat unit")).to_have_count(0)  # one unit only
    await page.goto("/overview/ipp/ranking")
    await expect(page.locator("caption").first).to_have_text("Peringkat 2026")
    await page.screenshot(path=pictures / "ipp-ranking.png", full_page=True)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1920, 1080)])
async def test_nothing_is_cut_off_on_any_screen(
    open_page: Any,
    server: str,
    app: Litestar,
    hall: Mall,
    clock: TestClock,
    pictures: Path,
    width: int,
    height: int,
) -> None:
    made = await a_year(app.state.db, hall, 2026, 3, judged=False)
    await app.state.db.execute(commands.recommend, hall.id, made, "Umumkan hasil SKM di kios", 7)
    page = await a_leaders_page(open_page, server, app.state.db, hall, width, height, Role.ADMIN)
    for name, path in {
        "list": "",
        "evaluation": f"/{made}#i6",
        "indicator": f"/{made}/indicator/6",
        "navigator": f"/{made}/navigator?l6=5",
        "f03": f"/f03/{made}",
        "recommendations": f"/{made}/recommendations",
        "ranking": "/ranking",
    }.items():
        await page.goto(f"/overview/ipp{path}")
        assert await sideways(page) <= 0, name
        await page.screenshot(path=pictures / f"ipp-{name}-{width}.png", full_page=True)
    if width == 1920:
        await page.goto(f"/overview/ipp/{made}")
        await page.set_viewport_size({"width": 794, "height": 1123})
        await page.emulate_media(media="print")
        await page.screenshot(path=pictures / "ipp-paper.png", full_page=True)
