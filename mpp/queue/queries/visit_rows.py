"""A visit by its secret, its tickets, and their history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Row,
    bindparam,
    case,
    select,
)

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.queue.models import ticket_events, tickets, visits
from mpp.queue.queries.ticket_rows import (
    IN_HAND,
    IS_PARKED,
    IS_WAITING,
    TICKET_COLUMNS,
    ticket_from,
)
from mpp.queue.rules.ticket import Ticket, Visit

_VISIT = select(visits).where(visits.c.token == bindparam("token"))


def visit(tx: Transaction, token: str, field: str = "token") -> Visit:
    """The visit with this secret; `NotFound` naming `field` otherwise."""
    row = tx.conn.execute(_VISIT, {"token": token}).first()
    if row is None:
        raise NotFound("Kunjungan itu tidak ditemukan.", field=field)
    return Visit(row.id, row.mall_id, row.token, row.locale, row.day)


def visit_tokens(tx: Transaction, mall_id: int, visit_ids: Sequence[int]) -> dict[int, str]:
    """Visit id → token."""
    rows = tx.conn.execute(
        select(visits.c.id, visits.c.token).where(
            visits.c.mall_id == mall_id, visits.c.id.in_(visit_ids)
        )
    )
    return {row[0]: row[1] for row in rows}


_OF_VISIT = (
    select(*TICKET_COLUMNS)
    .where(tickets.c.mall_id == bindparam("mall_id"), tickets.c.visit_id == bindparam("visit_id"))
    .order_by(case((IN_HAND, 0), (IS_WAITING, 1), (IS_PARKED, 2), else_=3), tickets.c.id.desc())
)


def tickets_of_visit(tx: Transaction, mall_id: int, visit_id: int) -> list[Ticket]:
    """The visit's tickets: in hand first, then waiting and parked, then what has ended."""
    rows = tx.conn.execute(_OF_VISIT, {"mall_id": mall_id, "visit_id": visit_id})
    return [ticket_from(row) for row in rows]


def events_of(tx: Transaction, mall_id: int, ticket_id: int) -> list[Row[Any]]:
    """Everything that happened to a ticket, in order."""
    return list(
        tx.conn.execute(
            select(ticket_events)
            .where(ticket_events.c.mall_id == mall_id, ticket_events.c.ticket_id == ticket_id)
            .order_by(ticket_events.c.seq)
        )
    )
