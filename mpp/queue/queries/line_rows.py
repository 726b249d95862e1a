"""Who waits: the heads of the lines, and how many stand before somebody."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from mpp.counters.models import counter_services
from mpp.db.compiled import CompiledStatement, as_text
from mpp.db.schema import Id, Moment
from mpp.db.seam import Transaction
from mpp.queue.models import ticket_events, tickets
from mpp.queue.queries.ticket_rows import (
    BOTH_LANES,
    IS_WAITING,
    TICKET_COLUMNS,
    is_in_hand,
    is_waiting,
    ticket_from,
)
from mpp.queue.rules import turns
from mpp.queue.rules.life import Priority
from mpp.queue.rules.ticket import Ticket
from mpp.queue.rules.turns import Head

Value = ColumnElement[Any]
"""A parameter: `bindparam` by name, or `literal_column` as the driver writes it (`$1`)."""


def ahead_of(
    mall_id: Value, service_id: Value, day: Value, rank_at: Value, id_: Value
) -> Select[Any]:
    """How many waiting tickets of the service stand before this place."""
    return select(func.count().label("ahead")).where(
        tickets.c.mall_id == mall_id,
        tickets.c.service_id == service_id,
        tickets.c.day == day,
        BOTH_LANES,
        tickets.c.rank_at <= rank_at,
        or_(tickets.c.rank_at < rank_at, tickets.c.id < id_),
        IS_WAITING,
    )


HEAD_TYPES: dict[str, Any] = {
    "id": Id,
    "label": String,
    "service_id": Id,
    "priority": String,
    "joined_at": Moment,
    "rank_at": Moment,
    "target_counter_id": Id,
    "weight": Integer,
}


def head_columns(of: str) -> str:
    """The columns of a head, but for its weight, which stands at the counter."""
    return ", ".join(f"{of}.{name}" for name in HEAD_TYPES if name != "weight")


WAITS = as_text(is_waiting(tickets.alias("w")))
BUSY = as_text(is_in_hand(tickets.alias("b")))
_FREE = f"""
    {WAITS} AND w.day = {{day}} AND NOT EXISTS (
        SELECT 1 FROM tickets b
        WHERE b.mall_id = w.mall_id AND b.visit_id = w.visit_id AND {BUSY})
"""  # noqa: S608 - constant pieces of our own


def free(day: str) -> str:
    """The condition on `tickets w` that it waits today and its visitor is at no counter.

    `day`: the parameter as the driver writes it.
    """
    return _FREE.format(day=day)


_FREE_TODAY = free(":day")

_HEADS = CompiledStatement(
    text(
        f"""
    SELECT {head_columns("t")}, s.weight
    FROM counter_services s
    CROSS JOIN (SELECT 0 AS lane UNION ALL SELECT 1) l
    JOIN tickets t ON t.mall_id = s.mall_id AND t.id = (
        SELECT w.id FROM tickets w
        WHERE w.mall_id = s.mall_id AND w.service_id = s.service_id AND w.lane = l.lane
          AND w.target_counter_id IS NULL AND {_FREE_TODAY}
        ORDER BY w.rank_at, w.id LIMIT 1)
    WHERE s.mall_id = :mall_id AND s.counter_id = :counter_id
    UNION ALL
    SELECT {head_columns("w")}, 1
    FROM tickets w
    WHERE w.mall_id = :mall_id AND w.target_counter_id = :counter_id AND {_FREE_TODAY}
    """  # noqa: S608 - constant pieces of our own
    )
    .bindparams(bindparam("day", type_=Date))
    .columns(**HEAD_TYPES)
)


def heads(
    tx: Transaction, mall_id: int, counter_id: int, day: date, only: frozenset[int] | None
) -> list[Head]:
    """The first callable ticket of each service and lane of a counter, and those sent to it.

    Left out: whoever is at another counter now. `only`: the services of the present shift.
    """
    values = {"mall_id": mall_id, "counter_id": counter_id, "day": day}
    return heads_from(_HEADS.rows(tx, values), only)


def heads_from(rows: Iterable[Sequence[Any]], only: Collection[int] | None) -> list[Head]:
    """The heads from rows of `HEAD_TYPES`, without services that the shift leaves out."""
    return [
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
        for ticket_id, label, service_id, priority, joined_at, rank_at, target, weight in rows
        if only is None or target is not None or service_id in only
    ]


def offered_by(mall_id: Value, counter_id: Value) -> Select[Any]:
    """The services of a counter."""
    s = counter_services.c
    return select(s.service_id).where(s.mall_id == mall_id, s.counter_id == counter_id)


_OFFERED = CompiledStatement(offered_by(*map(bindparam, ("mall_id", "counter_id"))))


def offered(
    tx: Transaction, mall_id: int, counter_id: int, only: Collection[int] | None
) -> list[int]:
    """The services from which a counter calls in its present shift."""
    rows = _OFFERED.rows(tx, {"mall_id": mall_id, "counter_id": counter_id})
    return offered_from([service_id for (service_id,) in rows], only)


def offered_from(services: Iterable[int], only: Collection[int] | None) -> list[int]:
    """Those of a counter's services that its shift does not leave out, in order."""
    return sorted(each for each in services if only is None or each in only)


def last_calls(mall_id: Value, counter_id: Value, day: Value, limit: Value) -> Select[Any]:
    """The priorities of the counter's last calls of a day, the last first."""
    return (
        select(ticket_events.c.priority)
        .where(
            ticket_events.c.mall_id == mall_id,
            ticket_events.c.counter_id == counter_id,
            ticket_events.c.day == day,
            ticket_events.c.action == literal_column("'call'"),
        )
        .order_by(ticket_events.c.id.desc())
        .limit(limit)
    )


_STREAK = CompiledStatement(last_calls(*map(bindparam, ("mall_id", "counter_id", "day", "limit"))))


def priority_streak(tx: Transaction, mall_id: int, counter_id: int, day: date, limit: int) -> int:
    """How many of the counter's last calls today, up to `limit`, were priority without a break."""
    values = {"mall_id": mall_id, "counter_id": counter_id, "day": day, "limit": max(limit, 1)}
    return turns.streak_of([priority for (priority,) in _STREAK.rows(tx, values)])


def waiting_for(
    tx: Transaction, mall_id: int, service_ids: Iterable[int], day: date, limit: int
) -> list[Ticket]:
    """The first `limit` waiting tickets of these services by place."""
    rows = tx.conn.execute(
        select(*TICKET_COLUMNS)
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
    return [ticket_from(row) for row in rows]


_OTHER = tickets.alias("other")
_PLACE: tuple[ColumnElement[Any], ...] = (
    *(tickets.c[name] for name in HEAD_TYPES if name != "weight"),
    exists()
    .where(
        _OTHER.c.mall_id == tickets.c.mall_id,
        _OTHER.c.visit_id == tickets.c.visit_id,
        is_in_hand(_OTHER),
    )
    .label("is_away"),
)


def places(
    tx: Transaction,
    mall_id: int,
    service_ids: Iterable[int],
    counter_ids: Iterable[int],
    day: date,
) -> list[tuple[Head, int | None, bool]]:
    """Who waits for one of these services, or was sent to one of these counters, in no order.

    With each the counter that it was sent to, and whether its visitor is at a counter just now. Heads
    have no weight yet: that stands at the counter.
    """
    today = (tickets.c.mall_id == mall_id, tickets.c.day == day, IS_WAITING)
    statement = union_all(
        select(*_PLACE).where(
            *today,
            tickets.c.service_id.in_(list(service_ids)),
            BOTH_LANES,
            tickets.c.target_counter_id.is_(None),
        ),
        select(*_PLACE).where(*today, tickets.c.target_counter_id.in_(list(counter_ids))),
    )
    found = []
    for *columns, target, is_away in tx.conn.execute(statement):
        (head,) = heads_from([(*columns, target, 1)], None)
        found.append((head, target, bool(is_away)))
    return found


def tickets_by_id(tx: Transaction, mall_id: int, ticket_ids: Collection[int]) -> dict[int, Ticket]:
    """These tickets, by id."""
    wanted = select(*TICKET_COLUMNS).where(
        tickets.c.mall_id == mall_id, tickets.c.id.in_(list(ticket_ids))
    )
    return {row.id: ticket_from(row) for row in tx.conn.execute(wanted)}


def waiting_counts(tx: Transaction, mall_id: int, day: date) -> dict[int, int]:
    """Service id → how many wait."""
    rows = tx.conn.execute(
        select(tickets.c.service_id, func.count())
        .where(tickets.c.mall_id == mall_id, tickets.c.day == day, IS_WAITING)
        .group_by(tickets.c.service_id)
    )
    return {row[0]: row[1] for row in rows}
