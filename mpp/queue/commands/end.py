"""How tickets end without an officer: the visitor gives up, the day is over."""

from datetime import date, datetime

from mpp.counters import queries as counter_queries
from mpp.counters.commands import shifts as counter_commands
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.queue import queries, rules
from mpp.queue.commands.move import NOBODY, move
from mpp.queue.queries import Ticket
from mpp.queue.rules import Action, State


def cancel_by_visitor(
    tx: Transaction, mall: Mall, visit_id: int, *, now: datetime, ticket_id: int | None = None
) -> list[Ticket]:
    """The visitor gives up waiting: one ticket of the visit, or all that wait.

    `ActionNotAllowed` when none of them waits any more.
    """
    theirs = queries.tickets_of_visit(tx, mall.id, visit_id)
    wanted = [t for t in theirs if ticket_id in (None, t.id)]
    waiting = [t for t in wanted if t.state is State.WAITING]
    if not waiting and wanted:
        rules.after(wanted[0].state, Action.CANCEL)
    data = {"by": "visitor"}
    cancelled = []
    for each in waiting:
        locked = queries.ticket(tx, mall.id, each.id, lock=True)
        cancelled.append(
            move(tx, locked, Action.CANCEL, who=NOBODY, now=now, data=data, ended_at=now)
        )
    return cancelled


def close_day(tx: Transaction, mall: Mall, day: date, *, now: datetime) -> int:
    """End a business day: what is still open, of this day or before, expires; shifts end.

    Nothing is deleted; each expiry is an event. Answers how many tickets expired.
    """
    left = queries.open_tickets(tx, mall.id, day)
    for each in left:
        move(tx, each, Action.CLOSE_DAY, who=NOBODY, now=now, ended_at=now)
    for counter_id, shift in counter_queries.present_shifts(tx, mall.id).items():
        if mall.day(shift.opened_at) <= day:
            counter_commands.close_shift(tx, mall, counter_id, by=None, now=now)
    return len(left)
