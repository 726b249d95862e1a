"""What is over: the waits that were told and became true or not, and what past days left open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from mpp.counters.models import malls, shifts
from mpp.counters.rules.mall import Mall
from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.queue.models import ticket_events, tickets
from mpp.queue.queries.ticket_rows import (
    IN_HAND,
    IS_PARKED,
    IS_WAITING,
    TICKET_COLUMNS,
    ticket_from,
)
from mpp.queue.rules.forecast import Told, told
from mpp.queue.rules.ticket import Ticket

_CALLS = ticket_events.alias("c")
_ISSUES = ticket_events.alias("i")
_TOLD = (
    select(_CALLS.c.id, _CALLS.c.service_id, _ISSUES.c.at, _ISSUES.c.data, _CALLS.c.wait_s)
    .select_from(
        _CALLS.join(
            _ISSUES,
            (_ISSUES.c.mall_id == _CALLS.c.mall_id)
            & (_ISSUES.c.ticket_id == _CALLS.c.ticket_id)
            & (_ISSUES.c.seq == literal_column("1")),
        )
    )
    .where(
        _CALLS.c.mall_id == bindparam("mall_id"),
        # only a first call has a wait; to name the action would lead SQLite to the index of all calls
        _CALLS.c.wait_s.is_not(None),
    )
)
_TOLD_SINCE = CompiledStatement(
    _TOLD.where(_CALLS.c.id > bindparam("after"))
    .order_by(_CALLS.c.id.desc())
    .limit(bindparam("most"))
)
_TOLD_ON = CompiledStatement(
    _TOLD.where(_CALLS.c.day >= bindparam("first"), _CALLS.c.day <= bindparam("last")).order_by(
        _CALLS.c.id
    )
)


def told_since(tx: Transaction, mall: Mall, after: int, most: int) -> list[tuple[int, Told]]:
    """The last `most` first calls after the event of this id, oldest first: event id, what was told.

    Left out: tickets whose issue kept nothing of what was found.
    """
    rows = _TOLD_SINCE.rows(tx, {"mall_id": mall.id, "after": after, "most": most})
    return _told(reversed(rows), mall)


def told_on(tx: Transaction, mall: Mall, first: date, last: date) -> list[Told]:
    """What all were told who were first called on these days, both included."""
    rows = _TOLD_ON.rows(tx, {"mall_id": mall.id, "first": first, "last": last})
    return [each for _, each in _told(rows, mall)]


def _told(rows: Iterable[Sequence[Any]], mall: Mall) -> list[tuple[int, Told]]:
    return [
        (id_, told(service_id, at.astimezone(mall.time_zone).hour, data["forecast"], wait_s))
        for id_, service_id, at, data, wait_s in rows
        if data and "forecast" in data
    ]


def days_with_open_tickets(tx: Transaction, mall_id: int, before: date) -> Mapping[date, int]:
    """Past days that have not been closed → how many tickets stand open on them."""
    rows = tx.conn.execute(
        select(tickets.c.day, func.count())
        .where(
            tickets.c.mall_id == mall_id,
            tickets.c.day < before,
            or_(IS_WAITING, IN_HAND, IS_PARKED),
        )
        .group_by(tickets.c.day)
    )
    return {row[0]: row[1] for row in rows}


def malls_with_open_days(tx: Transaction, before: date) -> set[int]:
    """Malls that have a ticket or a shift of an earlier day which nobody has ended.

    One statement however many malls there are, and a few steps along each one's small indexes.
    """
    of_mall = tickets.c.mall_id == malls.c.id
    left = [
        exists().where(of_mall, tickets.c.day < before, state)
        for state in (IS_WAITING, IN_HAND, IS_PARKED)
    ]
    open_shifts = exists().where(
        shifts.c.mall_id == malls.c.id, shifts.c.closed_at.is_(None), shifts.c.day < before
    )
    return set(tx.conn.execute(select(malls.c.id).where(or_(open_shifts, *left))).scalars())


def open_tickets(tx: Transaction, mall_id: int, until: date) -> list[Ticket]:
    """Tickets still open on this day or an earlier one."""
    rows = tx.conn.execute(
        select(*TICKET_COLUMNS)
        .where(
            tickets.c.mall_id == mall_id,
            tickets.c.day <= until,
            or_(IS_WAITING, IN_HAND, IS_PARKED),
        )
        .order_by(tickets.c.id)
        .with_for_update()
    )
    return [ticket_from(row) for row in rows]
