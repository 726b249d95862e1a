"""The board in a real Chromium: seen, heard once, and honest when it is cut off."""

import asyncio
import os
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factories import SMALL_MALL, Desk, a_desk, a_mall, a_ticket
from playwright.async_api import Browser, Page, async_playwright

from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.queue.rules.life import Action
from tests.display.hall import Hall
from tests.display.proxy import BadLine

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("MPP_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WITH_SOUND = "--autoplay-policy=no-user-gesture-required"
NEW_YORK = "America/New_York"  # what the screen's own clock says must not matter
BUSY = 2  # s that a machine under test may take for its own; a mall's screen has none of it
WALL, TALL, PHONE = (1920, 1080), (1080, 1920), (320, 640)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Started as a mall's screens are: the bell needs no touch."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, WITH_SOUND]
        )
        yield browser
        await browser.close()


async def open_board(
    chromium: Browser, hall: Hall, size: tuple[int, int] = WALL, base: str | None = None
) -> Page:
    """The page, once it is live; what its scripts stumble over, the hall keeps."""
    context = await chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, timezone_id=NEW_YORK
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: hall.faults.append(str(error)))
    await page.goto((base or hall.base) + "/display?zone=a")
    await page.wait_for_selector("html[data-live=live]", state="attached")
    return page


async def shows(page: Page, selector: str, *, within_s: float = 5) -> None:
    await page.wait_for_selector(selector, state="attached", timeout=within_s * 1000)


async def text(page: Page, selector: str) -> str:
    return " ".join((await page.inner_text(selector)).split())


@pytest.fixture
async def desks(hall: Hall, mall: Mall) -> list[Desk]:
    """Counters 1 and 2, open, and six people who wait."""
    for _ in range(6):
        await a_ticket(hall.db, mall)
    return [await a_desk(hall.db, mall, label, hall.clock) for label in "12"]


async def test_a_call_is_shown_large_and_rings_once_a_recall_again_a_reload_not(
    chromium: Browser, hall: Hall, desks: list[Desk]
) -> None:
    page = await open_board(chromium, hall)
    assert "Belum ada panggilan" in await text(page, "[data-now]")
    called = await desks[0].call()
    assert called is not None
    await shows(page, "html[data-rung='1']")
    await shows(page, "[data-now][data-state=called].is-new")
    assert await text(page, ".hall-now__label") == "A-001"
    assert await text(page, ".hall-now__where") == "Loket 1"
    assert await text(page, ".hall-now__agency") == "Dinas Kependudukan dan Pencatatan Sipil"
    assert await text(page, "[data-list=current]") == "A-001 Loket 1 Dukcapil"
    assert "A-002 A-003 A-004" in await text(page, "[data-list=next]")
    assert "A-001, silakan menuju loket 1" in await text(page, "[data-announce]")
    assert await text(page, "[data-clock]") == "09.00"  # the mall's, not New York's
    await desks[0].do(called, Action.RECALL)
    await shows(page, "html[data-rung='2']")
    await shows(page, "html[data-sounded='2']")
    await page.reload()
    await shows(page, "html[data-live=live]")
    await desks[1].call()  # whatever the reload had rung again would be counted before this
    await shows(page, ".hall-now__label:text('A-002')")
    await shows(page, "html[data-sounded='1']")
    assert await page.get_attribute("html", "data-rung") == "1"


async def test_calls_that_come_together_have_the_large_field_one_after_another(
    chromium: Browser, hall: Hall, desks: list[Desk]
) -> None:
    page = await open_board(chromium, hall)
    await asyncio.gather(*(desk.call() for desk in desks))
    await shows(page, ".hall-now__label:text('A-001')")
    assert await page.get_attribute("html", "data-rung") == "1"
    await shows(page, ".hall-now__label:text('A-002')")
    assert await page.get_attribute("html", "data-rung") == "2"


@pytest.mark.slow
async def test_a_screen_that_is_cut_off_says_since_when_and_heals_by_itself(
    chromium: Browser, hall: Hall, desks: list[Desk]
) -> None:
    hall.clock.forward(seconds=30)
    page = await open_board(chromium, hall)
    await desks[0].call()
    await shows(page, "html[data-sounded='1']")
    await hall.stop()
    await shows(page, "html[data-live=stale]", within_s=14)
    assert await text(page, "[data-stale]") == "Terputus sejak 09.00, menyambung kembali …"
    assert await text(page, ".hall-now__label") == "A-001"  # old, grey, and not "no calls"
    assert await page.eval_on_selector("#content", "e => +getComputedStyle(e).opacity") < 0.5
    await hall.start()
    await shows(page, "html[data-live=live]", within_s=4)
    assert not await page.is_visible("[data-stale]")
    again = Desk(hall.db, desks[1].mall, desks[1].by, hall.clock)
    await again.call()
    await shows(page, "html[data-sounded='2']")
    assert await page.get_attribute("html", "data-rung") == "2"


@pytest.fixture
async def line(hall: Hall) -> AsyncIterator[tuple[BadLine, str]]:
    """A bad line to the hall, and the address behind it."""
    line = BadLine(hall.port)
    yield line, await line.start()
    await line.stop()


@pytest.mark.slow
async def test_a_line_that_dies_in_silence_is_noticed_and_replaced(
    chromium: Browser, hall: Hall, desks: list[Desk], line: tuple[BadLine, str]
) -> None:
    bad, address = line
    page = await open_board(chromium, hall, base=address)
    bad.freeze()
    await desks[0].call()
    await shows(page, "html[data-live=stale]", within_s=14)
    assert await page.get_attribute("html", "data-rung") == "0"
    await desks[1].call()
    bad.heal()
    await shows(page, "html[data-live=live]", within_s=2 + BUSY)
    assert "A-001" in await text(page, "[data-list=current]")
    assert "A-002" in await text(page, "[data-list=current]")
    await shows(page, "html[data-rung='2']")  # what nobody has heard yet is rung now, in turn


async def test_a_line_that_is_cut_is_back_before_anybody_notices(
    chromium: Browser, hall: Hall, desks: list[Desk], line: tuple[BadLine, str]
) -> None:
    bad, address = line
    page = await open_board(chromium, hall, base=address)
    for turn, desk in enumerate(desks, start=1):
        bad.cut()
        await desk.call()
        await shows(page, f"[data-list=current] [data-key='A-00{turn}']", within_s=2 + BUSY)
    assert await page.get_attribute("html", "data-live") == "live"
    await shows(page, "html[data-rung='2']")


async def test_a_slow_line_shows_everything_a_little_later(
    chromium: Browser, hall: Hall, desks: list[Desk], line: tuple[BadLine, str]
) -> None:
    bad, address = line
    page = await open_board(chromium, hall, base=address)
    bad.delay_s = 0.5
    for turn, desk in enumerate(desks, start=1):
        await desk.call()
        await shows(page, f"[data-list=current] [data-key='A-00{turn}']", within_s=2 + BUSY)
    assert await page.get_attribute("html", "data-live") == "live"


async def test_where_sound_is_not_allowed_yet_the_screen_asks_for_one_touch(
    hall: Hall, desks: list[Desk]
) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await open_board(browser, hall)
        await page.wait_for_selector("[data-sound-hint]", state="visible")
        await page.mouse.click(5, 5)  # anywhere
        await page.wait_for_selector("[data-sound-hint]", state="hidden")
        await desks[0].call()
        await shows(page, "html[data-rung='1'][data-sounded='1']")
        await browser.close()


@pytest.fixture
async def forty(hall: Hall) -> Mall:
    """A mall with forty counters, all in one zone, each with somebody at it and a queue."""
    document = tomllib.loads(SMALL_MALL)
    document["counter"] = [
        {"label": str(n), "zone": "a", "services": [{"service": "ktp-el"}]} for n in range(1, 41)
    ]
    document["officer"] = []
    mall: Mall = await a_mall(hall.db, msgspec.convert(document, MallFile))
    hall.app.state.malls.stale()
    for _ in range(60):
        await a_ticket(hall.db, mall)
    for counter in mall.counters:
        hall.clock.forward(seconds=1)
        await (await a_desk(hall.db, mall, counter.label, hall.clock)).call()
    hall.clock.forward(minutes=1)
    return mall


@pytest.mark.slow
async def test_forty_calls_turn_page_by_page_each_legible_and_whole(
    chromium: Browser, hall: Hall, forty: Mall
) -> None:
    async def turns(size: tuple[int, int]) -> None:
        page = await open_board(chromium, hall, size)
        first = await rows(page)
        assert first[0]["label"] == "A-040"
        assert 4 <= len(first) <= 9
        assert [row for row in first if row["cut"] or row["letters"] < 80] == []
        assert await text(page, "[data-pages=current]") == f"1 / {-(-40 // len(first))}"
        following = f"[data-list=current] [data-key='A-{40 - len(first):03d}']"
        await page.wait_for_selector(following, state="visible", timeout=9_000)
        second = await rows(page)
        assert {row["label"] for row in first}.isdisjoint(row["label"] for row in second)
        await page.close()

    await asyncio.gather(turns(WALL), turns(TALL))
    for size in (WALL, TALL, PHONE, (1366, 768)):
        page = await open_board(chromium, hall, size)
        assert (size, await sticks_out(page)) == (size, 0)
        await page.close()


async def sticks_out(page: Page) -> int:
    """How far anything reaches over the edge of the screen or of the large field, in pixels."""
    return int(
        await page.evaluate(
            """() => {
          const now = document.querySelector("[data-now]");
          const page = document.documentElement;
          return Math.max(
            page.scrollWidth - innerWidth,
            now.scrollWidth - now.clientWidth,
            now.scrollHeight - now.clientHeight,
          );
        }"""
        )
    )


async def rows(page: Page) -> list[dict[str, Any]]:
    """The calls of the page of the list that is shown: label, height of letters, cut off or not."""
    found: list[dict[str, Any]] = await page.eval_on_selector_all(
        "[data-list=current] > li:not([hidden])",
        """rows => rows.map((row) => {
          const list = row.parentElement.getBoundingClientRect();
          const label = row.querySelector("[data-part=label]");
          const box = row.getBoundingClientRect();
          return {
            label: label.textContent,
            letters: parseFloat(getComputedStyle(label).fontSize),
            cut: box.bottom > list.bottom + 1 || row.scrollWidth > row.clientWidth + 1,
          };
        })""",
    )
    return found


async def test_the_running_text_stands_still_for_who_wants_it(
    chromium: Browser, hall: Hall, mall: Mall
) -> None:
    page = await open_board(chromium, hall)
    moving = "e => getComputedStyle(e).animationName"
    assert await page.eval_on_selector("[data-ticker]", moving) == "ticker"
    await page.emulate_media(reduced_motion="reduce")
    assert await page.eval_on_selector("[data-ticker]", moving) == "none"


async def test_the_first_load_is_light_and_asks_nobody_else(
    chromium: Browser, hall: Hall, forty: Mall
) -> None:
    page = await (await chromium.new_context()).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    network = await page.context.new_cdp_session(page)
    weights: list[float] = []
    network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    await network.send("Network.enable")
    await page.goto(hall.base + "/display?zone=a", wait_until="networkidle")
    await page.wait_for_selector("html[data-live=live]", state="attached")
    assert [url for url in asked if not url.startswith(hall.base)] == []
    assert 20 < sum(weights) / 1024 < 150


async def test_a_reader_of_screens_finds_nothing_to_complain_of(
    chromium: Browser, hall: Hall, desks: list[Desk]
) -> None:
    await desks[0].call()
    await a_ticket(hall.db, desks[0].mall, "kk")
    context = await chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    page = await context.new_page()
    for width, height in (WALL, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(hall.base + "/display?zone=a")
        await page.wait_for_selector("html[data-live=live]", state="attached")
        await page.add_script_tag(path=AXE)
        found = await page.evaluate("async () => (await axe.run()).violations.map((v) => v.id)")
        assert (width, found) == (width, [])
