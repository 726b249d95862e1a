"""What a kiosk and a display load first, over the wire, in a browser that has never been there.

The demo's mall in a busy hour: people wait for every service, and every counter has somebody. Chromium
tells what came (heads and bodies as they were sent), and whom it asked.
"""

import asyncio
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from playwright.async_api import BrowserContext, CDPSession, async_playwright

from benchmarks import worlds
from benchmarks.context import Bench
from benchmarks.crowd import queue_up
from benchmarks.databases import SQLITE
from benchmarks.figures import Line, not_measured
from benchmarks.servers import Server, product
from mpp import schema
from mpp.clock import system_clock
from mpp.demo.tokens import Tokens
from mpp.demo.world import prepare

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
MOST_KIB = 150
WAITING = 300
SETTLE_S = 1.5


@dataclass
class Seen:
    """What the browser fetched for one page."""

    hosts: set[str] = field(default_factory=set)
    urls: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    socket: int = 0
    """Bytes of the live messages that came meanwhile."""

    def asked(self, event: dict[str, str]) -> None:
        url = event["request"]["url"]  # type: ignore[index]
        if url.startswith("data:"):
            return
        self.urls[event["requestId"]] = url
        self.hosts.add(urlsplit(url).netloc)

    async def listen(self, session: CDPSession) -> None:
        """Note everything from now on."""
        await session.send("Network.enable")
        session.on("Network.requestWillBeSent", self.asked)
        session.on("Network.webSocketCreated", lambda e: self.hosts.add(urlsplit(e["url"]).netloc))
        session.on("Network.webSocketFrameReceived", self._heard)
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, float]) -> None:
        self.sizes[str(event["requestId"])] = int(event["encodedDataLength"])

    def _heard(self, event: dict[str, dict[str, str]]) -> None:
        self.socket += len(event["response"]["payloadData"])

    @property
    def total(self) -> int:
        return sum(self.sizes.values()) + self.socket


async def measure(bench: Bench) -> list[Line]:
    """One load of each page."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        return [not_measured("kiosk and display first load", "no Chromium on this machine")]
    bench.say("preparing the demo's mall for a browser")
    url = await bench.databases.empty(SQLITE, "pages")
    tokens = await _prepared(url)
    async with product(url, bench.databases.folder, bench.cores.server) as server:
        await _everybody_calls(server, tokens)
        lines = []
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
            for what, path, token in (
                ("kiosk", "/kiosk", tokens.kiosks[0].token),
                ("display", f"/display?zone={tokens.displays[0].zone}", tokens.displays[0].token),
            ):
                bench.say(f"{what} in a browser")
                context = await browser.new_context()
                lines.append(_line(what, server, await _load(context, server, path, token)))
                await context.close()
            await browser.close()
    return lines


async def _prepared(url: str) -> Tokens:
    """The demo's mall with people who wait."""
    await schema.migrate(url)
    async with worlds.opened(url) as db:
        world = await prepare(db, system_clock, base="")
    await worlds.at_once(url, queue_up, world.mall, WAITING, now=system_clock())
    return world.tokens


async def _everybody_calls(server: Server, tokens: Tokens) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}/api/v1") as client:
        for counter in tokens.counters:
            head = {"Authorization": f"Bearer {counter.token}"}
            answer = await client.post(f"/counters/{counter.id}/call-next", headers=head)
            answer.raise_for_status()


async def _load(context: BrowserContext, server: Server, path: str, token: str) -> Seen:
    base = f"http://127.0.0.1:{server.port}"
    signed_in = await context.request.post(
        f"{base}/sign-in", form={"token": token}, max_redirects=0
    )
    if signed_in.status != 303:
        raise RuntimeError(f"signing in was answered {signed_in.status}")
    page = await context.new_page()
    seen = Seen()
    await seen.listen(await context.new_cdp_session(page))
    answer = await page.goto(base + path, wait_until="load")
    if answer is None or not answer.ok or urlsplit(page.url).path != urlsplit(path).path:
        raise RuntimeError(f"{path} led to {page.url}")
    await page.wait_for_load_state("networkidle")
    await asyncio.sleep(SETTLE_S)  # the first live message
    return seen


def _line(what: str, server: Server, seen: Seen) -> Line:
    foreign = seen.hosts - {f"127.0.0.1:{server.port}"}
    largest = sorted(seen.sizes.items(), key=lambda item: -item[1])[:4]
    named = ", ".join(
        f"{urlsplit(seen.urls[key]).path} {size / 1024:.1f}"
        for key, size in largest
        if key in seen.urls
    )
    asked = f"outside requests: {', '.join(sorted(foreign))}" if foreign else "no outside request"
    return Line(
        f"{what} first load",
        ours=f"{seen.total / 1024:.1f} KiB",
        aim=f"≤ {MOST_KIB} KiB, no outside request",
        is_met=seen.total <= MOST_KIB * 1024 and not foreign,
        details=(
            f"{len(seen.sizes)} requests, {asked}; the largest, KiB: {named}; live messages "
            f"{seen.socket / 1024:.1f}",
        ),
    )
