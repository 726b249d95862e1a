"""The manager's live overview."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mpp.counters.queries.shift_rows import Shift, present_shifts
from mpp.counters.rules.mall import Mall, ShiftState
from mpp.db.seam import Database, Transaction
from mpp.metrics.pages.overview import OverviewOut, overview_out
from mpp.metrics.pages.plan import Background
from mpp.metrics.queries import target_rows
from mpp.metrics.queries.target_rows import Change, DayPlan
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.spans import Story
from mpp.metrics.stream.plan import UNKNOWN, Known
from mpp.metrics.stream.reports import books, promise_of
from mpp.metrics.stream.today import Days

PACE_S = 1.0
"""An overview is drawn anew at most so often: whatever happens meanwhile is in the next one."""


@dataclass(frozen=True)
class Seen:
    """The overview, and what it was drawn against."""

    out: OverviewOut
    background: Background


class _Look(NamedTuple):
    stories: list[Story]
    shifts: dict[int, Shift]
    change: Change
    plan: DayPlan | None
    paused: dict[int, datetime]


async def overview(
    db: Database, days: Days, mall: Mall, *, version: int, now: datetime, known: Known = UNKNOWN
) -> Seen:
    """The mall as it stands, from today's events. `known`: what is remembered of other days."""
    today = mall.day(now)

    def look(tx: Transaction) -> _Look:
        shifts = present_shifts(tx, mall.id)
        is_paused = any(each.state is ShiftState.PAUSED for each in shifts.values())
        return _Look(
            stories=days.stories(tx, mall.id, today),
            shifts=shifts,
            change=target_rows.present(tx, mall.id),
            plan=target_rows.plan_of(tx, mall.id, today),
            paused=target_rows.paused_since(tx, mall.id, today) if is_paused else {},
        )

    return await asyncio.to_thread(_count, mall, await db.read(look), known, version, now)


def _count(mall: Mall, found: _Look, known: Known, version: int, now: datetime) -> Seen:
    promises = {each.id: promise_of(each) for each in mall.services}
    agency_of = {each.id: each.agency_id for each in mall.services}
    made = books(mall, promises, agency_of, (By.HOUR, By.AGENCY))
    for book in made.values():
        book.add(found.stories)
    plan = found.plan
    background = Background(
        usual=known.usual.planned(plan.expected, plan.note) if plan else known.usual,
        running=known.running,
        change=found.change,
        paused=found.paused,
    )
    out = overview_out(
        mall,
        found.stories,
        found.shifts,
        made[By.HOUR],
        made[By.AGENCY],
        background,
        version=version,
        now=now,
    )
    return Seen(out, background)


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
