"""What `mpp verify` reads: every event and ticket, day by day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    bindparam,
    func,
    select,
)

from mpp.counters.models import malls, officer_counters, officers, shifts
from mpp.db.seam import Transaction
from mpp.ids import made_at, node_of
from mpp.metrics.queries.event_rows import EVENTS
from mpp.metrics.queries.name_rows import names
from mpp.metrics.rules.invariants import broken
from mpp.metrics.rules.stored_day import Day, Line, Row, Violation
from mpp.queue.models import clock_steps, number_series, ticket_events, tickets
from mpp.security import LEADERS


def verify(
    tx: Transaction, mall_id: int, *, day_from: date | None = None, day_to: date | None = None
) -> list[Violation]:
    """Every breach of the invariants in a mall's history, by day; the invariants: docs/metrics.md.

    Reads day by day, so that memory holds one day at a time. Both ends count; None: no bound.
    """
    limit = tx.conn.execute(
        select(malls.c.priority_in_a_row).where(malls.c.id == mall_id)
    ).scalar_one()
    known = names(tx, mall_id)
    assigned = _assigned(tx, mall_id)
    series = _last_numbers(tx, mall_id)
    noted = tx.conn.execute(_STEPS, {"mall_id": mall_id}).all()
    violations: list[Violation] = []
    for day in _days(tx, mall_id, series, day_from or date.min, day_to or date.max):
        lines = _lines(tx, mall_id, day)
        stored = Day(
            day=day,
            lines=lines,
            clock_was_off=_was_off(noted, lines),
            rows=_rows(tx, mall_id, day),
            last_numbers=series.get(day, {}),
            priority_limit=limit,
            services={id_: named.key for id_, named in known.services.items()},
            counters={id_: named.name for id_, named in known.counters.items()},
            counters_of=_counters_of(tx, mall_id, day, assigned),
        )
        violations += broken(stored)
    return violations


_STEPS = select(clock_steps.c.noticed_at, clock_steps.c.held_at).where(
    clock_steps.c.mall_id == bindparam("mall_id")
)


def _was_off(noted: Sequence[Any], lines: Sequence[Line]) -> bool:
    """Whether a clock that was set back was noted while these events were written."""
    if not noted or not lines:
        return False
    first, last = min(line.at for line in lines), max(line.at for line in lines)
    return any(noticed <= last and held >= first for noticed, held in noted)


Assigned = dict[int, frozenset[int] | None]


def _assigned(tx: Transaction, mall_id: int) -> Assigned:
    """Officer → the counters that are theirs now; None: a leader."""
    theirs: dict[int, set[int]] = {}
    a, o = officer_counters.c, officers.c
    for officer_id, counter_id in tx.conn.execute(
        select(a.officer_id, a.counter_id).where(a.mall_id == mall_id)
    ):
        theirs.setdefault(officer_id, set()).add(counter_id)
    everybody = tx.conn.execute(select(o.id, o.role).where(o.mall_id == mall_id))
    return {
        officer_id: None if role in LEADERS else frozenset(theirs.get(officer_id, ()))
        for officer_id, role in everybody
    }


def _counters_of(tx: Transaction, mall_id: int, day: date, assigned: Assigned) -> Assigned:
    """The same with the counters at which they had a shift on that day."""
    s, counters_of = shifts.c, dict(assigned)
    had = select(s.officer_id, s.counter_id).where(s.mall_id == mall_id, s.day == day)
    for officer_id, counter_id in tx.conn.execute(had):
        theirs = counters_of.get(officer_id, frozenset())
        if officer_id is not None and theirs is not None:
            counters_of[officer_id] = theirs | {counter_id}
    return counters_of


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


_LINE: Sequence[Any] = tuple(
    EVENTS[name] for name in Line._fields if name not in ("made_at", "node")
)

_ROW: Sequence[Any] = tuple(tickets.c[name] for name in Row._fields)


def _lines(tx: Transaction, mall_id: int, day: date) -> list[Line]:
    chosen = select(*_LINE).where(EVENTS.mall_id == mall_id, EVENTS.day == day)
    return [Line._make((*row, made_at(row.id), node_of(row.id))) for row in tx.conn.execute(chosen)]


def _rows(tx: Transaction, mall_id: int, day: date) -> dict[int, Row]:
    chosen = select(*_ROW).where(tickets.c.mall_id == mall_id, tickets.c.day == day)
    return {row.id: Row(*row) for row in tx.conn.execute(chosen)}
