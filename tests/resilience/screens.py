"""A screen at the level of the protocol: it reads whole states and comes back by itself, as live.js does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

RETRY_S = 0.1
SILENCE_S = 10.0


@dataclass
class Screen:
    """What a live socket has told since it connected last, newest last."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0
    """How often it has connected."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last(self) -> dict[str, Any]:
        return self.heard[-1]

    async def watch(self) -> None:
        while True:
            try:
                async with connect(
                    self.address, additional_headers=self.headers, proxy=None, open_timeout=5
                ) as socket:
                    self.connections += 1
                    self.heard.clear()
                    while True:
                        async with asyncio.timeout(SILENCE_S):
                            self.heard.append(json.loads(await socket.recv()))
                        self.news.set()
            except (OSError, WebSocketException, EOFError):
                await asyncio.sleep(RETRY_S)

    async def until(self, seen: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The first state from now on (the present one included) for which `seen` holds."""
        async with asyncio.timeout(seconds):
            while not (self.heard and seen(self.last)):
                self.news.clear()
                await self.news.wait()
        return self.last


@asynccontextmanager
async def a_screen(
    base: str, path: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Screen]:
    """A screen that watches `path` as long as the block runs."""
    screen = Screen(base.replace("http", "ws", 1) + path, headers or {})
    watching = asyncio.create_task(screen.watch())
    try:
        yield screen
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def eventually(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for something that nobody announces."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - that is what it is for
            await asyncio.sleep(0.01)


def labels(board: Mapping[str, Any]) -> list[str]:
    """The numbers that a board calls now."""
    return [each["label"] for each in board["called"]]


def shows(label: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a board calls this number now."""
    return lambda board: label in labels(board)


def at_least(version: int) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a state is so new."""
    return lambda state: bool(state["version"] >= version)
