"""The kiosk in a real browser: hurried fingers, lost replies, nobody there, paper, reach and sight."""

import re
import tomllib
from typing import Any

import msgspec
import pytest
from browser_actions import sideways, unreadable
from browser_world import DEMO
from factories import MONDAY, TestClock, a_device, a_mall
from litestar import Litestar
from playwright.async_api import Page, Route, expect

from mpp.counters.rules.file import MallFile
from mpp.errors import Unavailable
from mpp.kiosk import queries
from mpp.security import Role

pytestmark = pytest.mark.browser

LIMIT = 150 * 1024
TOUCH = 72
SMALL_TARGETS = """(least) =>
  [...document.querySelectorAll("a, button, input:not([type=hidden]):not(.choice__box), .choice")]
    .filter((part) => part.offsetParent !== null)
    .map((part) => [part.textContent.trim(), part.getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""
SHAPES = [(1080, 1920), (1920, 1080), (320, 640)]


@pytest.fixture
async def open_kiosk(app: Litestar, server: str, clock: TestClock, open_page: Any) -> Any:
    """Open a signed-in kiosk of the demo's mall."""
    db = app.state.db
    mall = await a_mall(db, msgspec.convert(tomllib.loads(DEMO.read_text()), MallFile))
    app.state.malls.stale()
    token = await a_device(db, mall, Role.KIOSK)

    async def open_(path: str = "/kiosk", width: int = 1080, height: int = 1920) -> Page:
        page: Page = await open_page("/sign-in?device=true&to=/kiosk", width, height)
        await page.fill("input[name=token]", token)
        await page.locator("input[name=token]").press("Enter")
        await page.wait_for_url("**/kiosk")
        await page.goto(path)
        return page

    async def issued() -> int:
        counts = await db.read(queries.issued_since, mall.id, MONDAY)
        return sum(counts.values())

    open_.issued = issued  # type: ignore[attr-defined]
    return open_


def on_ticket() -> re.Pattern[str]:
    return re.compile(r"/kiosk/ticket/\d+")


async def test_hurried_fingers_get_one_number(open_kiosk: Any) -> None:
    page = await open_kiosk("/kiosk/service/ktp-el")
    await page.get_by_role("button", name="Ambil nomor").dblclick()
    await page.wait_for_url(on_ticket())
    await page.reload()
    await expect(page.locator(".ticket-label")).to_have_text("A-001")
    assert await open_kiosk.issued() == 1


async def test_a_lost_reply_is_asked_for_again_and_gives_the_same_number(open_kiosk: Any) -> None:
    page = await open_kiosk("/kiosk/service/ktp-el")
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        if route.request.method != "POST" or lost == 2:
            await route.continue_()
            return
        lost += 1
        await route.fetch(max_redirects=0)  # it reaches the server, the reply does not come back
        await route.abort("connectionreset")

    await page.route("**/kiosk/service/**", lose)
    await page.get_by_role("button", name="Ambil nomor").click()
    await expect(page.get_by_role("alert")).to_contain_text("Sambungan terputus")
    await page.wait_for_url(on_ticket())
    assert (lost, await open_kiosk.issued()) == (2, 1)


async def test_a_server_that_is_away_keeps_the_visitor_on_the_page(open_kiosk: Any) -> None:
    page = await open_kiosk()
    await page.route("**/*", lambda route: route.abort("connectionrefused"))
    await page.get_by_role("link", name="Dukcapil").last.click()
    await expect(page.get_by_role("alert")).to_contain_text("Sambungan terputus")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Anda ingin mengurus apa?")
    await page.unroute("**/*")
    await page.wait_for_url("**/kiosk/agency/dukcapil**")


async def test_a_database_that_comes_back_is_noticed_without_a_touch(
    app: Litestar, open_kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("tidak menjawab")

    page = await open_kiosk("/kiosk/service/ktp-el")
    with monkeypatch.context() as patch:
        patch.setattr(app.state.db, "execute", away)
        await page.get_by_role("button", name="Ambil nomor").click()
        await expect(page.get_by_role("alert")).to_contain_text("Sambungan terputus")
    await page.wait_for_url(on_ticket())
    with monkeypatch.context() as patch:
        patch.setattr(app.state.db, "read", away)
        await page.goto("/kiosk/agency/polres")
        await expect(page.locator("h1")).to_contain_text("Sistem sedang tidak dapat dihubungi")
    await expect(page.locator("h1")).to_have_text("Kepolisian Resor (Polres)")
    assert await open_kiosk.issued() == 1


async def test_a_kiosk_left_alone_begins_afresh_in_indonesian(open_kiosk: Any) -> None:
    page = await open_kiosk("/sign-in")
    await page.clock.install()
    await page.goto("/kiosk/agency/dukcapil?lang=en")
    await page.clock.run_for(24_000)
    more = page.get_by_role("button", name="More time")
    await expect(more).to_be_hidden()
    spoken = page.get_by_role("status")
    await expect(spoken).to_have_text(
        ""
    )  # there before its words are: else they are not read aloud
    await page.clock.run_for(2_000)
    await expect(more).to_be_visible()
    await expect(spoken).to_contain_text("starts over in a moment")
    await expect(page.locator("[data-idle-left]")).to_have_text("19")
    await more.click()
    await expect(more).to_be_hidden()
    await page.clock.run_for(44_000)
    assert "lang=en" in page.url
    await page.clock.run_for(2_000)
    await page.wait_for_url("**/kiosk?lang=id")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Anda ingin mengurus apa?")


async def test_the_ticket_leaves_by_itself_and_cannot_be_gone_back_to(open_kiosk: Any) -> None:
    page = await open_kiosk("/sign-in")
    await page.clock.install()
    await page.goto("/kiosk/service/ktp-el")
    await page.get_by_role("button", name="Ambil nomor").click()
    await page.wait_for_url(on_ticket())
    await expect(page.locator("[data-idle-left]")).to_be_visible()
    await page.clock.run_for(61_000)
    await page.wait_for_url("**/kiosk?lang=id")
    await page.go_back()
    assert "/kiosk/ticket/" not in page.url


async def test_search_finds_while_letters_are_touched(open_kiosk: Any) -> None:
    page = await open_kiosk("/kiosk/search")
    for letter in "paspro":
        await page.get_by_role("button", name=letter, exact=True).click()
    await expect(page.locator("#results")).to_contain_text("Paspor baru")
    await page.get_by_role("button", name="kosongkan").click()
    await expect(page.locator("#results")).to_contain_text("Ketik apa yang ingin Anda urus")
    await page.keyboard.type("ktp hilang")
    await expect(page.locator("#results .tile__title").first).to_contain_text("Penggantian KTP-el")
    assert page.url.endswith("q=ktp+hilang")
    count = await page.locator("#results .tile").count()
    await expect(page.get_by_role("status").first).to_have_text(f"{count} layanan cocok")
    await page.locator("#results .tile").first.click()
    await page.get_by_role("link", name="Kembali").click()
    await expect(page.locator("#results .tile__title").first).to_contain_text("Penggantian KTP-el")


async def test_a_kiosk_with_a_printer_prints_each_slip_once(open_kiosk: Any) -> None:
    page = await open_kiosk("/kiosk?print=58")
    await page.add_init_script(
        "window.print = () => { top.document.body.dataset.printed = document.title; }"
    )
    await page.get_by_role("link", name="Penggantian KTP-el").first.click()
    await page.get_by_role("button", name="Ambil nomor").click()  # the second touch, and the last
    await page.wait_for_url(on_ticket())
    slip = re.compile("A-001")
    await expect(page.locator("body")).to_have_attribute("data-printed", slip)
    assert "width=58" in str(await page.locator("iframe").get_attribute("src"))
    await page.reload()
    await expect(page.locator("[data-idle-left]")).to_be_visible()
    await expect(page.locator("iframe")).to_have_count(0)
    await page.get_by_role("link", name="Cetak lagi").click()
    await expect(page.locator("body")).to_have_attribute("data-printed", slip)


async def test_whoever_declines_paper_gets_none_and_no_page_more(open_kiosk: Any) -> None:
    page = await open_kiosk("/kiosk/service/paspor-baru?print=80", 1920, 1080)
    for choice in ("Lansia", "Tanpa kertas"):
        await expect(page.get_by_label(choice)).to_be_in_viewport()  # also on a wide screen
    await page.get_by_label("Tanpa kertas").check()
    await page.get_by_role("button", name="Ambil nomor").click()
    await page.wait_for_url(on_ticket())
    await expect(page.get_by_role("link", name="Cetak struk")).to_be_visible()
    await expect(page.locator("iframe")).to_have_count(0)


async def test_a_slip_is_one_page_of_its_paper(open_kiosk: Any) -> None:
    page = await open_kiosk("/kiosk/service/dok-lingkungan")
    await page.get_by_label("Lansia").check()
    await page.get_by_role("button", name="Ambil nomor").click()
    await page.wait_for_url(on_ticket())
    for width, points in (("80", 227), ("58", 164)):
        await page.goto(re.sub(r"/(ticket|slip)/(\d+).*", rf"/slip/\2?width={width}", page.url))
        pdf = await page.pdf(prefer_css_page_size=True)
        (box,) = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+)", pdf)
        assert round(float(box)) == points


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape[0]}x{shape[1]}")
async def test_every_page_can_be_seen_reached_and_read_aloud(
    open_kiosk: Any, shape: tuple[int, int]
) -> None:
    page = await open_kiosk("/kiosk", *shape)
    for path in (
        "/kiosk",
        "/kiosk?lang=en",
        "/kiosk/agency/polres",
        "/kiosk/service/paspor-baru",
        "/kiosk/service/paspor-baru?print=80",
        "/kiosk/search?q=paspor",
        "/kiosk/service/tidak-ada",
        "ticket",
    ):
        if path == "ticket":
            await page.goto("/kiosk/service/ktp-el")
            await page.get_by_role("button", name="Ambil nomor").click()
            await page.wait_for_url(on_ticket())
        else:
            await page.goto(path)
        assert await page.evaluate(SMALL_TARGETS, TOUCH) == [], path
        assert await sideways(page) <= 0, path
        assert await unreadable(page, "best-practice") == [], path


async def test_the_first_load_is_light(open_kiosk: Any) -> None:
    page = await open_kiosk("/sign-in")
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.clearBrowserCache")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto("/kiosk", wait_until="networkidle")
    assert len(sizes) > 10
    assert sum(sizes) < LIMIT


async def test_a_number_is_cancelled_by_touch_and_digits_are_on_the_keyboard(
    open_kiosk: Any,
) -> None:
    page = await open_kiosk("/kiosk/service/ktp-el")
    await page.get_by_role("button", name="Ambil nomor").click()
    await page.wait_for_url(on_ticket())
    await page.goto(page.url + "&wanted=elderly")
    await expect(page.get_by_role("button", name="Ganti menjadi")).to_be_visible()
    summary = page.get_by_text("Salah mengambil nomor?")
    assert (await summary.bounding_box() or {})["height"] >= TOUCH
    await summary.click()
    await page.get_by_role("button", name="Batalkan").click()
    await expect(page.locator("main")).to_contain_text("sudah dibatalkan")
    await page.goto("/kiosk/search")
    for key in "ak1":
        await page.locator(".keyboard__key").get_by_text(key, exact=True).click()
    await expect(page.locator("[name=q]")).to_have_value("ak1")
    await expect(page.locator("#results .tile__title").first).to_contain_text("AK-1")
