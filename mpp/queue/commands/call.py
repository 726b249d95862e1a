"""Call whoever is next, and close the counter at the end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mpp.counters.commands import shifts as counter_commands
from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Counter, Mall, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.db.seam import Transaction
from mpp.errors import CounterBusy, CounterNotOpen
from mpp.queue.commands.move import move, who_is
from mpp.queue.queries import clock_rows, counter_rows, line_rows, ticket_rows
from mpp.queue.rules import turns
from mpp.queue.rules.life import Action, State
from mpp.queue.rules.ticket import Ticket
from mpp.queue.rules.turns import Choice
from mpp.security import Principal
from mpp.texts import marked


def call_next(
    tx: Transaction, mall: Mall, counter_id: int, *, by: Principal, now: datetime
) -> Ticket | None:
    """Call whoever is next at this counter; None when nobody waits for it.

    One call at a time in a group of counters that share services (a lock on PostgreSQL, the writer
    on SQLite), so that the order is strict and the stored reason names exactly who was considered.
    Raises `CounterNotOpen`, `CounterBusy`.
    """
    counter = mall.counter(counter_id)
    tx.lock(mall.group_by_counter[counter_id])
    shift = open_and_free(tx, mall, counter)
    now = clock_rows.held(tx, mall, now)
    day = mall.day(now)
    while True:
        heads = line_rows.heads(tx, mall.id, counter_id, day, shift.services)
        limit = mall.priority_in_a_row
        streak = line_rows.priority_streak(tx, mall.id, counter_id, day, limit)
        choice = turns.choose(heads, priority_in_a_row=streak, limit=limit, now=now)
        if choice is None:
            return None
        ticket = ticket_rows.ticket(tx, mall.id, choice.head.ticket_id, lock=True)
        if ticket.state is State.WAITING:  # else its visitor has cancelled meanwhile: choose again
            offered = line_rows.offered(tx, mall.id, counter_id, shift.services)
            return call_to(tx, ticket, counter, facts_of(choice, streak, offered), by=by, now=now)


def call_to(
    tx: Transaction,
    ticket: Ticket,
    counter: Counter,
    facts: dict[str, Any],
    *,
    by: Principal,
    now: datetime,
    action: Action = Action.CALL,
) -> Ticket:
    first = ticket.calls == 0
    return move(
        tx,
        ticket,
        action,
        who=who_is(by),
        now=now,
        data=facts,
        wait_s=(now - ticket.joined_at).total_seconds() if first else None,
        counter_id=counter.id,
        target_counter_id=None,
        calls=ticket.calls + 1,
        called_at=now,
        parked_until=None,
        reason=facts["reason"],
    )


def facts_of(choice: Choice, streak: int, offered: Sequence[int]) -> dict[str, Any]:
    """What the history keeps of a choice: enough to make it again and to explain it.

    `offered`: the services from which the counter called, also those that nobody waited for.
    """
    return {
        "reason": turns.explain(choice),
        "rule": choice.rule,
        "version": turns.VERSION,
        "streak": streak,
        "limit": choice.limit,
        "services": offered,
        "considered": [
            {
                "ticket": head.ticket_id,
                "label": head.label,
                "service": head.service_id,
                "priority": head.priority,
                "joined_at": head.joined_at,
                "rank_at": head.rank_at,
                "weight": head.weight,
                "targeted": head.is_targeted,
            }
            for head in choice.considered
        ],
    }


def open_and_free(tx: Transaction, mall: Mall, counter: Counter) -> Shift:
    shift = shift_rows.shift_at(tx, mall.id, counter.id, lock=True)
    if shift is None:
        raise CounterNotOpen(marked("Buka loket ini dahulu."), counter=counter.id)
    if shift.state is ShiftState.PAUSED:
        raise CounterNotOpen(marked("Loket ini sedang jeda; buka lagi dahulu."), counter=counter.id)
    ticket = counter_rows.in_hand(tx, mall.id, counter.id)
    if ticket is not None:
        raise CounterBusy(
            f"Selesaikan {ticket.label} dahulu.", ticket=ticket.id, label=ticket.label
        )
    return shift


def close_counter(
    tx: Transaction, mall: Mall, counter_id: int, *, by: Principal, now: datetime
) -> None:
    """End a counter's shift; `CounterBusy` while it has a ticket in hand."""
    mall.counter(counter_id)
    shift_rows.shift_at(tx, mall.id, counter_id, lock=True)
    ticket = counter_rows.in_hand(tx, mall.id, counter_id)
    if ticket is not None:
        raise CounterBusy(
            f"Selesaikan {ticket.label} sebelum menutup loket.",
            ticket=ticket.id,
            label=ticket.label,
        )
    now = clock_rows.held(tx, mall, now)
    counter_commands.close_shift(tx, mall, counter_id, by=by, now=now)
