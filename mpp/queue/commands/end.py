"""How tickets end without an officer: the visitor gives up, the day is over."""

from datetime import date, datetime

from mpp.counters.commands import shifts as counter_commands
from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.queue.commands.move import NOBODY, move
from mpp.queue.queries import clock_rows, past_rows, ticket_rows, visit_rows
from mpp.queue.rules import life
from mpp.queue.rules.life import Action, State
from mpp.queue.rules.ticket import Ticket


def cancel_by_visitor(
    tx: Transaction, mall: Mall, visit_id: int, *, now: datetime, ticket_id: int | None = None
) -> list[Ticket]:
    """The visitor gives up waiting: one ticket of the visit, or all that wait.

    `NotFound` for a ticket of somebody else, `ActionNotAllowed` when none of them waits any more.
    """
    theirs = visit_rows.tickets_of_visit(tx, mall.id, visit_id)
    wanted = [t for t in theirs if ticket_id in (None, t.id)]
    if not wanted and ticket_id is not None:
        raise NotFound("Nomor itu bukan bagian dari kunjungan ini.", field="ticket")
    waiting = [t for t in wanted if t.state is State.WAITING]
    if not waiting and wanted:
        life.after(wanted[0].state, Action.CANCEL)
    data = {"by": "visitor"}
    now = clock_rows.held(tx, mall, now)
    cancelled = []
    for each in waiting:
        locked = ticket_rows.ticket(tx, mall.id, each.id, lock=True)
        cancelled.append(
            move(tx, locked, Action.CANCEL, who=NOBODY, now=now, data=data, ended_at=now)
        )
    return cancelled


def close_day(tx: Transaction, mall: Mall, day: date, *, now: datetime) -> int:
    """End a business day: what is still open, of this day or before, expires; shifts end.

    Nothing is deleted; each expiry is an event. Answers how many tickets expired.
    """
    now = clock_rows.held(tx, mall, now)
    left = past_rows.open_tickets(tx, mall.id, day)
    for each in left:
        move(tx, each, Action.CLOSE_DAY, who=NOBODY, now=now, ended_at=now)
    for counter_id, shift in shift_rows.present_shifts(tx, mall.id).items():
        if mall.day(shift.opened_at) <= day:
            counter_commands.close_shift(tx, mall, counter_id, by=None, now=now)
    return len(left)
