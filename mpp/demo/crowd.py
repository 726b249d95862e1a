"""Many people at once, who all leave when the crowd does."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

log = structlog.get_logger()


class Crowd:
    """Tasks that live as long as the block. One that fails is logged and missed; the others go on."""

    def __init__(self) -> None:
        self._people: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self._people:
            each.cancel()
        await asyncio.gather(*self._people, return_exceptions=True)

    def add(self, life: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(life)
        self._people.add(task)
        task.add_done_callback(self._gone)

    async def stay(self) -> None:
        """Wait until everybody has left by themselves."""
        while self._people:
            await asyncio.wait(self._people)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._people.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("somebody in the demo failed", exc_info=error)
