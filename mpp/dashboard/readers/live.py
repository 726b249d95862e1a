"""The manager's live overview."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mpp.counters.queries.shift_rows import (
    present_shifts,
)
from mpp.counters.rules.mall import Mall, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.dashboard import queries as target_rows
from mpp.dashboard.readers.typical_day import UNKNOWN, Known
from mpp.dashboard.rules.background import Background, Today
from mpp.dashboard.rules.expected import Change, ExpectedDay
from mpp.db.seam import Database, Transaction
from mpp.metrics.readers.reports import promise_of, tally_tables
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.spans import TicketHistory
from mpp.queue.queries import clock_rows
from mpp.queue.rules.clock_steps import ClockStep

PACE_S = 1.0
"""An overview is drawn anew at most so often: whatever happens meanwhile is in the next one."""


class _Look(NamedTuple):
    ticket_histories: list[TicketHistory]
    shifts: dict[int, Shift]
    change: Change
    expected_day: ExpectedDay | None
    paused: dict[int, datetime]
    step: ClockStep | None


async def overview(
    db: Database, days: Days, mall: Mall, *, now: datetime, known: Known = UNKNOWN
) -> Today:
    """The mall as it stands, from today's events. `known`: what is remembered of other days."""
    today = mall.day(now)

    def look(tx: Transaction) -> _Look:
        shifts = present_shifts(tx, mall.id)
        is_paused = any(each.state is ShiftState.PAUSED for each in shifts.values())
        return _Look(
            ticket_histories=days.ticket_histories(tx, mall.id, today),
            shifts=shifts,
            change=target_rows.present(tx, mall.id),
            expected_day=target_rows.expected_day(tx, mall.id, today),
            paused=target_rows.paused_since(tx, mall.id, today) if is_paused else {},
            step=clock_rows.present_step(tx, mall.id, now),
        )

    return await asyncio.to_thread(_count, mall, await db.read(look), known)


def _count(mall: Mall, found: _Look, known: Known) -> Today:
    promises = {each.id: promise_of(each) for each in mall.services}
    agency_of = {each.id: each.agency_id for each in mall.services}
    made = tally_tables(mall, promises, agency_of, (By.HOUR, By.AGENCY))
    for table in made.values():
        table.add(found.ticket_histories)
    expected = found.expected_day
    background = Background(
        typical=known.typical.expecting(expected.expected, expected.note)
        if expected
        else known.typical,
        running=known.running,
        change=found.change,
        paused=found.paused,
        ranges=known.ranges,
        step=found.step,
    )
    return Today(found.ticket_histories, found.shifts, made[By.HOUR], made[By.AGENCY], background)


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
