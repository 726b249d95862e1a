"""Everything else that an officer does to a ticket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mpp.counters.rules.mall import Mall, Service
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Forbidden, Invalid
from mpp.queue.commands.call import call_to, open_and_free
from mpp.queue.commands.issue import IssueRequest, new_ticket
from mpp.queue.commands.move import move, who_is
from mpp.queue.queries import clock_rows, ticket_rows, visit_rows
from mpp.queue.rules import life, turns
from mpp.queue.rules.life import Action, Channel, Outcome, Place, State
from mpp.queue.rules.ticket import REFERRAL, Ticket
from mpp.security import Principal
from mpp.texts import marked


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an action may carry; each action takes its own and refuses the rest in `routes`."""

    reason: str | None = None
    until: datetime | None = None
    outcome: Outcome = Outcome.DONE
    service: Service | None = None
    counter_id: int | None = None
    place: Place | None = None


NO_DETAILS = Details()


@dataclass(frozen=True)
class Acted:
    """The ticket after the action, and the new one when it was referred."""

    ticket: Ticket
    referred: Ticket | None = None


def act(
    tx: Transaction,
    mall: Mall,
    ticket_id: int,
    action: Action,
    *,
    by: Principal,
    now: datetime,
    details: Details = NO_DETAILS,
) -> Acted:
    """Do one of the officer's actions. Raises `ActionNotAllowed`, `Forbidden`, `Conflict`."""
    # Who takes a counter locks that first, as `call_next` does: the other way round they would block
    # each other. `move` notices when somebody else was quicker with the ticket.
    takes_counter = action in {Action.CALL, Action.RESUME}
    ticket = ticket_rows.ticket(tx, mall.id, ticket_id, lock=not takes_counter)
    life.after(ticket.state, action)
    _may(by, mall, ticket, action)
    now = clock_rows.held(tx, mall, now)
    return _DO[action](tx, mall, ticket, details, by, now)


def _may(by: Principal, mall: Mall, ticket: Ticket, action: Action) -> None:
    """Whose ticket it is: the counter's that has it or last had it, while it waits any that serves it.

    Leaders may always. To resume, the counter that takes it over decides, see `_resume`.
    """
    if ticket.state is State.WAITING:
        theirs = (mall.counter_by_id.get(counter_id) for counter_id in by.counter_ids)
        allowed = any(c is not None and ticket.service_id in c.weights for c in theirs)
    else:
        allowed = action is Action.RESUME or by.may_operate(ticket.counter_id or 0)
    if not (allowed or by.may_operate(0)):
        raise Forbidden(marked("Tiket ini ada di loket lain."))


def _recall(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    return Acted(move(tx, t, Action.RECALL, who=who_is(by), now=now, calls=t.calls + 1))


def _start(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    return Acted(move(tx, t, Action.START, who=who_is(by), now=now, started_at=now))


def _complete(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    done = move(
        tx, t, Action.COMPLETE, who=who_is(by), now=now,
        data={"outcome": d.outcome, **_said(d)}, ended_at=now, outcome=d.outcome,
    )  # fmt: skip
    return Acted(done)


def _miss(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    data = _said(d) or None
    return Acted(move(tx, t, Action.MISS, who=who_is(by), now=now, data=data, ended_at=now))


def _requeue(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    return Acted(_back(tx, mall, t, Action.REQUEUE, d, d.place or Place.LAST, by, now))


def _return(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    return Acted(_back(tx, mall, t, Action.RETURN, d, Place.JOINED, by, now))


def _back(
    tx: Transaction,
    mall: Mall,
    t: Ticket,
    action: Action,
    d: Details,
    place: Place,
    by: Principal,
    now: datetime,
    **changes: Any,
) -> Ticket:
    """Into a queue again, at the place that was chosen."""
    if t.day != mall.day(now):
        raise Conflict(marked("Tiket ini dari hari lain dan tidak dapat masuk antrean lagi."))
    joined_rank = turns.rank_at(t.joined_at, t.priority, mall.priority_head_start)
    data = {"place": place, "counter": d.counter_id, **_said(d)}
    if d.service is not None:
        data |= {"from": t.service_id, "to": d.service.id}
    return move(
        tx,
        t,
        action,
        who=who_is(by),
        now=now,
        data=data,
        counter_id=None,
        target_counter_id=d.counter_id,
        rank_at=joined_rank if place is Place.JOINED else now,
        called_at=None,
        started_at=None,
        ended_at=None,
        reason=None,
        **changes,
    )


def _transfer(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    if (d.service is None) == (d.counter_id is None):
        raise Invalid("Pilih satu tujuan: layanan atau loket.", field="service")
    if d.counter_id is not None:
        mall.counter(d.counter_id, "counter")
    changes = {} if d.service is None else {"service_id": d.service.id}
    place = d.place or Place.JOINED
    return Acted(_back(tx, mall, t, Action.TRANSFER, d, place, by, now, **changes))


def _park(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    if not d.reason:
        raise Invalid("Tulis alasan menunda.", field="reason")
    # Within two days first: the far end of time cannot be told in the mall's own.
    soon = d.until is None or now < d.until < now + timedelta(days=2)
    if not soon or (d.until is not None and mall.day(d.until) != t.day):
        raise Invalid(marked("Batas waktu tunda harus nanti, pada hari yang sama."), field="until")
    data = {"reason": d.reason, "until": d.until}
    parked = move(
        tx, t, Action.PARK, who=who_is(by), now=now, data=data,
        parked_until=d.until, reason=d.reason,
    )  # fmt: skip
    return Acted(parked)


def _resume(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    counter = mall.counter(d.counter_id or t.counter_id or 0, "counter")
    if not by.may_operate(counter.id):
        raise Forbidden("Loket itu bukan loket Anda.")
    open_and_free(tx, mall, counter)
    _visit_must_be_free(tx, t)
    return Acted(
        call_to(
            tx,
            t,
            counter,
            {"reason": "dilanjutkan setelah ditunda"},
            by=by,
            now=now,
            action=Action.RESUME,
        )
    )


def _refer(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    """Finish here and go on at another agency: a new number on the same visit."""
    if d.service is None:
        raise Invalid("Pilih layanan tujuan.", field="service")
    request = IssueRequest(
        service=d.service,
        issuer=f"{REFERRAL}:{t.id}",
        priority=t.priority,
        channel=Channel.REFERRAL,
        unrestricted=True,
        officer_id=by.officer_id,
        device_id=by.device_id,
    )
    data = {"outcome": Outcome.REFERRED, "service": d.service.id, **_said(d)}
    done = move(
        tx,
        t,
        Action.REFER,
        who=who_is(by),
        now=now,
        data=data,
        ended_at=now,
        outcome=Outcome.REFERRED,
    )
    return Acted(done, new_ticket(tx, mall, request, t.visit_id, t.day, now)[0])


def _cancel(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    data = _said(d) or None
    return Acted(move(tx, t, Action.CANCEL, who=who_is(by), now=now, data=data, ended_at=now))


def _call_chosen(
    tx: Transaction, mall: Mall, t: Ticket, d: Details, by: Principal, now: datetime
) -> Acted:
    """Out of turn, on somebody's word: the reason is asked for and kept."""
    if not d.reason:
        raise Invalid("Tulis alasan memanggil di luar giliran.", field="reason")
    counter = mall.counter(d.counter_id or next(iter(by.counter_ids), 0), "counter")
    if not by.may_operate(counter.id):
        raise Forbidden("Loket itu bukan loket Anda.")
    if t.service_id not in counter.weights:
        raise Conflict(marked("Loket ini tidak melayani layanan itu."), field="counter")
    tx.lock(mall.group_by_counter[counter.id])
    open_and_free(tx, mall, counter)
    _visit_must_be_free(tx, t)
    facts = {"reason": f"dipilih petugas: {d.reason}", "rule": "chosen"}
    return Acted(call_to(tx, t, counter, facts, by=by, now=now))


def _visit_must_be_free(tx: Transaction, t: Ticket) -> None:
    for other in visit_rows.tickets_of_visit(tx, t.mall_id, t.visit_id):
        if other.state in life.IN_HAND:
            raise Conflict(marked("Pengunjung ini sedang di loket lain."))


def _said(d: Details) -> dict[str, Any]:
    return {"reason": d.reason} if d.reason else {}


_DO = {
    Action.CALL: _call_chosen,
    Action.RECALL: _recall,
    Action.START: _start,
    Action.COMPLETE: _complete,
    Action.MISS: _miss,
    Action.REQUEUE: _requeue,
    Action.RETURN: _return,
    Action.PARK: _park,
    Action.RESUME: _resume,
    Action.TRANSFER: _transfer,
    Action.REFER: _refer,
    Action.CANCEL: _cancel,
}
