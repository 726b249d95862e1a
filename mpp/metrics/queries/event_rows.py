"""The events of days, as figures are made from them."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)

from mpp.db.seam import Transaction
from mpp.ids import COUNTER_BITS, NODE_BITS
from mpp.metrics.rules.spans import Event
from mpp.queue.models import ticket_events

OVERLAP_MS = 120_000

_OVERLAP = OVERLAP_MS << (NODE_BITS + COUNTER_BITS)
"""Ids rise with time, but a transaction that began earlier may commit later: what is read again."""

EVENTS = ticket_events.c


def _issued(name: str) -> ColumnElement[str]:
    """What the issue tells, null on every other event."""
    return case((EVENTS.action == literal_column("'issue'"), EVENTS.data[name].as_string()))


def _microseconds(is_postgres: bool) -> ColumnElement[int]:
    """The moment of an event as whole microseconds since 1970, exact.

    `date_part` gives a double, fine to a quarter of a microsecond until 2100, and the cast rounds it;
    `extract` would reckon in decimal digits, which takes half as long again.
    """
    if is_postgres:
        return cast(func.date_part("epoch", EVENTS.at) * 1_000_000, BigInteger)
    return type_coerce(EVENTS.at, BigInteger)


_EVENT = {
    is_postgres: (
        EVENTS.ticket_id,
        EVENTS.seq,
        _microseconds(is_postgres).label("at_us"),
        EVENTS.action,
        EVENTS.state,
        EVENTS.service_id,
        EVENTS.counter_id,
        EVENTS.officer_id,
        _issued("label").label("label"),
        EVENTS.priority,
        _issued("channel").label("channel"),
    )
    for is_postgres in (False, True)
}

_OF_DAYS = {
    is_postgres: select(*columns).where(
        EVENTS.mall_id == bindparam("mall_id"),
        EVENTS.day.between(bindparam("first"), bindparam("last")),
    )
    for is_postgres, columns in _EVENT.items()
}

_ABOVE = {
    is_postgres: select(*columns, EVENTS.id).where(
        EVENTS.mall_id == bindparam("mall_id"),
        EVENTS.id > bindparam("above"),
        EVENTS.day == bindparam("day"),
    )
    for is_postgres, columns in _EVENT.items()
}

_as_event: Callable[[Iterable[Any]], Event] = partial(tuple.__new__, Event)
"""`Event._make` without a step in Python: a day has thousands."""

_HIGHEST = select(func.max(EVENTS.id)).where(EVENTS.mall_id == bindparam("mall_id"))


def events(tx: Transaction, mall_id: int, first: date, last: date) -> list[Event]:
    """Everything that happened on these business days, both included, in no particular order."""
    values = {"mall_id": mall_id, "first": first, "last": last}
    return list(map(_as_event, tx.conn.execute(_OF_DAYS[tx.is_postgres], values)))


def highest_event(tx: Transaction, mall_id: int) -> int:
    """The highest id of the mall's events, 0 before the first."""
    highest: int | None = tx.conn.execute(_HIGHEST, {"mall_id": mall_id}).scalar()
    return highest or 0


def events_since(
    tx: Transaction, mall_id: int, day: date, event_id: int
) -> tuple[list[Event], int]:
    """The day's events that may be unknown to whoever knows those up to `event_id`; their highest id.

    Those of the last `OVERLAP_MS` before it come again, as some may have been committed late.
    """
    values = {"mall_id": mall_id, "above": event_id - _OVERLAP, "day": day}
    found, highest = [], event_id
    for *columns, id_ in tx.conn.execute(_ABOVE[tx.is_postgres], values):
        highest = max(highest, id_)
        found.append(Event(*columns))
    return found, highest
