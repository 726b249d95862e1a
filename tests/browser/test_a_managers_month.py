"""A manager looks back: a made-up past, the overview, the month on screen and on paper, the indices."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser_actions import a_leaders_page, sideways, unreadable
from factories import TestClock
from litestar import Litestar
from playwright.async_api import expect

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.demo.past.plan import Model
from mpp.demo.past.year import live_through
from mpp.demo.world import load, typical
from mpp.metrics.readers.rollup_job import past, recompute

pytestmark = pytest.mark.browser

LAST = date(2026, 11, 20)
PAGES = (
    "/overview",
    "/overview/period",
    "/overview/year",
    "/overview/targets",
    "/overview/definitions",
    "/overview/skm",
    "/overview/ipp",
    "/overview/day?date=2026-11-20",
)


@pytest.fixture
async def mall(app: Litestar, server: str, clock: TestClock) -> Mall:
    """Two weeks that were never lived, folded as a night would have."""
    db: Database = app.state.db
    mall = await load(db, clock)
    async for _ in live_through(db, Model(mall, typical(), 60.0), LAST, 10, seed=3):
        pass
    async for _ in recompute(db, mall, past(mall.day(clock())), mall.day(clock())):
        pass
    app.state.malls.stale()
    return mall


async def test_a_month_is_read_on_screen_and_on_paper(
    app: Litestar, server: str, mall: Mall, open_page: Any, pictures: Path
) -> None:
    page = await a_leaders_page(open_page, server, app.state.db, mall, 1366, 900)
    await page.goto("/overview")
    await expect(page.locator(".made-up")).to_have_text("Data simulasi, bukan data nyata")
    await expect(page.locator("main")).to_contain_text("Belum ada hasil yang diterbitkan.")
    weeks = page.locator("#recent")
    await expect(weeks).to_contain_text("diukur.")
    assert await weeks.locator(".only-wide .chart__bar--tint").count() > 3
    assert await weeks.locator("table:has(td[class*=heat--]) tbody tr").count() == 7

    await page.locator(".nav").get_by_role("link", name="Survei").click()
    await page.get_by_role("button", name="Terbitkan").click()
    await page.goto("/overview")
    await expect(page.locator("#indices")).to_contain_text("Terlemah: Penanganan pengaduan")
    await page.screenshot(path=pictures / "overview-indices.png", full_page=True)

    await page.locator(".nav").get_by_role("link", name="Periode").click()
    await expect(page.locator("h1")).to_have_text("Laporan periode")
    await page.screenshot(path=pictures / "period.png")

    async with page.expect_download() as begun:
        await page.evaluate("location.href = '/overview/month.pdf?month=2026-11'")
    file = await (await begun.value).path()
    assert file.read_bytes().startswith(b"%PDF")
    assert (await begun.value).suggested_filename == "mpp-way-lestari-2026-11-simulasi.pdf"


@pytest.mark.parametrize(("width", "height"), [(1366, 900), (320, 640)])
async def test_every_page_can_be_read_by_everybody(
    app: Litestar, server: str, mall: Mall, open_page: Any, width: int, height: int
) -> None:
    page = await a_leaders_page(open_page, server, app.state.db, mall, width, height)
    for address in PAGES:
        await page.goto(address)
        assert await sideways(page) <= 0, address
        assert await unreadable(page) == [], address
