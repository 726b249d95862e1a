"""The rollup job: past days are read, aggregated in a thread, and kept, each in a transaction of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
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
CATCH_UP_S = 3.0
"""With many days to roll up, so long at a time, …"""
BREATH_S = 0.2
"""… with so long a pause after each."""
RECENT = timedelta(days=40)
"""Every look but the first of a day looks back so far."""
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
    """What a running server has still to roll up: a day or a month each time it is asked."""

    _looked: dict[int, tuple[date, float]] = field(default_factory=dict)
    """Mall → on which day and when it was last looked for what is due."""
    _todo: dict[int, list[tuple[str, date]]] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    async def catch_up(self, db: Database, mall: Mall, today: date) -> int:
        """Some steps, none of them long; answers how many. The rest waits for the next time."""
        began, count = time.monotonic(), 0
        while time.monotonic() - began < CATCH_UP_S and await self.step(db, mall, today):
            count += 1
            await asyncio.sleep(BREATH_S)
        return count

    async def step(self, db: Database, mall: Mall, today: date) -> date | None:
        """Roll up what is due next; answers which day or month it was."""
        now = time.monotonic()
        if now - self._began < FIRST_S:
            return None
        todo = self._todo.get(mall.id)
        if not todo:
            looked_on, looked_at = self._looked.get(mall.id, (None, 0.0))
            if looked_on == today and now - looked_at < LOOK_S:
                return None
            self._looked[mall.id] = (today, now)
            span = past(today)
            if looked_on == today:
                span = Period(today - RECENT, span.last)
            todo = self._todo[mall.id] = await _due(db, mall, span, today)
        if not todo:
            return None
        kind, day = todo.pop(0)
        await (roll_up_day if kind == DAY else roll_up_month)(db, mall, day)
        return day


async def _due(db: Database, mall: Mall, period: Period, today: date) -> list[tuple[str, date]]:
    """Days, the latest first, and the months that are to be added up after them."""
    days = await db.read(rollup_rows.due, mall.id, period.first, period.last)
    months = {month_of(day).first for day in days if month_of(day).last < today}
    months.update(await due_months(db, mall, period, today))
    return [(DAY, day) for day in days] + [(MONTH, each) for each in sorted(months, reverse=True)]
