"""What people do in a browser: sign in, read a QR code, see whether everybody can read the page."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import zxingcpp
from factories import a_person
from PIL import Image
from playwright.async_api import Locator, Page

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.security import COOKIE, Role

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


async def read_qr(part: Locator) -> str:
    """What somebody else's decoder reads in the picture of this part of the page."""
    picture = Image.open(BytesIO(await part.screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    return str(code.text)


async def sign_in_device(page: Page, token: str) -> None:
    await page.fill("input[name=token]", token)
    await page.get_by_role("button", name="Pasang perangkat ini").click()


async def sign_in_person(page: Page, username: str, password: str) -> None:
    await page.fill("input[name=username]", username)
    await page.fill("input[name=password]", password)
    await page.get_by_role("button", name="Masuk", exact=True).click()


async def a_leaders_page(
    open_page: Any,
    server: str,
    db: Database,
    mall: Mall,
    width: int = 1366,
    height: int = 900,
    role: Role = Role.MANAGER,
) -> Page:
    """A browser in which a leader of the mall is signed in already."""
    session = await a_person(db, mall, role, f"kepala{width}")
    page: Page = await open_page("/health/live", width, height)
    cookie = {"name": COOKIE, "value": session, "url": server}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


async def unreadable(
    page: Page, *more: str, within: str = "html", rules: Sequence[str] = RULES
) -> list[str]:
    """What in the page, or in a part of it, breaks WCAG 2.2 AA and `more`, as far as a machine can tell.

    `rules`: axe's tags, or names of its rules.
    """
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "([part, ...rules]) => axe.run(part, { runOnly: rules })", [within, *rules, *more]
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:150]}" for each in found["violations"]]


async def sideways(page: Page) -> int:
    """How many pixels of the page can only be reached by scrolling sideways."""
    return int(
        await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )
