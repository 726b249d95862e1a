"""In which order counters will call, by the rule that calls: who stands before a ticket."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Counter, Mall, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.db.seam import Transaction
from mpp.queue.queries import counter_rows, line_rows
from mpp.queue.rules import turns
from mpp.queue.rules.ticket import Ticket
from mpp.queue.rules.turns import Head

Places = Iterable[tuple[Head, int | None, bool]]


def line_at(
    tx: Transaction, mall: Mall, counter: Counter, shift: Shift | None, now: datetime
) -> list[Head]:
    """Everybody who waits for a counter, first who it calls first; who is at another counter, last."""
    offered, day = _offered(counter, shift), mall.day(now)
    places = line_rows.places(tx, mall.id, offered, [counter.id], day)
    ready, away = _at(counter, offered, places)
    return [*_order(tx, mall, counter, day, ready, now), *away]


def people_ahead(tx: Transaction, mall: Mall, ticket: Ticket, now: datetime) -> int:
    """How many are called before a waiting ticket at that of its counters where it is called first.

    Its counters: those open now that it may be called at; all of them while none is open.
    """
    shifts, day = shift_rows.present_shifts(tx, mall.id), mall.day(now)
    counters = _counters_of(mall, ticket, shifts)
    offered = {each.id: _offered(each, shifts.get(each.id)) for each in counters}
    services = {service_id for some in offered.values() for service_id in some}
    places = line_rows.places(tx, mall.id, services, list(offered), day)
    ahead = []
    for counter in counters:
        ready, away = _at(counter, offered[counter.id], places)
        mine = [head for head in away if head.ticket_id == ticket.id]
        order = _order(tx, mall, counter, day, [*ready, *mine], now)
        ids = [head.ticket_id for head in order]
        ahead.append(ids.index(ticket.id) if ticket.id in ids else len(ids))
    return min(ahead, default=0)


@dataclass(frozen=True)
class Newcomer:
    """How it is for somebody who takes a number now. `is_idle`: a counter is free, and nobody waits."""

    ahead: int
    is_idle: bool


def newcomers(
    tx: Transaction, mall: Mall, service_ids: Iterable[int], day: date
) -> dict[int, Newcomer]:
    """For each service: how many wait for that of its counters where fewest do."""
    shifts, busy = shift_rows.present_shifts(tx, mall.id), counter_rows.busy(tx, mall.id)
    counts = line_rows.waiting_counts(tx, mall.id, day)
    waiting = {
        each.id: sum(counts.get(s, 0) for s in _offered(each, shifts.get(each.id)))
        for each in mall.counters
    }
    found = {}
    for service_id in service_ids:
        counters = _serving(mall, service_id, shifts)
        idle = any(
            not waiting[each.id] and each.id not in busy and _is_open(shifts.get(each.id))
            for each in counters
        )
        ahead = min((waiting[each.id] for each in counters), default=0)
        found[service_id] = Newcomer(ahead, idle)
    return found


def _counters_of(mall: Mall, ticket: Ticket, shifts: Mapping[int, Shift]) -> list[Counter]:
    if ticket.target_counter_id is not None:
        sent_to = mall.counter_by_id.get(ticket.target_counter_id)
        return [] if sent_to is None else [sent_to]
    return _serving(mall, ticket.service_id, shifts)


def _serving(mall: Mall, service_id: int, shifts: Mapping[int, Shift]) -> list[Counter]:
    """The counters that call from the service now; all that have it while none does."""
    having = [each for each in mall.counters if service_id in each.weights]
    calling = [
        each
        for each in having
        if _is_open(shifts.get(each.id)) and service_id in _offered(each, shifts[each.id])
    ]
    return calling or having


def _is_open(shift: Shift | None) -> bool:
    return shift is not None and shift.state is ShiftState.OPEN


def _offered(counter: Counter, shift: Shift | None) -> frozenset[int]:
    """The services from which it calls in its shift."""
    chosen = None if shift is None else shift.services
    return frozenset(counter.weights) if chosen is None else chosen & counter.weights.keys()


def _at(
    counter: Counter, offered: Collection[int], places: Places
) -> tuple[list[Head], list[Head]]:
    """Who may be called at this counter, and who could but that they are at another one."""
    both: tuple[list[Head], list[Head]] = ([], [])
    for head, target, is_away in places:
        if target == counter.id:
            both[is_away].append(head)
        elif target is None and head.service_id in offered:
            both[is_away].append(replace(head, weight=counter.weights[head.service_id]))
    return both


def _order(
    tx: Transaction, mall: Mall, counter: Counter, day: date, heads: list[Head], now: datetime
) -> list[Head]:
    limit, streak = mall.priority_in_a_row, 0
    if len({head.is_priority for head in heads}) > 1:  # else no bound can matter
        streak = line_rows.priority_streak(tx, mall.id, counter.id, day, limit)
    return turns.line_up(heads, priority_in_a_row=streak, limit=limit, now=now)
