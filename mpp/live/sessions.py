"""Whoever may no longer look is shown nothing more, though their screen was opened while they might.

A guard is asked once, when a socket is opened, and a socket may stay open for a day. So one query, every
few seconds, asks for all sessions that hold sockets here which of them have ended.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()

EVERY_S = 2.0

Alive = Callable[[frozenset[str]], Awaitable[frozenset[str]]]
"""Given hashes of tokens, those that are still let in."""


class Sessions:
    """The sessions that hold open sockets. One per process; `run` must be running."""

    def __init__(self, alive: Alive) -> None:
        self._alive = alive
        self._open: dict[str, set[asyncio.Event]] = {}

    async def ended(self, hashed: str) -> None:
        """Wait until the token with this hash is let in no more."""
        over = asyncio.Event()
        self._open.setdefault(hashed, set()).add(over)
        try:
            await over.wait()
        finally:
            theirs = self._open[hashed]
            theirs.discard(over)
            if not theirs:
                del self._open[hashed]

    async def run(self) -> None:
        """Ask again and again, for as long as the application lives."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.ask()
            except Exception:
                # The database may be away: nobody has been shut out, and screens notice by themselves.
                log.exception("could not ask which sessions have ended")

    async def ask(self) -> None:
        """Ask once, and end what has ended."""
        held = frozenset(self._open)
        if not held:
            return
        for hashed in held - await self._alive(held):
            for over in self._open.get(hashed, ()):
                over.set()
