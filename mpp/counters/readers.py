"""The malls as every request needs them: read once, kept until their revision changes."""

import asyncio
import time
from collections.abc import Sequence

from mpp.counters.queries import mall_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import NotFound

FRESH_S = 1.0
"""A change made by another process (`mpp load`) is seen after so long at the latest."""

AT_ONCE = 10  # malls that are read together


class Malls:
    """All malls of this installation, one per process. Cheap to ask: most answers come from memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, Mall] = {}
        self._by_id: dict[int, Mall] = {}
        self._checked = float("-inf")
        self._told_stale = 0
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
        try:
            return self._by_id[mall_id]
        except KeyError:
            raise NotFound("Mal itu tidak ada.", field="mall") from None

    async def all(self) -> list[Mall]:
        """Every mall, in the order they were made."""
        await self._refresh()
        return list(self._known.values())

    def stale(self) -> None:
        """Ask the database again at the next use, even while an older answer is on its way."""
        self._told_stale += 1
        self._checked = float("-inf")

    async def _refresh(self) -> None:
        if time.monotonic() - self._checked < FRESH_S:
            return
        async with self._checking:
            if time.monotonic() - self._checked < FRESH_S:
                return
            told, asked = self._told_stale, time.monotonic()
            await self._compare()
            # From when it was asked: what is committed, or said to be stale, while the answer is on
            # its way is not in it.
            self._checked = asked if told == self._told_stale else float("-inf")

    async def _compare(self) -> None:
        revisions = await self._db.read(mall_rows.mall_revisions)
        same = {
            slug: mall for slug, mall in self._known.items() if revisions.get(slug) == mall.revision
        }
        news = [slug for slug in revisions if slug not in same]
        known = same | {mall.slug: mall for mall in await self._read(news)}
        self._known = {slug: known[slug] for slug in revisions if slug in known}
        self._by_id = {mall.id: mall for mall in known.values()}

    async def _read(self, slugs: Sequence[str]) -> list[Mall]:
        """Some at a time: putting a nation's malls together takes a second, and others wait for the loop."""
        found: list[Mall] = []
        for n in range(0, len(slugs), AT_ONCE):
            found += await self._db.read(mall_rows.malls_named, slugs[n : n + AT_ONCE])
        return found
