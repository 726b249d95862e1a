"""A leader brings in tables as offices make them: looks first, says yes, and takes a wrong one back."""

from pathlib import Path
from typing import Any

import pytest
from browser_actions import a_leaders_page, sideways, unreadable
from factories import TestClock, a_mall
from litestar import Litestar
from playwright.async_api import Page, expect

from tests.survey.office_files import OFFICE_FILES

pytestmark = pytest.mark.browser


async def send(page: Page, name: str, raw: bytes) -> None:
    await page.goto("/overview/skm#paper")
    await page.set_input_files("#file", {"name": name, "mimeType": "", "buffer": raw})
    await page.get_by_label("Layanan bila tidak tertulis").select_option("ktp-el")
    await page.get_by_label("Tanggal bila tidak tertulis").fill("2026-11-20")
    await page.get_by_role("button", name="Baca berkas").click()


async def test_a_table_is_looked_at_taken_in_and_taken_back(
    app: Litestar, server: str, clock: TestClock, open_page: Any, pictures: Path
) -> None:
    mall = await a_mall(app.state.db)
    app.state.malls.stale()
    clock.forward(days=14)
    page = await a_leaders_page(open_page, server, app.state.db, mall)
    await send(page, "formulir daring.csv", OFFICE_FILES["formulir daring.csv"])
    await expect(page.locator("h1")).to_have_text("Periksa survei kertas")
    await expect(page.locator("main")).to_contain_text("Tanggal di berkas ini ditulis bulan dulu.")
    await expect(page.locator("main")).to_contain_text("3 Desember 2026")
    assert await unreadable(page) == []
    await page.screenshot(path=pictures / "paper-look.png", full_page=True)
    await page.get_by_role("button", name="Masukkan 3 formulir").click()
    await expect(page.locator(".alert--success")).to_contain_text("3 formulir kertas dimasukkan")

    await send(page, "salinan.csv", b"\n" + OFFICE_FILES["formulir daring.csv"])
    await expect(page.locator(".form-errors")).to_contain_text("Jawaban yang sama sudah pernah")
    await page.screenshot(path=pictures / "paper-again.png", full_page=True)

    await page.locator("summary", has_text="Tarik berkas ini").click()
    assert await unreadable(page) == []
    await page.locator("#paper").screenshot(path=pictures / "paper-withdraw.png")
    await page.get_by_role("button", name="Tarik berkas ini").click()
    await expect(page.locator(".alert--success")).to_contain_text("3 formulir kertas ditarik")
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await sideways(page) == 0
    await page.locator("#paper").screenshot(path=pictures / "paper-withdrawn.png")
