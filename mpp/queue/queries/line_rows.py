"""Who waits: the heads of the lines, and how many stand before somebody."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    String,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
)

from mpp.db.hot import Hot
from mpp.db.schema import Id, Moment
from mpp.db.seam import Transaction
from mpp.queue.models import ticket_events, tickets
from mpp.queue.queries.ticket_rows import _COLUMNS, BOTH_LANES, IS_WAITING, Ticket, _ticket
from mpp.queue.rules.life import Priority
from mpp.queue.rules.turns import Head

_AHEAD = Hot(
    select(func.count()).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.service_id == bindparam("service_id"),
        tickets.c.day == bindparam("day"),
        BOTH_LANES,
        tickets.c.rank_at <= bindparam("rank_at"),
        or_(tickets.c.rank_at < bindparam("rank_at"), tickets.c.id < bindparam("ticket_id")),
        IS_WAITING,
    )
)


def people_ahead(
    tx: Transaction, mall_id: int, service_id: int, day: date, rank_at: datetime, ticket_id: int
) -> int:
    """Waiting tickets of the service that stand before this place."""
    values = {
        "mall_id": mall_id,
        "service_id": service_id,
        "day": day,
        "rank_at": rank_at,
        "ticket_id": ticket_id,
    }
    return int(_AHEAD.rows(tx, values)[0][0])


_HEAD_TYPES: dict[str, Any] = {
    "id": Id,
    "label": String,
    "service_id": Id,
    "priority": String,
    "joined_at": Moment,
    "rank_at": Moment,
    "target_counter_id": Id,
    "weight": Integer,
}

_FREE = """
    w.state = 'waiting' AND w.day = :day AND NOT EXISTS (
        SELECT 1 FROM tickets b
        WHERE b.mall_id = w.mall_id AND b.visit_id = w.visit_id AND b.state IN ('called', 'serving')
    )"""

_HEADS = Hot(
    text(
        f"""
    SELECT t.id, t.label, t.service_id, t.priority, t.joined_at, t.rank_at,
           t.target_counter_id, s.weight
    FROM counter_services s
    CROSS JOIN (SELECT 0 AS lane UNION ALL SELECT 1) l
    JOIN tickets t ON t.mall_id = s.mall_id AND t.id = (
        SELECT w.id FROM tickets w
        WHERE w.mall_id = s.mall_id AND w.service_id = s.service_id AND w.lane = l.lane
          AND w.target_counter_id IS NULL AND {_FREE}
        ORDER BY w.rank_at, w.id LIMIT 1)
    WHERE s.mall_id = :mall_id AND s.counter_id = :counter_id
    UNION ALL
    SELECT w.id, w.label, w.service_id, w.priority, w.joined_at, w.rank_at,
           w.target_counter_id, 1
    FROM tickets w
    WHERE w.mall_id = :mall_id AND w.target_counter_id = :counter_id AND {_FREE}
    """  # noqa: S608 - constant pieces of our own
    )
    .bindparams(bindparam("day", type_=Date))
    .columns(**_HEAD_TYPES)
)


def heads(
    tx: Transaction, mall_id: int, counter_id: int, day: date, only: frozenset[int] | None
) -> list[Head]:
    """The first callable ticket of each service and lane of a counter, and those sent to it.

    Left out: whoever is at another counter now. `only`: the services of the present shift.
    """
    values = {"mall_id": mall_id, "counter_id": counter_id, "day": day}
    found = (
        Head(
            ticket_id=ticket_id,
            label=label,
            service_id=service_id,
            priority=Priority(priority),
            joined_at=joined_at,
            rank_at=rank_at,
            weight=weight,
            is_targeted=target is not None,
        )
        for ticket_id, label, service_id, priority, joined_at, rank_at, target, weight in (
            _HEADS.rows(tx, values)
        )
    )
    return [head for head in found if only is None or head.is_targeted or head.service_id in only]


_STREAK = Hot(
    select(ticket_events.c.priority)
    .where(
        ticket_events.c.mall_id == bindparam("mall_id"),
        ticket_events.c.counter_id == bindparam("counter_id"),
        ticket_events.c.day == bindparam("day"),
        ticket_events.c.action == literal_column("'call'"),
    )
    .order_by(ticket_events.c.id.desc())
    .limit(bindparam("limit"))
)


def priority_streak(tx: Transaction, mall_id: int, counter_id: int, day: date, limit: int) -> int:
    """How many of the counter's last calls today, up to `limit`, were priority without a break."""
    values = {"mall_id": mall_id, "counter_id": counter_id, "day": day, "limit": max(limit, 1)}
    streak = 0
    for (priority,) in _STREAK.rows(tx, values):
        if priority == Priority.REGULAR:
            break
        streak += 1
    return streak


def waiting_for(
    tx: Transaction, mall_id: int, service_ids: Iterable[int], day: date, limit: int
) -> list[Ticket]:
    """The first `limit` waiting tickets of these services by place."""
    rows = tx.conn.execute(
        select(*_COLUMNS)
        .where(
            tickets.c.mall_id == mall_id,
            tickets.c.service_id.in_(list(service_ids)),
            BOTH_LANES,
            tickets.c.day == day,
            IS_WAITING,
        )
        .order_by(tickets.c.rank_at, tickets.c.id)
        .limit(limit)
    )
    return [_ticket(row) for row in rows]


def waiting_at(
    tx: Transaction,
    mall_id: int,
    counter_id: int,
    service_ids: Iterable[int],
    day: date,
    limit: int,
) -> tuple[list[Ticket], int]:
    """Who may be called at this counter, first `limit` by place, and how many there are.

    Left out: tickets sent to another counter; included: those sent here.
    """
    today = (tickets.c.mall_id == mall_id, tickets.c.day == day, IS_WAITING)
    anywhere = (
        *today,
        tickets.c.service_id.in_(list(service_ids)),
        tickets.c.lane.in_([literal_column("0"), literal_column("1")]),
        tickets.c.target_counter_id.is_(None),
    )
    place = (tickets.c.rank_at, tickets.c.id)
    some = select(*_COLUMNS).where(*anywhere).order_by(*place).limit(limit)
    here = select(*_COLUMNS).where(*today, tickets.c.target_counter_id == counter_id)
    sent = [_ticket(row) for row in tx.conn.execute(here)]
    first = [_ticket(row) for row in tx.conn.execute(some)]
    count: int = len(first)
    if count == limit:
        count = tx.conn.execute(select(func.count()).where(*anywhere)).scalar_one()
    found = sorted([*sent, *first], key=lambda each: (each.rank_at, each.id))
    return found[:limit], count + len(sent)


def waiting_counts(tx: Transaction, mall_id: int, day: date) -> dict[int, int]:
    """Service id → how many wait."""
    rows = tx.conn.execute(
        select(tickets.c.service_id, func.count())
        .where(tickets.c.mall_id == mall_id, tickets.c.day == day, IS_WAITING)
        .group_by(tickets.c.service_id)
    )
    return {row[0]: row[1] for row in rows}
