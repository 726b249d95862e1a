"""Every SQL statement that reads the queue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Row,
    String,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    text,
)

from mpp.db.hot import Hot
from mpp.db.schema import Id, Moment
from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.queue.models import ticket_events, tickets, visits
from mpp.queue.rules import Head, Observed, Outcome, Priority, State

IS_WAITING = tickets.c.state == literal_column("'waiting'")
IN_HAND = tickets.c.state.in_([literal_column("'called'"), literal_column("'serving'")])
BOTH_LANES = tickets.c.lane.in_([literal_column("0"), literal_column("1")])
IS_PARKED = tickets.c.state == literal_column("'parked'")
RECENT = 200


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as it stands now."""

    id: int
    mall_id: int
    visit_id: int
    service_id: int
    day: date
    prefix: str
    number: int
    label: str
    state: State
    priority: Priority
    channel: str
    joined_at: datetime
    rank_at: datetime
    ahead_at_join: int
    open_at_join: int
    calls: int
    events: int
    counter_id: int | None
    target_counter_id: int | None
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parked_until: datetime | None
    reason: str | None
    outcome: Outcome | None
    issuer: str
    issue_hash: str | None


_FIELDS = tuple(Ticket.__dataclass_fields__)
_COLUMNS = tuple(tickets.c[name] for name in _FIELDS)


def ticket_from(row: Mapping[str, Any]) -> Ticket:
    """A ticket from a driver's own row that names all its columns."""
    return _ticket([row[name] for name in _FIELDS])


def _ticket(row: Sequence[Any]) -> Ticket:
    values = dict(zip(_FIELDS, row, strict=True))
    values["state"] = State(values["state"])
    values["priority"] = Priority(values["priority"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Ticket(**values)


_ONE = select(*_COLUMNS).where(
    tickets.c.mall_id == bindparam("mall_id"), tickets.c.id == bindparam("ticket_id")
)
_ONE_LOCKED = Hot(_ONE.with_for_update())
_ONE_HOT = Hot(_ONE)
_BY_KEY = Hot(
    select(*_COLUMNS).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.issuer == bindparam("issuer"),
        tickets.c.issue_key == bindparam("key"),
    )
)


def ticket(tx: Transaction, mall_id: int, ticket_id: int, *, lock: bool = False) -> Ticket:
    """One ticket of a mall, locked against others' changes when asked. `NotFound`."""
    statement = _ONE_LOCKED if lock and tx.is_postgres else _ONE_HOT
    row = statement.one(tx, {"mall_id": mall_id, "ticket_id": ticket_id})
    if row is None:
        raise NotFound("Tiket itu tidak ada.", field="ticket_id")
    return _ticket(row)


def ticket_by_key(tx: Transaction, mall_id: int, issuer: str, key: str) -> Ticket | None:
    """The ticket that this issuer got for this key before."""
    row = _BY_KEY.one(tx, {"mall_id": mall_id, "issuer": issuer, "key": key})
    return None if row is None else _ticket(row)


_TAKE_NUMBER = Hot(
    text(
        """
    INSERT INTO number_series (mall_id, prefix, day, last_number)
    VALUES (:mall_id, :prefix, :day, 1)
    ON CONFLICT (mall_id, prefix, day)
    DO UPDATE SET last_number = number_series.last_number + 1
    RETURNING last_number
    """
    ).bindparams(bindparam("day", type_=Date))
)


def take_number(tx: Transaction, mall_id: int, prefix: str, day: date) -> int:
    """The next number of the series, 1 for the first of the day; rolls back with the transaction."""
    values = {"mall_id": mall_id, "prefix": prefix, "day": day}
    (number,) = _TAKE_NUMBER.rows(tx, values)[0]
    return int(number)


_ISSUED = Hot(
    select(func.count()).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.service_id == bindparam("service_id"),
        tickets.c.day == bindparam("day"),
    )
)


def issued_today(tx: Transaction, mall_id: int, service_id: int, day: date) -> int:
    """How many tickets of this service were issued on the day."""
    values = {"mall_id": mall_id, "service_id": service_id, "day": day}
    return int(_ISSUED.rows(tx, values)[0][0])


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


# -- who is next ---------------------------------------------------------------------------------

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


_IN_HAND = Hot(
    select(*_COLUMNS).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.counter_id == bindparam("counter_id"),
        IN_HAND,
    )
)


def in_hand(tx: Transaction, mall_id: int, counter_id: int) -> Ticket | None:
    """The ticket that is called to or served at the counter."""
    row = _IN_HAND.one(tx, {"mall_id": mall_id, "counter_id": counter_id})
    return None if row is None else _ticket(row)


def parked_at(tx: Transaction, mall_id: int, counter_id: int) -> list[Ticket]:
    """The tickets that the counter has parked, oldest first."""
    rows = tx.conn.execute(
        select(*_COLUMNS)
        .where(tickets.c.mall_id == mall_id, tickets.c.counter_id == counter_id, IS_PARKED)
        .order_by(tickets.c.id)
    )
    return [_ticket(row) for row in rows]


def missed_at(tx: Transaction, mall_id: int, counter_id: int, day: date) -> list[Ticket]:
    """Today's no-shows of the counter, newest first: late-comers come back to it."""
    rows = tx.conn.execute(
        select(*_COLUMNS)
        .where(
            tickets.c.mall_id == mall_id,
            tickets.c.day == day,
            tickets.c.counter_id == counter_id,
            tickets.c.state == State.NO_SHOW,
        )
        .order_by(tickets.c.ended_at.desc())
        .limit(10)
    )
    return [_ticket(row) for row in rows]


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


# -- visits --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """One person's stay."""

    id: int
    mall_id: int
    token: str
    locale: str
    day: date


def visit(tx: Transaction, token: str) -> Visit:
    """The visit with this secret; `NotFound` otherwise."""
    row = tx.conn.execute(select(visits).where(visits.c.token == token)).first()
    if row is None:
        raise NotFound("Kunjungan itu tidak ditemukan.", field="token")
    return Visit(row.id, row.mall_id, row.token, row.locale, row.day)


def visit_tokens(tx: Transaction, mall_id: int, visit_ids: Sequence[int]) -> dict[int, str]:
    """Visit id → token."""
    rows = tx.conn.execute(
        select(visits.c.id, visits.c.token).where(
            visits.c.mall_id == mall_id, visits.c.id.in_(visit_ids)
        )
    )
    return {row[0]: row[1] for row in rows}


def tickets_of_visit(tx: Transaction, mall_id: int, visit_id: int) -> list[Ticket]:
    """The visit's tickets: in hand first, then waiting and parked, then what has ended."""
    urgency = case((IN_HAND, 0), (IS_WAITING, 1), (IS_PARKED, 2), else_=3)
    rows = tx.conn.execute(
        select(*_COLUMNS)
        .where(tickets.c.mall_id == mall_id, tickets.c.visit_id == visit_id)
        .order_by(urgency, tickets.c.id.desc())
    )
    return [_ticket(row) for row in rows]


# -- history -------------------------------------------------------------------------------------


def events_of(tx: Transaction, mall_id: int, ticket_id: int) -> list[Row[Any]]:
    """Everything that happened to a ticket, in order."""
    return list(
        tx.conn.execute(
            select(ticket_events)
            .where(ticket_events.c.mall_id == mall_id, ticket_events.c.ticket_id == ticket_id)
            .order_by(ticket_events.c.seq)
        )
    )


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


def open_tickets(tx: Transaction, mall_id: int, until: date) -> list[Ticket]:
    """Tickets still open on this day or an earlier one."""
    rows = tx.conn.execute(
        select(*_COLUMNS)
        .where(
            tickets.c.mall_id == mall_id,
            tickets.c.day <= until,
            or_(IS_WAITING, IN_HAND, IS_PARKED),
        )
        .order_by(tickets.c.id)
        .with_for_update()
    )
    return [_ticket(row) for row in rows]
