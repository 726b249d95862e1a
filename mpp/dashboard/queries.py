"""Thresholds and expected days as they hold, how they came about, and what else alerts look at."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, literal_column, select

from mpp.counters.models import shift_events, shifts
from mpp.dashboard.models import day_plans, target_changes
from mpp.dashboard.rules.expected import Change, ExpectedDay, Overdue
from mpp.dashboard.rules.targets import known
from mpp.db.seam import Transaction
from mpp.survey.models import follow_ups

_T, _P = target_changes.c, day_plans.c
MOST_CHANGES = 10


def changes(tx: Transaction, mall_id: int, most: int = MOST_CHANGES) -> list[Change]:
    """The latest saves, newest first."""
    rows = tx.conn.execute(
        select(target_changes).where(_T.mall_id == mall_id).order_by(_T.id.desc()).limit(most)
    )
    return [Change(row.id, known(row.targets), row.changed_at, row.changed_by) for row in rows]


def present(tx: Transaction, mall_id: int) -> Change:
    """The thresholds that hold."""
    return next(iter(changes(tx, mall_id, 1)), Change(0))


def expected_day(tx: Transaction, mall_id: int, day: date) -> ExpectedDay | None:
    """What was said last of a day; None when nothing ever was."""
    row = tx.conn.execute(
        select(day_plans)
        .where(_P.mall_id == mall_id, _P.day == day)
        .order_by(_P.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _expected(row)


def expected_days_from(tx: Transaction, mall_id: int, day: date) -> list[ExpectedDay]:
    """What was said last of each day from this one on, in the order of days."""
    latest = (
        select(func.max(_P.id))
        .where(_P.mall_id == mall_id, _P.day >= day)
        .group_by(_P.day)
        .scalar_subquery()
    )
    rows = tx.conn.execute(
        select(day_plans).where(_P.mall_id == mall_id, _P.id.in_(latest)).order_by(_P.day)
    )
    return [_expected(row) for row in rows]


def _expected(row: Row[Any]) -> ExpectedDay:
    return ExpectedDay(row.day, row.expected, row.note, row.changed_at, row.changed_by)


def paused_since(tx: Transaction, mall_id: int, day: date) -> dict[int, datetime]:
    """Counter id → since when it is paused, of those that are."""
    e, s = shift_events.c, shifts.c
    rows = tx.conn.execute(
        select(e.counter_id, func.max(e.at, type_=e.at.type))
        .join(shifts, (s.mall_id == e.mall_id) & (s.id == e.shift_id))
        .where(
            e.mall_id == mall_id,
            e.day == day,
            e.action == "pause",
            s.closed_at.is_(None),
            s.state == literal_column("'paused'"),
        )
        .group_by(e.counter_id)
    )
    return {row[0]: row[1] for row in rows}


def overdue(tx: Transaction, mall_id: int, today: date) -> list[Overdue]:
    """By report, the one with the most urgent follow-up first."""
    f = follow_ups.c
    first = func.min(f.due)
    rows = tx.conn.execute(
        select(f.report_id, func.count(), first)
        .where(f.mall_id == mall_id, f.done_on.is_(None), f.due < today)
        .group_by(f.report_id)
        .order_by(first, f.report_id)
    )
    return [Overdue(*row) for row in rows]
