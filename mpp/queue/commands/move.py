"""The one place where a ticket's state changes, and the history that it writes."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, update

from mpp.counters.commands.shifts import counter_topic, mall_topic, service_topic
from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.errors import Conflict
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules import life
from mpp.queue.rules.life import Action
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal
from mpp.texts import marked

_INSERT_EVENT = CompiledStatement(insert(ticket_events))


@cache
def _update(names: tuple[str, ...]) -> CompiledStatement:
    """Store these columns of a ticket, unless another event came in between."""
    return CompiledStatement(
        update(tickets)
        .where(
            tickets.c.mall_id == bindparam("of_mall"),
            tickets.c.id == bindparam("of_id"),
            tickets.c.events == bindparam("of_events"),
        )
        .values({name: bindparam(name, type_=tickets.c[name].type) for name in names})
    )


def visit_topic(visit_id: int) -> str:
    return f"visit:{visit_id}"


def topics_of(ticket: Ticket) -> set[str]:
    """Whose screens show a ticket as it stands; a ticket that moves shows where it left, too."""
    topics = {mall_topic(ticket.mall_id), visit_topic(ticket.visit_id)}
    topics.add(service_topic(ticket.service_id))
    if ticket.counter_id is not None:
        topics.add(counter_topic(ticket.counter_id))
    return topics


@dataclass(frozen=True)
class Who:
    officer_id: int | None = None
    device_id: int | None = None


NOBODY = Who()


def who_is(by: Principal | None) -> Who:
    return Who(by.officer_id, by.device_id) if by else NOBODY


def move(
    tx: Transaction,
    ticket: Ticket,
    action: Action,
    *,
    who: Who,
    now: datetime,
    data: dict[str, Any] | None = None,
    wait_s: float | None = None,
    **changes: Any,
) -> Ticket:
    """Do `action` to a ticket: check it against the table, store the state, write its event.

    `changes` are further columns to store. Raises `ActionNotAllowed`, or `Conflict` when somebody
    else changed the ticket since it was read.
    """
    state = life.after(ticket.state, action)
    moved = replace(ticket, state=state, events=ticket.events + 1, **changes)
    stored = {"state": state, "events": moved.events, **changes}
    key = {"of_mall": ticket.mall_id, "of_id": ticket.id, "of_events": ticket.events}
    if _update(tuple(stored)).run(tx, stored | key) != 1:
        raise Conflict(marked("Tiket ini baru saja diubah oleh orang lain. Muat ulang."))
    record(tx, moved, action, who=who, now=now, data=data, wait_s=wait_s, left=ticket.counter_id)
    tx.wake(*topics_of(ticket), *topics_of(moved))
    return moved


def record(
    tx: Transaction,
    ticket: Ticket,
    action: Action,
    *,
    who: Who,
    now: datetime,
    data: dict[str, Any] | None,
    at_join: bool = False,
    wait_s: float | None = None,
    left: int | None = None,
) -> None:
    """Append the event. A ticket that leaves a counter is booked to the counter that it left."""
    tells_queue = at_join or wait_s is not None
    _INSERT_EVENT.run(
        tx,
        {
            "mall_id": ticket.mall_id,
            "id": tx.new_id(),
            "ticket_id": ticket.id,
            "seq": ticket.events,
            "day": ticket.day,
            "at": now,
            "action": action,
            "state": ticket.state,
            "service_id": ticket.service_id,
            "counter_id": ticket.counter_id if ticket.counter_id is not None else left,
            "officer_id": who.officer_id,
            "device_id": who.device_id,
            "priority": ticket.priority,
            "ahead": ticket.ahead_at_join if tells_queue else None,
            "open_counters": ticket.open_at_join if tells_queue else None,
            "wait_s": wait_s,
            "data": data,
        },
    )
