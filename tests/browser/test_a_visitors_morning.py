"""From the kiosk to the report, as the people who use it see it."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser_actions import read_qr, sign_in_device, sign_in_person
from browser_world import a_living_hall
from factories import TestClock
from litestar import Litestar
from playwright.async_api import expect

from mpp.security import Role

pytestmark = pytest.mark.browser


async def test_a_visitor_is_served(
    app: Litestar, server: str, clock: TestClock, open_page: Any, pictures: Path
) -> None:
    hall = await a_living_hall(app, clock)
    service = hall.service
    agency = hall.mall.agency_of(service)

    kiosk = await open_page("/sign-in?device=true&to=/kiosk", 1080, 1920)
    await sign_in_device(kiosk, hall.token(Role.KIOSK))
    await expect(kiosk).to_have_url(f"{server}/kiosk")
    await kiosk.screenshot(path=pictures / "kiosk.png")
    await kiosk.goto(f"/kiosk/agency/{agency.slug}")
    await kiosk.get_by_role("link", name=service.name.id).first.click()
    for requirement in service.requirements:
        await expect(kiosk.get_by_text(requirement.id)).to_be_visible()
    await kiosk.get_by_role("button", name="Ambil nomor").click()
    label = (await kiosk.locator(".ticket-label").inner_text()).strip()
    assert label.startswith(f"{service.prefix}-")
    address = await read_qr(kiosk.locator(".kiosk-ticket__qr"))
    assert address.startswith(f"{server}/v/")
    await kiosk.screenshot(path=pictures / "ticket.png")

    ticket_id = kiosk.url.split("/kiosk/ticket/")[1].split("?")[0]
    await kiosk.goto(f"/kiosk/slip/{ticket_id}?width=80")
    slip = kiosk.locator("body")
    await expect(slip).to_contain_text(label)
    assert await read_qr(slip) == address

    phone = await open_page(address, 390, 844)
    await expect(phone.locator("body")).to_contain_text(label)
    await expect(phone.locator("html")).to_have_attribute("data-live", "live")
    display = await open_page(f"/display?zone={agency.zone}", 1920, 1080)
    await expect(display.locator("html")).to_have_attribute("data-live", "live")
    rung = int(await display.evaluate("document.documentElement.dataset.rung"))

    officer, password, counter = await hall.officer_for(service)
    desk = await open_page("/sign-in?to=/desk", 1366, 768)
    await sign_in_person(desk, officer, password)
    await expect(desk).to_have_url(f"{server}/desk/{counter.id}")
    await hall.serve_all_before(label, counter)
    clock.forward(minutes=2)
    await desk.get_by_role("button", name=re.compile("^Panggil berikutnya")).click()
    await expect(desk.locator("main")).to_contain_text(f"{label} dipanggil")
    await desk.screenshot(path=pictures / "desk.png")

    await expect(display.locator("body")).to_contain_text(label)
    await expect(display.locator("html")).to_have_attribute("data-rung", str(rung + 1))
    await display.screenshot(path=pictures / "display.png")
    await expect(phone.locator("main")).to_contain_text(f"Loket {counter.label}")
    await phone.screenshot(path=pictures / "phone.png")

    await desk.get_by_role("button", name="Panggil ulang").click()
    await expect(display.locator("html")).to_have_attribute("data-rung", str(rung + 2))
    await desk.get_by_role("button", name="Mulai layani").click()
    await expect(phone.locator("main")).to_contain_text("dilayani")
    clock.forward(minutes=6)
    await desk.get_by_role("button", name=re.compile(r"^Selesai(?!,)")).click()
    await expect(phone.locator("main")).to_contain_text("elesai")

    manager = await open_page("/sign-in?to=/overview", 1366, 900)
    await sign_in_person(manager, "manajer", await hall.password_of("manajer"))
    await expect(manager).to_have_url(f"{server}/overview")
    await expect(manager.locator("html")).to_have_attribute("data-live", "live")
    async with httpx.AsyncClient(base_url=server) as api:
        answer = await api.get(
            f"/api/v1/malls/{hall.mall.slug}/metrics",
            headers={"Authorization": f"Bearer {hall.token(Role.MANAGER)}"},
            params={"from": "2026-11-23", "to": "2026-11-23"},
        )
    assert answer.json()["total"]["served"] == hall.served + 1
    await manager.screenshot(path=pictures / "overview.png")
