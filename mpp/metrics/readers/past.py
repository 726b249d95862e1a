"""The rollups of a period: months and days that are kept, everything else aggregate on the spot."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mpp.counters.rules.mall import Mall
from mpp.db.schema import to_microseconds
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import event_rows, rollup_rows
from mpp.metrics.queries.rollup_rows import DAY, MONTH, Kept
from mpp.metrics.readers.today import Days
from mpp.metrics.rules import spans
from mpp.metrics.rules.aggregation import MALL, Rollups, Standards, aggregate, merged
from mpp.metrics.rules.figures import local_hours
from mpp.metrics.rules.periods import Period, month_of, months_in
from mpp.metrics.rules.rollup import Rollup, absorb, unpack
from mpp.metrics.rules.spans import TicketHistory


@dataclass(frozen=True)
class Present:
    """What is known of the day that is not over: the moment, and the histories kept in memory."""

    now: datetime
    days: Days


@dataclass(frozen=True)
class _Kept:
    """What a period's report finds."""

    rows: Sequence[Kept]
    loose: Sequence[date]
    """Days with events that are not kept."""
    standards: Standards = field(default_factory=dict)


async def rollups_of(
    db: Database, mall: Mall, period: Period, bys: Sequence[str], present: Present | None = None
) -> Rollups:
    """Everything of the period under these headings, added up."""

    def look(tx: Transaction) -> _Kept:
        rows, rest = _months(tx, mall.id, period, bys)
        loose: list[date] = []
        for part in rest:
            rows += rollup_rows.kept(tx, mall.id, DAY, part.first, part.last, bys)
            loose += rollup_rows.loose(tx, mall.id, part.first, part.last)
        standards = rollup_rows.present_standards(tx, mall.id) if loose else {}
        return _Kept(rows, loose, standards)

    found = await db.read(look)
    parts = [await asyncio.to_thread(_unpacked, found.rows)]
    for day in found.loose:
        ticket_histories = await _ticket_histories(db, mall, day, present)
        parts.append(
            await asyncio.to_thread(
                _aggregate, mall, day, ticket_histories, found.standards, present
            )
        )
    wanted = set(bys)
    return merged({h: each for h, each in part.items() if h[0] in wanted} for part in parts)


async def issued_by_day(
    db: Database, mall: Mall, period: Period, present: Present
) -> dict[date, int]:
    """Numbers issued on each day that has any, from one read; days that are not kept are aggregate."""

    def look(tx: Transaction) -> tuple[list[Kept], list[date]]:
        rows = rollup_rows.kept(tx, mall.id, DAY, period.first, period.last, [MALL])
        return rows, rollup_rows.loose(tx, mall.id, period.first, period.last)

    rows, loose = await db.read(look)
    issued = await asyncio.to_thread(_issued, rows)
    for day in loose:
        found = await rollups_of(db, mall, Period(day, day), [MALL], present)
        issued[day] = found.get((MALL, ""), Rollup()).issued
    return {day: issued[day] for day in sorted(issued) if issued[day]}


def _issued(rows: Sequence[Kept]) -> dict[date, int]:
    return {each.first_day: unpack(each.packed).issued for each in rows}


def _months(
    tx: Transaction, mall_id: int, period: Period, bys: Sequence[str]
) -> tuple[list[Kept], list[Period]]:
    """The rows of whole months that are kept, and the days of the period outside them."""
    whole = months_in(period)
    if not whole:
        return [], [period]
    rows = rollup_rows.kept(tx, mall_id, MONTH, whole[0].first, whole[-1].first, bys)
    months = [month_of(first) for first in sorted({each.first_day for each in rows})]
    return rows, list(_outside(period, months))


def _outside(period: Period, months: Sequence[Period]) -> Iterator[Period]:
    since = period.first
    for month in months:
        if since < month.first:
            yield Period(since, month.first - timedelta(days=1))
        since = month.next_day
    if since <= period.last:
        yield Period(since, period.last)


def _unpacked(rows: Sequence[Kept]) -> Rollups:
    whole: Rollups = {}
    for each in rows:
        mine = whole.get(each.heading)
        if mine is None:
            mine = whole[each.heading] = Rollup()
        absorb(mine, each.packed)
    return whole


async def _ticket_histories(
    db: Database, mall: Mall, day: date, present: Present | None
) -> list[TicketHistory]:
    if present is not None and day == mall.day(present.now):
        return await db.read(present.days.ticket_histories, mall.id, day)
    return spans.ticket_histories(await db.read(event_rows.events, mall.id, day, day))


def _aggregate(
    mall: Mall,
    day: date,
    ticket_histories: list[TicketHistory],
    standards: Standards,
    present: Present | None,
) -> Rollups:
    """Of a day that is not over, whoever waits now has waited so long at least."""
    is_today = present is not None and day == mall.day(present.now)
    until_us = to_microseconds(present.now) if present is not None and is_today else None
    return aggregate(
        ticket_histories, standards, day, local_hours(mall.time_zone), until_us=until_us
    )
