"""The visitor's phone: what its templates read. No name, no number of an identity card, no diagnosis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mpp.counters.rules.mall import Agency, Counter, Mall, Service, ShiftState, Zone
from mpp.counters.rules.shift import Shift
from mpp.queue.pages.labels import STATES
from mpp.queue.pages.wire import TicketOut, VisitOut
from mpp.queue.rules import life
from mpp.queue.rules.life import OPEN_STATES, Action, State
from mpp.web.language import local
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class PhoneTicket:
    """One number of a visit."""

    ticket: TicketOut
    state: str
    """The ticket's state; `expired` for what is left open of a day that is over."""
    state_word: str
    service: Service | None
    agency: Agency | None
    counter: Counter | None
    zone: Zone | None
    """Where the visitor goes: the counter's zone, else the agency's."""
    serving: Sequence[Counter]
    """The counters that serve it now."""
    parked_until: datetime | None
    may_cancel: bool


@dataclass(frozen=True, kw_only=True)
class PhoneView:
    """A visit as its visitor sees it. The first ticket is the one that matters now."""

    tickets: Sequence[PhoneTicket]
    day: date
    is_over: bool
    """The visit's day is over."""
    version: int
    now: datetime

    @property
    def first(self) -> PhoneTicket:
        return self.tickets[0]

    @property
    def may_be_judged(self) -> bool:
        """Something was completed, and nothing more is to come."""
        return self.first.state == State.COMPLETED


def phone_view(mall: Mall, visit: VisitOut, shifts: Mapping[int, Shift]) -> PhoneView:
    """`shifts`: the present ones, by counter."""
    day = date.fromisoformat(visit.day)
    is_over = day < mall.day(visit.at)
    return PhoneView(
        tickets=[phone_ticket(mall, each, shifts, is_over=is_over) for each in visit.tickets],
        day=day,
        is_over=is_over,
        version=visit.version,
        now=local(visit.at, mall.time_zone),
    )


def phone_ticket(
    mall: Mall, ticket: TicketOut, shifts: Mapping[int, Shift], *, is_over: bool
) -> PhoneTicket:
    service = mall.service_by_slug.get(ticket.service)
    counter = mall.counter_by_id.get(ticket.counter) if ticket.counter else None
    state = State(ticket.state)
    if is_over and state in OPEN_STATES:
        state = State.EXPIRED
    return PhoneTicket(
        ticket=ticket,
        state=state,
        state_word=STATES[state],
        service=service,
        agency=mall.agency_of(service) if service else None,
        counter=counter,
        zone=mall.zone_of(counter) if counter else zone_of_service(mall, service),
        serving=[
            each
            for each in (mall.counters_for(service.id) if service else ())
            if each.id in shifts and serves(shifts[each.id], service)
        ],
        parked_until=local(ticket.parked_until, mall.time_zone) if ticket.parked_until else None,
        may_cancel=Action.CANCEL in life.allowed_actions(state),
    )


def zone_of_service(mall: Mall, service: Service | None) -> Zone | None:
    """The zone of its counters if they lie in one, else that of its agency."""
    if service is None:
        return None
    zones = {each.zone for each in mall.counters_for(service.id)}
    slug = zones.pop() if len(zones) == 1 else mall.agency_of(service).zone
    return next((zone for zone in mall.zones if zone.slug == slug), None)


def serves(shift: Shift, service: Service | None) -> bool:
    chosen = shift.services
    is_chosen = chosen is None or (service is not None and service.id in chosen)
    return shift.state is ShiftState.OPEN and is_chosen


@dataclass(frozen=True, kw_only=True)
class PhonePage(Page):
    """`/v/{token}`."""

    template: ClassVar[str] = "queue/phone.html"
    token: str
    visit: PhoneView
    notice: str | None
    """Why the last press was refused."""


@dataclass(frozen=True, kw_only=True)
class PhonePart(Page):
    """What changes on it, for a page that is open already."""

    template: ClassVar[str] = "queue/phone_now.html"
    token: str
    visit: PhoneView
    notice: str | None


@dataclass(frozen=True, kw_only=True)
class CancelPage(Page):
    """`/v/{token}/cancel`: are you sure?"""

    template: ClassVar[str] = "queue/phone_cancel.html"
    token: str
    ticket: PhoneTicket


@dataclass(frozen=True, kw_only=True)
class CancelPart(Page):
    """The same question alone, to be shown in a dialog."""

    template: ClassVar[str] = "queue/phone_question.html"
    token: str
    ticket: PhoneTicket


@dataclass(frozen=True, kw_only=True)
class NoVisitPage(Page):
    """An address that is no visit's: mistyped, or cut off."""

    template: ClassVar[str] = "queue/phone_unknown.html"
