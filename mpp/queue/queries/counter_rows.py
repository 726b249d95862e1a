"""What lies at one counter: in hand, parked, missed, served today."""

from datetime import date

from sqlalchemy import (
    bindparam,
    func,
    literal_column,
    select,
)

from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.queue.models import ticket_events, tickets
from mpp.queue.queries.ticket_rows import (
    IN_HAND,
    IS_PARKED,
    TICKET_COLUMNS,
    ticket_from,
)
from mpp.queue.rules.life import RETURNS, Action, State
from mpp.queue.rules.snapshots import Brought
from mpp.queue.rules.ticket import Ticket

_IN_HAND = CompiledStatement(
    select(*TICKET_COLUMNS).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.counter_id == bindparam("counter_id"),
        IN_HAND,
    )
)


def in_hand(tx: Transaction, mall_id: int, counter_id: int) -> Ticket | None:
    """The ticket that is called to or served at the counter."""
    row = _IN_HAND.one(tx, {"mall_id": mall_id, "counter_id": counter_id})
    return None if row is None else ticket_from(row)


def busy(tx: Transaction, mall_id: int) -> set[int]:
    """The counters that have a ticket in hand."""
    rows = tx.conn.execute(
        select(tickets.c.counter_id).where(tickets.c.mall_id == mall_id, IN_HAND)
    )
    return set(rows.scalars())


_E = ticket_events.c

_BROUGHT = CompiledStatement(
    select(_E.action, _E.counter_id, _E.data)
    .where(
        _E.mall_id == bindparam("mall_id"),
        _E.ticket_id == bindparam("ticket_id"),
        _E.action.in_([literal_column(f"'{each}'") for each in (*RETURNS, Action.REFER)]),
    )
    .order_by(_E.seq.desc())
    .limit(1)
)


def brought(tx: Transaction, ticket: Ticket) -> Brought | None:
    """With what words the ticket last came into a queue again, or its visitor from another agency."""
    row = _BROUGHT.one(tx, {"mall_id": ticket.mall_id, "ticket_id": ticket.id})
    if row is None and ticket.referred_from is not None:
        row = _BROUGHT.one(tx, {"mall_id": ticket.mall_id, "ticket_id": ticket.referred_from})
    if row is None:
        return None
    action, counter_id, data = row
    reason = (data or {}).get("reason")
    return Brought(Action(action), counter_id, reason) if reason else None


def parked_at(tx: Transaction, mall_id: int, counter_id: int) -> list[Ticket]:
    """The tickets that the counter has parked, oldest first."""
    rows = tx.conn.execute(
        select(*TICKET_COLUMNS)
        .where(tickets.c.mall_id == mall_id, tickets.c.counter_id == counter_id, IS_PARKED)
        .order_by(tickets.c.id)
    )
    return [ticket_from(row) for row in rows]


def missed_at(tx: Transaction, mall_id: int, counter_id: int, day: date) -> list[Ticket]:
    """Today's no-shows of the counter, newest first: late-comers come back to it."""
    rows = tx.conn.execute(
        select(*TICKET_COLUMNS)
        .where(
            tickets.c.mall_id == mall_id,
            tickets.c.day == day,
            tickets.c.counter_id == counter_id,
            tickets.c.state == State.NO_SHOW,
        )
        .order_by(tickets.c.ended_at.desc())
        .limit(10)
    )
    return [ticket_from(row) for row in rows]


def served_at(tx: Transaction, mall_id: int, counter_id: int, day: date) -> int:
    """How many tickets the counter has completed on the day."""
    count: int = tx.conn.execute(
        select(func.count()).where(
            ticket_events.c.mall_id == mall_id,
            ticket_events.c.day == day,
            ticket_events.c.counter_id == counter_id,
            ticket_events.c.state == State.COMPLETED,
        )
    ).scalar_one()
    return count
