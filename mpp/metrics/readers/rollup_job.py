"""The rollup job: past days are read, aggregated in a thread, and kept, each in a transaction of its own."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.ids import lowest_id
from mpp.metrics.commands import rollups
from mpp.metrics.queries import event_rows, rollup_rows
from mpp.metrics.queries.rollup_rows import DAY, MONTH, STANDARDS
from mpp.metrics.rules import spans
from mpp.metrics.rules.aggregation import Heading, Standards, aggregate, merged
from mpp.metrics.rules.figures import local_hours
from mpp.metrics.rules.periods import Period, month_of
from mpp.metrics.rules.rollup import unpack
from mpp.metrics.rules.spans import Event

LOOK_S = 600.0
"""So often a running server looks for past days that have something new …"""
FIRST_S = 60.0
"""… and not at once: whoever waits for its first answer comes first."""
LATE_S = 600.0
"""Events may be stored so much later than their ids say: the clocks of several machines differ."""
BUSY_S = 20.0
"""With many days to roll up, so long at a time; then the other chores have their turn."""
RECENT = timedelta(days=40)
"""When a day turns, months that are over now are looked for so far back."""
Packed = dict[Heading, bytes]


async def roll_up_day(db: Database, mall: Mall, day: date) -> bool:
    """Roll up one business day and keep it. False when another process was further."""
    events, rows = await day_rows(db, mall, day)
    return await db.execute(rollups.keep_day, mall.id, day, events, rows)


async def day_rows(db: Database, mall: Mall, day: date) -> tuple[int, Packed]:
    """From how many events, and what is to be kept of a day."""

    def read(tx: Transaction) -> tuple[list[Event], Standards]:
        events = event_rows.events(tx, mall.id, day, day)
        return events, rollup_rows.standards_of(tx, mall.id, day)

    events, standards = await db.read(read)
    return len(events), await asyncio.to_thread(_rolled_up, mall, day, events, standards)


def _rolled_up(mall: Mall, day: date, events: list[Event], standards: Standards) -> Packed:
    hour_of = local_hours(mall.time_zone)
    # By ticket, so that the same day gives the same bytes however the database answers.
    ticket_histories = sorted(spans.ticket_histories(events), key=lambda history: history.ticket_id)
    made = aggregate(ticket_histories, standards, day, hour_of)
    rows = {heading: each.pack() for heading, each in made.items()}
    rows[STANDARDS, ""] = msgspec.msgpack.encode(dict(sorted(standards.items())))
    return rows


async def roll_up_month(db: Database, mall: Mall, month: date) -> bool:
    """Add up the days of a month and keep it. False when one of them was aggregate meanwhile."""
    events, rows = await month_rows(db, mall, month)
    return await db.execute(rollups.keep_month, mall.id, month, events, rows)


async def month_rows(db: Database, mall: Mall, month: date) -> tuple[int, Packed]:
    """From how many events, and what is to be kept of a month: its days as they are kept."""
    whole = month_of(month)

    def read(tx: Transaction) -> tuple[int, list[Packed]]:
        known = rollup_rows.rolled_up_days(tx, mall.id, whole.first, whole.last)
        days = [rollup_rows.all_kept(tx, mall.id, DAY, day) for day in known]
        return sum(known.values()), days

    events, days = await db.read(read)
    return events, await asyncio.to_thread(_added, days)


def _added(days: list[Packed]) -> Packed:
    whole = merged(
        {heading: unpack(row) for heading, row in day.items() if heading[0] != STANDARDS}
        for day in days
    )
    return {heading: each.pack() for heading, each in whole.items()}


async def due_months(db: Database, mall: Mall, period: Period, today: date) -> list[date]:
    """Months that are over, have kept days, and are not kept themselves; the latest first."""

    def look(tx: Transaction) -> list[date]:
        days = rollup_rows.rolled_up_days(tx, mall.id, period.first, period.last)
        over = {month_of(day).first for day in days if month_of(day).last < today}
        have = rollup_rows.kept_months(tx, mall.id, month_of(period.first).first, period.last)
        return sorted(over - have, reverse=True)

    return await db.read(look)


# -- all at once, and one at a time --------------------------------------------------------------


def past(today: date) -> Period:
    """Everything before today."""
    return Period(date.min, today - timedelta(days=1))


async def recompute(
    db: Database, mall: Mall, period: Period, today: date, *, only_due: bool = False
) -> AsyncIterator[date]:
    """Roll up every past day of the period that has events or is kept, then its months; tells each day."""

    def look(tx: Transaction) -> list[date]:
        if only_due:
            return rollup_rows.due(tx, mall.id, period.first, last)
        known = rollup_rows.rolled_up_days(tx, mall.id, period.first, last)
        return sorted({*known, *rollup_rows.event_days(tx, mall.id, period.first, last)})

    last = min(period.last, today - timedelta(days=1))
    for day in await db.read(look):
        await roll_up_day(db, mall, day)
        yield day
    for month in await due_months(db, mall, Period(period.first, last), today):
        await roll_up_month(db, mall, month)


async def differences(
    db: Database, mall: Mall, period: Period, today: date
) -> AsyncIterator[tuple[str, date, Heading]]:
    """Where what is kept is not what a full recompute gives: (day or month, its first day, heading).

    A day that is not kept at all is no difference: reports aggregate it themselves. A month is judged by its
    days, so only where all of those are looked at and right.
    """
    last = min(period.last, today - timedelta(days=1))
    known = await db.read(rollup_rows.rolled_up_days, mall.id, period.first, last)
    wrong: set[date] = set()
    for day in sorted(known):
        _events, rows = await day_rows(db, mall, day)
        have = await db.read(rollup_rows.all_kept, mall.id, DAY, day)
        for heading in _unlike(have, rows):
            wrong.add(month_of(day).first)
            yield DAY, day, heading
    months = await db.read(rollup_rows.kept_months, mall.id, period.first, last)
    for month in sorted(each for each in months - wrong if month_of(each).last <= last):
        _events, rows = await month_rows(db, mall, month)
        have = await db.read(rollup_rows.all_kept, mall.id, MONTH, month)
        for heading in _unlike(have, rows):
            yield MONTH, month, heading


def _unlike(one: Mapping[Heading, bytes], other: Mapping[Heading, bytes]) -> list[Heading]:
    return sorted(each for each in {*one, *other} if one.get(each) != other.get(each))


@dataclass
class RollupJob:
    """What a running server has still to roll up, of all its malls."""

    _looked_on: dict[int, date] = field(default_factory=dict)
    """Mall → on which day all of its past was looked at last."""
    _looked_at: float = float("-inf")
    _todo: deque[tuple[Mall, str, date]] = field(default_factory=deque)
    _began: float = field(default_factory=time.monotonic)

    async def catch_up(self, db: Database, malls: Sequence[tuple[Mall, date]]) -> int:
        """Roll up what is due for `BUSY_S` at most; answers how many days and months.

        `malls`: each with its today. Every mall's latest day comes before any mall's older ones. After each
        step the server rests as long as the step took. What is left waits for the next call.
        """
        began, count = time.monotonic(), 0
        if began - self._began < FIRST_S:
            return 0
        await self._look(db, malls)
        while self._todo and time.monotonic() - began < BUSY_S:
            step = time.monotonic()
            mall, kind, day = self._todo.popleft()
            await (roll_up_day if kind == DAY else roll_up_month)(db, mall, day)
            count += 1
            await asyncio.sleep(time.monotonic() - step)
        return count

    @property
    def left(self) -> int:
        """How many steps are known to be due."""
        return len(self._todo)

    async def _look(self, db: Database, malls: Sequence[tuple[Mall, date]]) -> None:
        """Find what is due: all of a mall's past once, its last weeks when its day has turned, and every
        `LOOK_S` whatever days of any mall had events since, which is one question for all of them.
        """
        found: list[tuple[Mall, str, date]] = []
        for mall, today in malls:
            if (looked_on := self._looked_on.get(mall.id)) != today:
                span = past(today)
                if looked_on is not None:
                    span = Period(today - RECENT, span.last)
                found += await _due(db, mall, span, today)
                self._looked_on[mall.id] = today
        now = time.monotonic()
        if now - self._looked_at > LOOK_S:
            ago = LOOK_S + LATE_S if self._looked_at > float("-inf") else 0.0
            self._looked_at = now
            touched = await db.read(rollup_rows.days_touched, lowest_id(ago))
            for mall, today in malls:
                days = [day for day in touched.get(mall.id, ()) if day < today]
                if days:
                    found += await _due(db, mall, Period(min(days), max(days)), today)
        steps = {
            (mall.id, kind, day): (mall, kind, day) for mall, kind, day in [*self._todo, *found]
        }
        # Days before months, which are added up from them, and the latest first.
        self._todo = deque(
            sorted(steps.values(), key=lambda each: (each[1] != DAY, -each[2].toordinal()))
        )


async def _due(
    db: Database, mall: Mall, period: Period, today: date
) -> list[tuple[Mall, str, date]]:
    """Days, and the months that are to be added up after them."""
    days = await db.read(rollup_rows.due, mall.id, period.first, period.last)
    months = {month_of(day).first for day in days if month_of(day).last < today}
    months.update(await due_months(db, mall, period, today))
    return [(mall, DAY, day) for day in days] + [(mall, MONTH, each) for each in sorted(months)]
