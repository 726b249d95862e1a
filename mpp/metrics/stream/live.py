"""The manager's live overview."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from mpp.counters.queries.shift_rows import Shift, present_shifts
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.pages.overview import OverviewOut, overview_out
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.spans import Story
from mpp.metrics.stream.reports import books, promise_of
from mpp.metrics.stream.today import Days

PACE_S = 1.0
"""An overview is drawn anew at most so often: whatever happens meanwhile is in the next one."""


async def overview(
    db: Database, days: Days, mall: Mall, *, version: int, now: datetime
) -> OverviewOut:
    """The mall as it stands, from today's events."""
    today = mall.day(now)

    def look(tx: Transaction) -> tuple[list[Story], dict[int, Shift]]:
        return days.stories(tx, mall.id, today), present_shifts(tx, mall.id)

    def count(stories: list[Story], shifts: dict[int, Shift]) -> OverviewOut:
        promises = {each.id: promise_of(each) for each in mall.services}
        agency_of = {each.id: each.agency_id for each in mall.services}
        made = books(mall, promises, agency_of, (By.HOUR, By.AGENCY))
        for book in made.values():
            book.add(stories)
        return overview_out(
            mall, stories, shifts, made[By.HOUR], made[By.AGENCY], version=version, now=now
        )

    return await asyncio.to_thread(count, *await db.read(look))


@dataclass
class Pace:
    """Lets one pass every `PACE_S`; the first at once."""

    _next: float = 0.0

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        pause = self._next - loop.time()
        if pause > 0:
            await asyncio.sleep(pause)
        self._next = loop.time() + PACE_S
