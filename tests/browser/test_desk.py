"""The desk and the phone in a real browser: by keyboard, by touch, live."""

import re
from typing import Any

import pytest
from browser_actions import sideways
from factories import Desk, TestClock, a_desk, a_mall, a_person, a_ticket, issued
from litestar import Litestar
from playwright.async_api import Page, expect

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.queries import counter_rows, ticket_rows
from mpp.queue.rules.life import Action, Priority, State
from mpp.security import COOKIE, Role

pytestmark = pytest.mark.browser


@pytest.fixture
async def hall(app: Litestar, server: str) -> Mall:
    mall: Mall = await a_mall(app.state.db)
    app.state.malls.stale()
    return mall


@pytest.fixture
async def db(app: Litestar, server: str) -> Database:
    database: Database = app.state.db
    return database


async def at_desk(open_page: Any, server: str, db: Database, hall: Mall, **more: Any) -> Page:
    """An officer of counter 1, signed in, whose desk is live."""
    session = await a_person(db, hall, Role.OFFICER, "rina", counters=["1"])
    cookie = {"name": COOKIE, "value": session, "url": server}
    page: Page = await open_page("/health/live", 1366, 768, **more)
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    await page.goto("/desk")
    if more.get("java_script_enabled", True):
        await expect(page.locator("html")).to_have_attribute("data-live", "live")
    return page


def told(page: Page) -> Any:
    return expect(page.locator("#desk-told"))


async def test_a_morning_at_the_desk_by_keyboard(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    page = await at_desk(open_page, server, db, hall)
    keys = page.keyboard
    await keys.press("Alt+b")
    await told(page).to_contain_text("Loket dibuka.")
    first = await a_ticket(db, hall)
    elderly = await a_ticket(db, hall, priority=Priority.ELDERLY)
    third = await a_ticket(db, hall)
    await expect(page.locator("#desk-waiting .desk-row")).to_have_count(3)  # live, not pressed
    await keys.press("F2")
    await told(page).to_contain_text("A-002 dipanggil.")
    await expect(page.locator("#desk-hand")).to_contain_text("Lansia")
    await expect(page).to_have_title(re.compile("^A-002 dipanggil · Loket 1"))
    await keys.press("F3")
    await expect(page.locator("#desk-hand")).to_contain_text("dipanggil 2 kali")
    await keys.press("F4")
    await expect(page.locator(".desk-timer")).to_contain_text("dijanjikan 10 menit")
    await expect(page.locator(".desk-needs")).to_contain_text("Fotokopi KK")
    await keys.press("F2")  # not offered while somebody is served: nothing happens
    await keys.press("Alt+t")
    dialog = page.locator("#desk-dialog")
    await expect(dialog).to_contain_text("Mengisi formulir")
    await keys.press("Space")
    await keys.press("Enter")
    await told(page).to_contain_text("A-002 ditunda.")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("#desk-parked")).to_contain_text("Mengisi formulir")
    await keys.press("F2")
    await told(page).to_contain_text("A-001 dipanggil.")
    await keys.press("F7")
    await told(page).to_contain_text("A-001 dicatat tidak hadir.")
    await keys.press("F2")
    await told(page).to_contain_text("A-003 dipanggil.")
    await keys.press("F4")
    await expect(page.locator("#desk-hand")).to_contain_text("Waktu layanan")
    await keys.press("F9")
    await told(page).to_contain_text("Tidak ada yang menunggu untuk loket ini.")
    states = [
        (await db.read(ticket_rows.ticket, hall.id, t.id)).state for t in (first, elderly, third)
    ]
    assert states == [State.NO_SHOW, State.PARKED, State.COMPLETED]


async def test_a_double_click_calls_once(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    await a_desk(db, hall, "1", clock)
    for _ in range(2):
        await a_ticket(db, hall)
    page = await at_desk(open_page, server, db, hall)
    await page.get_by_role("button", name=re.compile("Panggil berikutnya")).dblclick()
    await told(page).to_contain_text("A-001 dipanggil.")
    await expect(page.locator("#desk-waiting .desk-row")).to_have_count(1)


async def test_what_another_screen_did_is_told_and_shown(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    elsewhere: Desk = await a_desk(db, hall, "1", clock)
    await a_ticket(db, hall)
    page = await at_desk(open_page, server, db, hall)
    await page.get_by_role("button", name=re.compile("Panggil berikutnya")).click()
    button = page.get_by_role("button", name=re.compile("Mulai layani"))
    await expect(button).to_be_visible()
    await page.route("**/now", lambda route: route.abort())  # this page hears of nothing
    held = await db.read(counter_rows.in_hand, hall.id, elsewhere.counter_id)
    await elsewhere.do(held, Action.START)
    await button.click()
    await told(page).to_contain_text("Tidak dapat lagi: nomor ini sekarang dilayani.")
    await expect(page.get_by_role("button", name=re.compile("^Selesaikan"))).to_be_visible()


async def test_a_form_that_lacks_something_keeps_what_was_typed(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    await a_desk(db, hall, "1", clock)
    page = await at_desk(open_page, server, db, hall)
    await page.keyboard.press("Alt+j")
    dialog = page.locator("#desk-dialog")
    await dialog.get_by_role("button", name="Jeda").click()
    await expect(dialog).to_contain_text("Pilih atau tulis alasannya.")
    await dialog.get_by_label("Alasan lain").fill("Rapat kecil")
    await page.keyboard.press("Enter")
    await expect(page.locator("#desk-head")).to_contain_text("Jeda: Rapat kecil")


async def test_the_desk_works_without_scripts(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    await a_ticket(db, hall)
    page = await at_desk(open_page, server, db, hall, java_script_enabled=False)
    await page.get_by_role("button", name=re.compile("^Buka loket")).click()
    await page.get_by_role("button", name=re.compile("^Panggil berikutnya")).click()
    await page.get_by_role("button", name=re.compile("^Mulai layani")).click()
    await page.get_by_role("link", name=re.compile("^Hasil lain")).click()
    await page.get_by_label("Berkas belum lengkap").check()
    await page.get_by_role("button", name="Selesaikan").click()
    await told(page).to_contain_text("A-001 selesai.")


RECORDER = """
window.shaken = 0;
navigator.vibrate = (pattern) => { if (pattern) window.shaken += 1; return true; };
const start = OscillatorNode.prototype.start;
window.struck = 0;
OscillatorNode.prototype.start = function (...when) { window.struck += 1; return start.apply(this, when); };
"""


async def test_the_phone_flashes_shakes_and_rings_with_every_call(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    visit = await issued(db, hall)
    desk = await a_desk(db, hall, "2", clock)
    phone: Page = await open_page("/health/live", 390, 844, has_touch=True)
    await phone.add_init_script(RECORDER)
    await phone.goto(f"/v/{visit.visit_token}")
    await expect(phone.locator("html")).to_have_attribute("data-live", "live")
    await expect(phone).to_have_title(re.compile("^A-001 · Anda berikutnya"))
    await phone.locator(".phone-private").tap()  # browsers shake only what has been touched
    called = await desk.call()
    assert called is not None
    call = phone.locator(".phone-call")
    await expect(call).to_contain_text(re.compile(r"GILIRAN ANDA\s+Loket 2"))
    await expect(phone).to_have_title(re.compile("^GILIRAN ANDA – Loket 2"))
    flash = "element => getComputedStyle(element).animationName"
    assert await call.evaluate(flash) == "your-turn"
    await phone.wait_for_function("window.shaken >= 1 && window.struck > 0")
    await phone.locator(".phone-private").tap()  # noticed: it stops
    heard = await phone.evaluate("[window.shaken, window.struck]")
    await desk.do(called, Action.RECALL)
    await phone.wait_for_function(
        "([shaken, struck]) => window.shaken > shaken && window.struck > struck", arg=heard
    )
    await desk.do(called, Action.START)
    await expect(phone.locator("main")).to_contain_text("Anda sedang dilayani di Loket 2.")


async def test_the_phone_stays_still_where_motion_is_unwanted(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    visit = await issued(db, hall)
    desk = await a_desk(db, hall, "2", clock)
    await desk.call()
    phone: Page = await open_page(f"/v/{visit.visit_token}", 320, 640, reduced_motion="reduce")
    call = phone.locator(".phone-call")
    await expect(call).to_be_visible()
    assert (
        await call.evaluate("element => getComputedStyle(element).animationIterationCount") == "1"
    )
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 320


async def test_a_visitor_gives_up_with_one_question(
    open_page: Any, server: str, db: Database, hall: Mall
) -> None:
    visit = await issued(db, hall)
    phone: Page = await open_page(f"/v/{visit.visit_token}", 320, 640)
    await phone.get_by_role("link", name="Batalkan nomor ini").click()
    dialog = phone.locator("#phone-dialog")
    await dialog.get_by_role("link", name=re.compile("Tidak jadi")).click()
    await expect(dialog).to_be_hidden()
    await phone.get_by_role("link", name="Batalkan nomor ini").click()
    await dialog.get_by_role("button", name="Ya, batalkan").click()
    await expect(phone.locator("main")).to_contain_text("Nomor ini sudah dibatalkan.")
    await expect(dialog).to_be_hidden()


async def test_the_desk_fits_a_narrow_screen_in_every_state(
    open_page: Any, server: str, db: Database, hall: Mall, clock: TestClock
) -> None:
    page = await at_desk(open_page, server, db, hall)
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await sideways(page) <= 0
    await page.get_by_role("button", name="Buka loket").click()
    for _ in range(3):
        await a_ticket(db, hall, priority=Priority.ELDERLY)
    await expect(page.locator("#desk-waiting .desk-row")).to_have_count(3)
    for press in ("Panggil berikutnya", "Mulai layani"):
        assert await sideways(page) <= 0, press
        await page.get_by_role("button", name=re.compile(f"^{press}")).click()
        await expect(page.get_by_role("button", name=re.compile(f"^{press}"))).to_be_hidden()
    assert await sideways(page) <= 0


async def test_a_list_that_goes_on_below_the_fold_shows_it(
    open_page: Any, server: str, db: Database, hall: Mall
) -> None:
    for _ in range(25):
        await a_ticket(db, hall)
    page = await at_desk(open_page, server, db, hall)
    await page.keyboard.press("Alt+b")
    rows = page.locator("#desk-waiting .desk-list__rows")
    await expect(rows.locator(".desk-row")).to_have_count(20)
    await page.wait_for_function(  # what is "local" goes along with the rows and covers the cue at their end
        """() => {
          const list = document.querySelector("#desk-waiting .desk-list__rows");
          const painted = getComputedStyle(list).backgroundAttachment;
          return list.scrollHeight > list.clientHeight && painted === "local, scroll";
        }""",
        timeout=10_000,
    )
