"""Every SQL statement of the figures: the events of a day, names, and what `mpp verify` reads.

All reading goes by the index of `ticket_events` on (mall_id, day): a day costs the same however many
years lie beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import starmap
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

from mpp.counters.models import agencies, counters, malls, officers, services
from mpp.db.seam import Transaction
from mpp.ids import COUNTER_BITS, NODE_BITS
from mpp.metrics.rules.books import Day, Line, Row, Violation
from mpp.metrics.rules.figures import Promise
from mpp.metrics.rules.laws import broken
from mpp.metrics.rules.spans import Event
from mpp.queue.models import number_series, ticket_events, tickets

OVERLAP_MS = 120_000
_OVERLAP = OVERLAP_MS << (NODE_BITS + COUNTER_BITS)
"""Ids rise with time, but a transaction that began earlier may commit later: what is read again."""

_E = ticket_events.c
_LABEL = case((_E.action == literal_column("'issue'"), _E.data["label"].as_string()))


def _microseconds(is_postgres: bool) -> ColumnElement[int]:
    """The moment of an event as whole microseconds since 1970, exact.

    `date_part` gives a double, fine to a quarter of a microsecond until 2100, and the cast rounds it;
    `extract` would reckon in decimal digits, which takes half as long again.
    """
    if is_postgres:
        return cast(func.date_part("epoch", _E.at) * 1_000_000, BigInteger)
    return type_coerce(_E.at, BigInteger)


_EVENT = {
    is_postgres: (
        _E.ticket_id,
        _E.seq,
        _microseconds(is_postgres).label("at_us"),
        _E.action,
        _E.state,
        _E.service_id,
        _E.counter_id,
        _E.officer_id,
        _LABEL.label("label"),
    )
    for is_postgres in (False, True)
}
_OF_DAYS = {
    is_postgres: select(*columns).where(
        _E.mall_id == bindparam("mall_id"), _E.day.between(bindparam("first"), bindparam("last"))
    )
    for is_postgres, columns in _EVENT.items()
}
_ABOVE = {
    is_postgres: select(*columns, _E.day, _E.id).where(
        _E.mall_id == bindparam("mall_id"), _E.id > bindparam("above")
    )
    for is_postgres, columns in _EVENT.items()
}
_as_event: Callable[[Iterable[Any]], Event] = partial(tuple.__new__, Event)
"""`Event._make` without a step in Python: a day has thousands."""
_HIGHEST = select(func.max(_E.id)).where(_E.mall_id == bindparam("mall_id"))


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
    """The day's events that may be unknown to whoever knows those up to `event_id`; the highest id.

    Those of the last `OVERLAP_MS` before it come again, as some may have been committed late.
    """
    values = {"mall_id": mall_id, "above": event_id - _OVERLAP}
    found, highest = [], event_id
    for *columns, of_day, id_ in tx.conn.execute(_ABOVE[tx.is_postgres], values):
        highest = max(highest, id_)
        if of_day == day:
            found.append(Event(*columns))
    return found, highest


# -- names ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A row's key in the API and its name."""

    key: str
    name: str


@dataclass(frozen=True)
class Names:
    """What ids mean, retired things too: the history still speaks of them. All in their usual order."""

    services: Mapping[int, Named]
    agencies: Mapping[int, Named]
    counters: Mapping[int, Named]
    officers: Mapping[int, Named]
    agency_of: Mapping[int, int]
    promises: Mapping[int, Promise]


def names(tx: Transaction, mall_id: int) -> Names:
    """Names and standards of a mall's services, agencies, counters and officers."""
    s, a, c, o = services.c, agencies.c, counters.c, officers.c
    offered = tx.conn.execute(
        select(s.id, s.slug, s.name, s.agency_id, s.promised_wait_s, s.promised_service_s)
        .where(s.mall_id == mall_id)
        .order_by(s.position, s.id)
    ).all()
    bodies = tx.conn.execute(
        select(a.id, a.slug, a.name).where(a.mall_id == mall_id).order_by(a.position, a.id)
    )
    places = tx.conn.execute(
        select(c.id, c.label).where(c.mall_id == mall_id).order_by(c.position, c.id)
    )
    people = tx.conn.execute(
        select(o.id, o.username).where(o.mall_id == mall_id).order_by(o.username)
    )
    return Names(
        services={row.id: Named(row.slug, row.name) for row in offered},
        agencies={row.id: Named(row.slug, row.name) for row in bodies},
        counters={row.id: Named(str(row.id), f"Loket {row.label}") for row in places},
        officers={row.id: Named(row.username, row.username) for row in people},
        agency_of={row.id: row.agency_id for row in offered},
        promises={row.id: Promise(row.promised_wait_s, row.promised_service_s) for row in offered},
    )


# -- verification --------------------------------------------------------------------------------


def verify(
    tx: Transaction, mall_id: int, *, day_from: date | None = None, day_to: date | None = None
) -> list[Violation]:
    """Every breach of the laws in a mall's books, by day; the laws: docs/metrics.md.

    Reads day by day, so that memory holds one day at a time. Both ends count; None: no bound.
    """
    limit = tx.conn.execute(
        select(malls.c.priority_in_a_row).where(malls.c.id == mall_id)
    ).scalar_one()
    known = names(tx, mall_id)
    series = _last_numbers(tx, mall_id)
    violations: list[Violation] = []
    for day in _days(tx, mall_id, series, day_from or date.min, day_to or date.max):
        stored = Day(
            day=day,
            lines=_lines(tx, mall_id, day),
            rows=_rows(tx, mall_id, day),
            last_numbers=series.get(day, {}),
            priority_limit=limit,
            services={id_: named.key for id_, named in known.services.items()},
            counters={id_: named.name for id_, named in known.counters.items()},
        )
        violations += broken(stored)
    return violations


def _last_numbers(tx: Transaction, mall_id: int) -> dict[date, dict[str, int]]:
    n = number_series.c
    series: dict[date, dict[str, int]] = {}
    rows = tx.conn.execute(select(n.day, n.prefix, n.last_number).where(n.mall_id == mall_id))
    for day, prefix, last in rows:
        series.setdefault(day, {})[prefix] = last
    return series


def _days(
    tx: Transaction, mall_id: int, series: Mapping[date, object], first: date, last: date
) -> Iterator[date]:
    """The days on which anything is stored, in order: one step along each index a day, no scan."""
    numbered = sorted(day for day in series if first <= day <= last)
    tables = [
        select(func.min(table.c.day)).where(
            table.c.mall_id == mall_id, table.c.day >= bindparam("since")
        )
        for table in (ticket_events, tickets)
    ]
    since = first
    while True:
        found = [tx.conn.execute(step, {"since": since}).scalar() for step in tables]
        found.append(next((day for day in numbered if day >= since), None))
        day = min((each for each in found if each is not None), default=None)
        if day is None or day > last:
            return
        yield day
        if day == date.max:
            return
        since = date.fromordinal(day.toordinal() + 1)


_LINE: Sequence[Any] = tuple(_E[name] for name in Line._fields)
_ROW: Sequence[Any] = tuple(tickets.c[name] for name in Row._fields)


def _lines(tx: Transaction, mall_id: int, day: date) -> list[Line]:
    chosen = select(*_LINE).where(_E.mall_id == mall_id, _E.day == day)
    return list(starmap(Line, tx.conn.execute(chosen)))


def _rows(tx: Transaction, mall_id: int, day: date) -> dict[int, Row]:
    chosen = select(*_ROW).where(tickets.c.mall_id == mall_id, tickets.c.day == day)
    return {row.id: Row(*row) for row in tx.conn.execute(chosen)}
