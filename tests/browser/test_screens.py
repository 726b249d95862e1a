"""Every screen for those who look at it: from afar, at night, by ear, by the mall's clock."""

import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from browser_actions import RULES, sideways, unreadable
from factories import (
    SMALL_MALL,
    Desk,
    TestClock,
    a_desk,
    a_device,
    a_mall,
    a_person,
    a_ticket,
    issued,
    mall_file,
)
from litestar import Litestar
from playwright.async_api import Page, expect

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.rules.life import Action, Priority
from mpp.security import COOKIE, Role

pytestmark = pytest.mark.browser

LONG = "Mal Pelayanan Publik Kabupaten Kepulauan Tanimbar"
WALLS = ((1920, 1080), (1080, 1920))
STILL = {"reduced_motion": "reduce"}
THEMED = ("color-contrast",)  # what may differ between two themes of one page
SETTLED = "() => !document.getAnimations().some((each) => each instanceof CSSTransition)"


@pytest.fixture
async def mall(app: Litestar, server: str) -> Mall:
    """A mall in the east of the country, with a long name."""
    text = SMALL_MALL.replace("Dinas Kependudukan", "Dinas Pemberdayaan Perempuan, Kependudukan")
    mall: Mall = await a_mall(app.state.db, mall_file(text, name=LONG, time_zone="Asia/Jayapura"))
    app.state.malls.stale()
    return mall


@pytest.fixture
async def db(app: Litestar, server: str) -> Database:
    database: Database = app.state.db
    return database


async def signed_in(page: Page, server: str, session: str) -> Page:
    cookie = {"name": COOKIE, "value": session, "url": server}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


async def live(page: Page) -> None:
    await expect(page.locator("html")).to_have_attribute("data-live", "live")


NEXT = """() => [...document.querySelectorAll("[data-list=next] > li:not([hidden])")].map((row) => {
  const labels = row.querySelector(".hall-line__labels");
  const box = labels.getBoundingClientRect();
  const numbers = [...labels.children].map((number) => {
    const { top, bottom, right, height } = number.getBoundingClientRect();
    const isShown = top < box.bottom - 1;
    const isOneLine = height < 1.5 * box.height;
    return { isShown, isWhole: isOneLine && bottom <= box.bottom + 1 && right <= box.right + 1 };
  });
  const about = row.querySelector(".hall-line__about").getBoundingClientRect();
  const { fontSize, fontWeight, fontFamily } = getComputedStyle(labels);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  const capital = pen.measureText("H").actualBoundingBoxAscent;
  return { letters: parseFloat(fontSize), capital, numbers, about: about.width };
})"""
MM_HIGH = 685  # of a 55-inch screen, 16 to 9
HALF_OF_FULL_EYESIGHT = 10 / 60  # degrees that a letter must fill


async def test_who_comes_next_is_read_at_ten_metres(
    open_page: Any, db: Database, mall: Mall, pictures: Path
) -> None:
    for service in ("ktp-el", "kk", "paspor"):
        for _ in range(3):
            await a_ticket(db, mall, service)
    page = await open_page("/display", *WALLS[0])
    for width, height in (*WALLS, (3840, 2160), (1280, 1024)):
        await page.set_viewport_size({"width": width, "height": height})
        await live(page)
        rows = await page.evaluate(NEXT)
        assert len(rows) == 3
        lines = min(width, height) / 1080
        least_mm = 10_000 * math.tan(math.radians(HALF_OF_FULL_EYESIGHT))
        for row in rows:
            assert 62 * lines <= row["letters"] <= 75 * lines
            assert row["capital"] * MM_HIGH / (1080 * lines) >= least_mm
            shown = [each for each in row["numbers"] if each["isShown"]]
            assert len(shown) >= (3 if width != 1280 else 2)
            assert all(each["isWhole"] for each in shown)
            assert row["about"] > 100 * lines
        await page.screenshot(path=pictures / f"next-{width}.png")


async def test_every_screen_tells_the_malls_time(
    open_page: Any, server: str, db: Database, mall: Mall, clock: TestClock
) -> None:
    """Where it is eleven: neither New York's time nor that of a device whose clock stands at 2001."""
    desk = await a_desk(db, mall, "1", clock)
    visit = await issued(db, mall)
    await a_ticket(db, mall)
    held = await desk.start()
    await desk.do(held, Action.PARK, reason="Mengisi formulir", until=clock().replace(minute=20))
    token = await a_device(db, mall, Role.KIOSK)

    async def there(path: str, session: str | None = None) -> Page:
        page: Page = await open_page("/health/live", 1366, 768, timezone_id="America/New_York")
        if session:
            await signed_in(page, server, session)
        await page.clock.install(time=datetime(2001, 1, 1, tzinfo=UTC))
        await page.goto(path)
        return page

    officer = await a_person(db, mall, Role.OFFICER, "rina", counters=["1"])
    manager = await a_person(db, mall, Role.MANAGER, "kepala")
    board, phone = await there("/display"), await there(f"/v/{visit.visit_token}")
    officers = await there("/desk", officer)
    managers = await there("/overview", manager)
    await expect(board.locator("[data-clock]")).to_have_text("11.00")
    await expect(board.locator("[data-date]")).to_contain_text("23 November 2026")
    await expect(phone.locator("main")).to_contain_text("sebelum 11.20")
    await expect(officers.locator("#desk-waiting")).to_contain_text("sejak 11.00")
    await expect(managers.locator("main")).to_contain_text("keadaan pukul 11.00")
    for page in (board, phone, officers, managers):
        await live(page)
        await page.clock.fast_forward(11_000)  # nothing was heard meanwhile
        await expect(page.locator("[data-stale-text]")).to_have_text(
            "Terputus sejak 11.00, menyambung kembali …"
        )
    kiosk = await there("/sign-in?device=true&to=/kiosk")
    await kiosk.fill("input[name=token]", token)
    await kiosk.locator("input[name=token]").press("Enter")
    await kiosk.wait_for_url("**/kiosk")
    await kiosk.goto("/kiosk/service/ktp-el")
    await kiosk.get_by_role("button", name="Ambil nomor").click()
    await kiosk.wait_for_url(re.compile(r"/kiosk/ticket/\d+"))
    await kiosk.goto(kiosk.url.replace("/ticket/", "/slip/"))
    await expect(kiosk.locator("body")).to_contain_text("11.00")


HEADER = """() => {
  const boxes = (parts) => [...document.querySelectorAll(parts)].map((part) => part.getBoundingClientRect());
  const [bar] = boxes(".site-header__bar");
  const parts = boxes(".site-header__bar > *");
  const items = boxes(".site-header .nav__item");
  const [name] = boxes(".site-header__name");
  return {
    parts: parts.length,
    lowest: Math.max(...parts.map((part) => part.top)),
    highest: Math.min(...parts.map((part) => part.bottom)),
    height: bar.height,
    items: items.length,
    rows: new Set(items.map((item) => item.top)).size,
    name: name.width,
    isBeside: name.right <= parts[1].left,
  };
}"""


async def test_the_header_stands_in_one_row(
    open_page: Any, server: str, db: Database, mall: Mall, pictures: Path
) -> None:
    session = await a_person(db, mall, Role.MANAGER, "maria-magdalena-kelmaskosu")
    page = await signed_in(await open_page("/health/live", 1280, 800), server, session)
    for language in ("id", "en"):
        await page.goto(f"/overview/targets?lang={language}")
        await page.screenshot(path=pictures / f"header-{language}.png")
        found = await page.evaluate(HEADER)
        assert (found["parts"], found["items"], found["rows"]) == (3, 7, 1)
        assert found["lowest"] < found["highest"]
        assert found["height"] <= 96
        assert found["name"] > 100
        assert found["isBeside"]
        assert await sideways(page) <= 0


async def in_both_themes(page: Page, pictures: Path, name: str) -> list[str]:
    """What is wrong with the page on a light and on a dark phone; it has to be dark there."""
    found = []
    themes: dict[Literal["light", "dark"], Any] = {"light": THEMED, "dark": RULES}
    for theme, rules in themes.items():
        await page.emulate_media(color_scheme=theme)
        await page.wait_for_function(SETTLED)
        await page.screenshot(path=pictures / f"{name}-{theme}.png", full_page=True)
        found += [f"{name}, {theme}: {each}" for each in await unreadable(page, rules=rules)]
        lightness = await page.evaluate(
            "Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3))"
        )
        assert (lightness < 64) is (theme == "dark"), (name, theme, lightness)
    return found


async def test_a_visitors_pages_are_read_by_day_and_by_night(
    open_page: Any, db: Database, mall: Mall, clock: TestClock, pictures: Path
) -> None:
    desk: Desk = await a_desk(db, mall, "2", clock)
    first, second, third = [await issued(db, mall) for _ in range(3)]
    page: Page = await open_page(f"/v/{first.visit_token}", 390, 844)
    main = page.locator("main")
    wrong: list[str] = []

    async def look(name: str, words: str) -> None:
        await expect(main).to_contain_text(words)
        wrong.extend(await in_both_themes(page, pictures, f"phone-{name}"))

    await look("waiting", "Anda berikutnya")
    called = await desk.call()
    assert called is not None
    await look("called", "GILIRAN ANDA")
    await desk.do(called, Action.START)
    await look("served", "Anda sedang dilayani")
    await desk.do(called, Action.PARK, reason="Mengisi formulir")
    await look("parked", "ditunda sebentar")
    await desk.do(called, Action.RESUME)
    await desk.do(called, Action.START)
    await desk.do(called, Action.COMPLETE)
    await look("completed", "Selesai")
    await page.get_by_role("button", name="Nilai layanan ini").click()
    await look("survey", "Bagaimana layanan kami?")
    await page.get_by_role("button", name="Sangat puas").click()
    await page.locator("input[name=u1][value='4']").check()
    await page.locator("details").evaluate("details => { details.open = true; }")
    await look("survey-answered", "Terima kasih: Sangat puas.")
    await page.get_by_role("button", name="Kirim penilaian").click()
    await look("survey-done", "Penilaian Anda sudah kami terima")
    missed = await desk.call()
    assert missed is not None
    await desk.do(missed, Action.MISS)
    await page.goto(f"/v/{second.visit_token}")
    await look("missed", "Anda belum datang")
    await page.goto(f"/v/{third.visit_token}")
    await page.get_by_role("link", name="Batalkan nomor ini").click()
    await expect(page.locator("#phone-dialog")).to_be_visible()
    wrong.extend(await in_both_themes(page, pictures, "phone-dialog"))
    await page.get_by_role("button", name="Ya, batalkan").click()
    await look("cancelled", "Nomor ini sudah dibatalkan.")
    await page.goto("/v/nobody")
    await look("unknown", "Nomor tidak ditemukan")
    assert wrong == []


async def test_the_desk_and_all_its_dialogs_can_be_read(
    open_page: Any, server: str, db: Database, mall: Mall, clock: TestClock, pictures: Path
) -> None:
    desk: Desk = await a_desk(db, mall, "1", clock)
    for priority in (Priority.REGULAR, Priority.ELDERLY, Priority.REGULAR, Priority.REGULAR):
        await a_ticket(db, mall, priority=priority)
    await desk.do(await desk.start(), Action.PARK, reason="Mengisi formulir")
    missed = await desk.call()
    assert missed is not None
    await desk.do(missed, Action.MISS)
    session = await a_person(db, mall, Role.OFFICER, "rina", counters=["1"])
    page = await open_page("/health/live", 1366, 768, **STILL)
    await signed_in(page, server, session)
    await page.goto("/desk")
    await live(page)
    dialog = page.locator("#desk-dialog")
    asked: set[str] = set()
    wrong: list[str] = []

    async def look(state: str) -> None:
        """The page, and every question that its buttons ask and that was not seen before."""
        await expect(page.locator("main")).to_contain_text(state)
        wrong.extend(f"{state}: {each}" for each in await unreadable(page))
        await page.screenshot(path=pictures / f"desk-{state}.png")
        asking = "links => links.map((link) => link.dataset.key)"
        for key in await page.locator("[data-ask]").evaluate_all(asking):
            action = re.sub(r"-ask\d*$", "", key)
            if action in asked:
                continue
            asked.add(action)
            await page.locator(f"[data-ask][data-key='{key}']").click()
            await expect(dialog).to_be_visible()
            await page.screenshot(path=pictures / f"desk-dialog-{action}.png")
            found = await unreadable(page, within="#desk-dialog")
            wrong.extend(f"{state}, {action}: {each}" for each in found)
            await page.keyboard.press("Escape")
            await expect(dialog).to_be_hidden()

    await look("Panggil berikutnya")
    await desk.call()
    await look("Mulai layani")
    await page.get_by_role("button", name=re.compile("^Mulai layani")).click()
    await look("Waktu layanan")
    await page.keyboard.press("F1")
    await expect(page.locator("#desk-keys")).to_be_visible()
    wrong.extend(f"keys: {each}" for each in await unreadable(page))
    await page.keyboard.press("Escape")
    assert {"pause", "call", "requeue", "cancel", "complete", "park", "transfer", "refer"} <= asked
    assert wrong == []


async def test_the_board_can_be_read(
    open_page: Any, db: Database, mall: Mall, clock: TestClock, pictures: Path
) -> None:
    desk: Desk = await a_desk(db, mall, "1", clock)
    for _ in range(3):
        await a_ticket(db, mall)
    await desk.serve()
    await desk.call()
    page = await open_page("/display?zone=a", *WALLS[0], **STILL)
    await live(page)
    await page.screenshot(path=pictures / "board.png")
    fits = "now => now.scrollHeight <= now.clientHeight"  # with an agency of two lines
    assert await page.locator("[data-now]").evaluate(fits)
    assert await unreadable(page) == []
