"""Pages that stay open while the server is restarted: they show what is true, or say that they cannot."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from factories import TestClock, a_desk, a_mall, a_person, issued
from playwright.async_api import expect

from mpp.config import Settings
from mpp.counters.rules.mall import Mall
from mpp.security import COOKIE, Role
from tests.display.hall import Hall

pytestmark = pytest.mark.browser


@pytest.fixture
async def hall(settings: Settings, clock: TestClock) -> AsyncIterator[Hall]:
    hall = Hall(settings, clock)
    await hall.start()
    yield hall
    await hall.stop()


@pytest.fixture
async def mall(hall: Hall) -> Mall:
    mall: Mall = await a_mall(hall.db)
    hall.app.state.malls.stale()
    return mall


@pytest.fixture
def server(hall: Hall) -> str:
    return hall.base


async def test_after_a_restart_with_a_lower_clock_pages_follow_the_new_server(
    hall: Hall, mall: Mall, clock: TestClock, open_page: Any
) -> None:
    """Versions are of the machine's clock: those of the new server are lower than what pages have seen."""
    desk = await a_desk(hall.db, mall, "1", clock)
    made = await issued(hall.db, mall)
    session = await a_person(hall.db, mall, Role.OFFICER, "rina", counters=["1"])
    phone = await open_page(f"/v/{made.visit_token}", 390, 844)
    officer = await open_page("/health/live", 1366, 768)
    await officer.context.add_cookies([{"name": COOKIE, "value": session, "url": hall.base}])
    await officer.goto(f"/desk/{desk.counter_id}")
    for page in (phone, officer):
        await expect(page.locator("html")).to_have_attribute("data-live", "live")
    await issued(hall.db, mall)  # something happens, so that the pages have heard a version
    await expect(officer.locator("main")).to_contain_text("A-002")

    await hall.stop()
    hall.behind_s = 600
    await hall.start()
    desk.db = hall.db
    called = await desk.call()
    assert called is not None

    await expect(phone.locator("main")).to_contain_text("GILIRAN ANDA")
    await expect(officer.get_by_role("button", name="Mulai layani")).to_be_visible()
