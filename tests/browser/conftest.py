"""A real Chromium, and the demo's mall to walk through."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

CHROMIUM = os.environ.get("MPP_TEST_CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium; only what the machine itself serves is reachable."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser, server: str) -> AsyncIterator[Open]:
    """Open a page of the server on a screen of its own size, with its own cookies.

    Anything that a page asks of another host, and any error that it reports, fails the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    async def open_(path: str, width: int, height: int, **options: Any) -> Page:
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, base_url=server, locale="id-ID", **options
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
                else wrong.append(f"{page.url} asked for {request.url}")
            ),
        )
        await page.goto(path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert wrong == []


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: `MPP_PICTURES`, or a folder that is thrown away."""
    folder = Path(os.environ.get("MPP_PICTURES", tmp_path / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
