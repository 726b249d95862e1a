"""The malls as every request needs them: read once, kept until their revision changes."""

import asyncio
import time

from mpp.counters.queries import mall_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import NotFound

FRESH_S = 1.0
"""A change made by another process (`mpp load`) is seen after so long at the latest."""


class Malls:
    """All malls of this installation, one per process. Cheap to ask: most answers come from memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, Mall] = {}
        self._checked = float("-inf")
        self._checking = asyncio.Lock()

    async def get(self, slug: str) -> Mall:
        """The mall with this slug; `NotFound` when there is none."""
        await self._refresh()
        try:
            return self._known[slug]
        except KeyError:
            raise NotFound("Mal itu tidak ada.", field="mall") from None

    async def by_id(self, mall_id: int) -> Mall:
        await self._refresh()
        for mall in self._known.values():
            if mall.id == mall_id:
                return mall
        raise NotFound("Mal itu tidak ada.", field="mall")

    async def all(self) -> list[Mall]:
        """Every mall, in the order they were made."""
        await self._refresh()
        return list(self._known.values())

    def stale(self) -> None:
        """Ask the database again at the next use."""
        self._checked = float("-inf")

    async def _refresh(self) -> None:
        if time.monotonic() - self._checked < FRESH_S:
            return
        async with self._checking:
            if time.monotonic() - self._checked < FRESH_S:
                return
            revisions = await self._db.read(mall_rows.mall_revisions)
            self._known = {
                slug: known
                if (known := self._known.get(slug)) and known.revision == revision
                else await self._db.read(mall_rows.mall, slug)
                for slug, revision in revisions.items()
            }
            self._checked = time.monotonic()
