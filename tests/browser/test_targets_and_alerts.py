"""A manager sets a threshold in one window; the overview in another tells and says what is past it."""

from pathlib import Path
from typing import Any

import pytest
from factories import TestClock, a_desk, a_mall, a_person, a_ticket
from litestar import Litestar
from playwright.async_api import Page, expect

from mpp.security import COOKIE, Role

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


async def faults(page: Page) -> list[str]:
    """What axe finds with everything unfolded, and a page wider than its screen."""
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [each["id"] for each in found["violations"]] + ["too wide"] * wide


async def test_a_threshold_is_set_and_what_is_past_it_is_said_once(
    app: Litestar, server: str, clock: TestClock, open_page: Any
) -> None:
    db = app.state.db
    mall = await a_mall(db)
    app.state.malls.stale()
    await a_desk(db, mall, "1", clock)
    for _ in range(3):
        await a_ticket(db, mall, now=clock())
    cookie = {
        "name": COOKIE,
        "value": await a_person(db, mall, Role.MANAGER, "kepala"),
        "url": server,
    }
    overview, targets = [
        await open_page("/health/live", width, height, bypass_csp=True)
        for width, height in ((1366, 900), (320, 800))
    ]
    for page in (overview, targets):
        await page.context.add_cookies([cookie])
    clock.forward(minutes=31)
    await overview.goto("/overview")
    await targets.goto("/overview/targets")
    await expect(overview.locator("html")).to_have_attribute("data-live", "live")
    told = overview.locator("[data-alert=late-ktp-el]")
    await expect(told).to_contain_text("3 orang menunggu melewati janji 30 menit")
    await expect(overview.locator("#overview-news")).to_be_empty()

    late = targets.get_by_label("Orang menunggu lebih lama dari janji layanannya")
    await late.fill("empat")
    await targets.get_by_role("button", name="Simpan semua batas").click()
    await expect(targets.locator("#late-error")).to_contain_text("“empat” bukan bilangan.")
    await expect(late).to_have_value("empat")
    assert await faults(targets) == []
    await late.fill("4")
    await targets.get_by_label("Loket dijeda lebih lama dari").fill("")
    await targets.get_by_role("button", name="Simpan semua batas").click()
    await expect(targets.get_by_text("Sasaran disimpan.")).to_be_visible()
    await expect(told).to_have_count(0)
    await expect(overview.get_by_text("Tidak ada yang melewati sasaran.")).to_be_visible()

    await a_ticket(db, mall, "paspor", now=clock())
    await expect(overview.locator("[data-alert=no_counter-paspor]")).to_be_visible()
    said = "Peringatan baru: Paspor baru: 1 orang menunggu, tidak ada loket yang buka untuknya"
    await expect(overview.locator("#overview-news")).to_have_text(said)
    assert await faults(overview) == []
