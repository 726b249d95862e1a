"""What is over: recent waits, and what past days left open."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import (
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from mpp.counters.models import malls, shifts
from mpp.db.seam import Transaction
from mpp.queue.models import ticket_events, tickets
from mpp.queue.queries.ticket_rows import (
    IN_HAND,
    IS_PARKED,
    IS_WAITING,
    RECENT,
    TICKET_COLUMNS,
    ticket_from,
)
from mpp.queue.rules.forecast import Observed
from mpp.queue.rules.ticket import Ticket

_RECENT = (
    select(ticket_events.c.ahead, ticket_events.c.open_counters, ticket_events.c.wait_s)
    .where(
        ticket_events.c.mall_id == bindparam("mall_id"),
        ticket_events.c.service_id == bindparam("service_id"),
        ticket_events.c.action == literal_column("'call'"),
        ticket_events.c.wait_s.is_not(None),
    )
    .order_by(ticket_events.c.id.desc())
    .limit(RECENT)
)


def recent_waits(tx: Transaction, mall_id: int, service_id: int) -> list[Observed]:
    """The last `RECENT` waits of a service that ended in a first call."""
    rows = tx.conn.execute(_RECENT, {"mall_id": mall_id, "service_id": service_id})
    return [Observed(row.ahead, row.open_counters, row.wait_s) for row in rows]


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
