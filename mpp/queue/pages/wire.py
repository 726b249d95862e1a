"""The wire types of the queue: answers of the API and messages of the live sockets."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from mpp.counters.rules.mall import Mall, ShiftState
from mpp.queue.rules import life
from mpp.queue.rules.forecast import NOWHERE, ExpectedWait, Standing
from mpp.queue.rules.snapshots import Brought, DeskNow, VisitNow
from mpp.queue.rules.ticket import Ticket


class WaitOut(msgspec.Struct):
    """Seconds; nine of ten waits like this one lie between low and high."""

    low_s: int
    mid_s: int
    high_s: int


def wait_out(expected: ExpectedWait | None) -> WaitOut | None:
    if expected is None:
        return None
    return WaitOut(expected.low_s, expected.mid_s, expected.high_s)


class TicketOut(msgspec.Struct, kw_only=True):
    """A ticket. `agency`, `service`: slugs; `counter`: an id. Times are UTC."""

    id: int
    label: str
    number: int
    mall: str
    agency: str
    service: str
    state: str
    priority: str
    channel: str
    calls: int
    counter: int | None
    counter_label: str | None
    joined_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    people_ahead: int | None
    expected_wait: WaitOut | None
    outcome: str | None = None
    reason: str | None = None
    visit_token: str | None = None
    visit_url: str | None = None
    parked_until: datetime | None = None
    referred: "TicketOut | None" = None


def ticket_out(
    mall: Mall,
    ticket: Ticket,
    standing: Standing = NOWHERE,
    *,
    visit_token: str | None = None,
    base_url: str = "",
    referred: "TicketOut | None" = None,
) -> TicketOut:
    """A ticket as the API tells it; the visit's secret only where it is passed in."""
    service = mall.service_by_id.get(ticket.service_id)
    counter = mall.counter_by_id.get(ticket.counter_id) if ticket.counter_id else None
    return TicketOut(
        id=ticket.id,
        label=ticket.label,
        number=ticket.number,
        mall=mall.slug,
        agency=mall.agency_of(service).slug if service else "",
        service=service.slug if service else "",
        state=ticket.state,
        priority=ticket.priority,
        channel=ticket.channel,
        calls=ticket.calls,
        counter=ticket.counter_id,
        counter_label=counter.label if counter else None,
        joined_at=ticket.joined_at,
        called_at=ticket.called_at,
        started_at=ticket.started_at,
        ended_at=ticket.ended_at,
        people_ahead=standing.people_ahead,
        expected_wait=wait_out(standing.expected),
        outcome=ticket.outcome,
        reason=ticket.reason,
        visit_token=visit_token,
        visit_url=visit_url(base_url, visit_token) if visit_token else None,
        parked_until=ticket.parked_until,
        referred=referred,
    )


def visit_url(base_url: str, token: str) -> str:
    """Where the visitor's phone follows the visit; this is what the QR holds."""
    return f"{base_url}/v/{token}"


class EventOut(msgspec.Struct):
    """One line of a ticket's history."""

    seq: int
    at: datetime
    action: str
    state: str
    service: str
    counter: int | None
    officer: int | None
    device: int | None
    data: dict[str, Any] | None


def event_out(mall: Mall, row: Row[Any]) -> EventOut:
    service = mall.service_by_id.get(row.service_id)
    return EventOut(
        seq=row.seq,
        at=row.at,
        action=row.action,
        state=row.state,
        service=service.slug if service else "",
        counter=row.counter_id,
        officer=row.officer_id,
        device=row.device_id,
        data=row.data,
    )


class VisitOut(msgspec.Struct, kw_only=True):
    """A visitor's own view. The top level tells of the ticket that matters now."""

    type: str = "visit"
    version: int
    at: datetime
    mall: str
    mall_name: str
    day: str
    label: str
    state: str
    position: int | None
    people_ahead: int | None
    expected_wait: WaitOut | None
    counter: int | None
    counter_label: str | None
    calls: int
    tickets: list[TicketOut]


def visit_out(mall: Mall, found: VisitNow, *, version: int, now: datetime) -> VisitOut:
    """As a visitor may see it."""
    visit = found.visit
    shown = [ticket_out(mall, ticket, standing) for ticket, standing in found.tickets]
    for each in shown:
        each.reason = None  # why somebody was called is for the desk, not for a phone
    first = shown[0]
    return VisitOut(
        version=version,
        at=now,
        mall=mall.slug,
        mall_name=mall.name,
        day=visit.day.isoformat(),
        label=first.label,
        state=first.state,
        position=None if first.people_ahead is None else first.people_ahead + 1,
        people_ahead=first.people_ahead,
        expected_wait=first.expected_wait,
        counter=first.counter,
        counter_label=first.counter_label,
        calls=first.calls,
        tickets=shown,
    )


class BroughtOut(msgspec.Struct, kw_only=True):
    """What was said when the ticket in hand was sent on or taken back, and at which counter."""

    action: str
    counter_label: str | None
    reason: str


def brought_out(mall: Mall, brought: Brought | None) -> BroughtOut | None:
    if brought is None:
        return None
    counter = mall.counter_by_id.get(brought.counter_id or 0)
    return BroughtOut(
        action=brought.action,
        counter_label=counter.label if counter else None,
        reason=brought.reason,
    )


class DeskOut(msgspec.Struct, kw_only=True):
    """A counter's own view: the ticket in hand, who waits, who is parked, who was missed."""

    type: str = "desk"
    version: int
    at: datetime
    counter: int
    label: str
    shift: str
    pause_reason: str | None
    current: TicketOut | None
    brought: BroughtOut | None
    allowed: list[str]
    waiting_count: int
    waiting: list[TicketOut]
    parked: list[TicketOut]
    missed: list[TicketOut]
    served_today: int


def desk_out(mall: Mall, found: DeskNow, *, version: int, now: datetime) -> DeskOut:
    """As the desk and the counter's socket tell it; buttons follow from the ticket's state."""
    shift, current = found.shift, found.current
    return DeskOut(
        version=version,
        at=now,
        counter=found.counter.id,
        label=found.counter.label,
        shift=shift.state if shift else ShiftState.CLOSED,
        pause_reason=shift.reason if shift else None,
        current=ticket_out(mall, current) if current else None,
        brought=brought_out(mall, found.brought),
        allowed=sorted(life.desk_actions(current.state)) if current else [],
        waiting_count=found.waiting_count,
        waiting=[ticket_out(mall, *each) for each in found.waiting],
        parked=[ticket_out(mall, each) for each in found.parked],
        missed=[ticket_out(mall, each) for each in found.missed],
        served_today=found.served_today,
    )
