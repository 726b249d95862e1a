"""One look at the mall for each page: what is offered, how the queues stand, what a ticket says."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Agency, Counter, Mall, Service, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.db.seam import Transaction
from mpp.errors import Conflict, NotFound
from mpp.kiosk import queries
from mpp.kiosk.pages.choice import (
    AgencyPage,
    QueueNow,
    SearchPage,
    ServicePage,
    StartPage,
    agency_card,
    closing,
    hindrance,
    service_card,
    zone_name,
)
from mpp.kiosk.pages.kiosk_navigation import KioskNavigation
from mpp.kiosk.pages.paper import Taken
from mpp.kiosk.rules.finding import find
from mpp.queue.commands.issue import issuer_of, must_be_offered
from mpp.queue.queries import ticket_rows, visit_rows
from mpp.queue.queries.ticket_rows import Ticket
from mpp.queue.readers import Forecasts, queue_forecast, standing
from mpp.queue.rules.life import Priority
from mpp.security import Principal
from mpp.web.language import local

POPULAR = 6
POPULAR_OVER = timedelta(days=14)
MOST_FOUND = 24


@dataclass(frozen=True)
class Look:
    """Who looks, through which kiosk, when: what every page begins with."""

    mall: Mall
    by: Principal
    forecasts: Forecasts
    navigation: KioskNavigation
    now: datetime


def queues(tx: Transaction, look: Look, services: Iterable[Service]) -> dict[int, QueueNow]:
    """Service id → how its queue stands. The refusal is the one that taking a number would meet."""
    wanted = {service.id: service for service in services}
    mall = look.mall
    open_now = shift_rows.open_counters(tx, mall.id)
    known = queue_forecast(tx, look.forecasts, mall.id, wanted, mall.day(look.now))
    return {
        service_id: QueueNow(
            waiting=waiting,
            expected=expected,
            open_counters=open_now.get(service_id, 0),
            refusal=_refusal(tx, look, wanted[service_id]),
        )
        for service_id, waiting, expected in known
    }


def _refusal(tx: Transaction, look: Look, service: Service) -> Conflict | None:
    if look.by.unrestricted:
        return None
    try:
        must_be_offered(tx, look.mall, service, look.now)
    except Conflict as refusal:
        return refusal
    return None


# -- choosing ------------------------------------------------------------------------------------


def start_page(tx: Transaction, look: Look) -> StartPage:
    mall, navigation, now = look.mall, look.navigation, look.now
    state = queues(tx, look, mall.services)
    often = queries.issued_since(tx, mall.id, mall.day(now) - POPULAR_OVER)
    popular = sorted(mall.services, key=lambda service: -often.get(service.id, 0))[:POPULAR]
    return StartPage(
        navigation=navigation,
        adding=_adding(tx, look),
        closed=None if look.by.unrestricted else closing(mall, now),
        today=mall.day(now),
        popular=[
            service_card(mall, each, state[each.id], navigation.lang, now) for each in popular
        ],
        agencies=[agency_card(mall, each, state, navigation.lang) for each in mall.agencies],
    )


def _adding(tx: Transaction, look: Look) -> str | None:
    if not look.navigation.add:
        return None
    ticket, _ = own_ticket(tx, look, int(look.navigation.add))
    return ticket.label if ticket.day == look.mall.day(look.now) else None


def search_page(tx: Transaction, look: Look) -> SearchPage:
    mall, navigation, now = look.mall, look.navigation, look.now
    services = find(navigation.query, _service_entries(mall))[:MOST_FOUND]
    agencies = find(navigation.query, _agency_entries(mall))[:MOST_FOUND]
    shown = {each.id: each for each in services}
    for agency in agencies:
        shown |= {each.id: each for each in mall.services_of(agency)}
    state = queues(tx, look, shown.values())
    return SearchPage(
        navigation=navigation,
        services=[
            service_card(mall, each, state[each.id], navigation.lang, now) for each in services
        ],
        agencies=[agency_card(mall, each, state, navigation.lang) for each in agencies],
    )


def _service_entries(mall: Mall) -> Iterable[tuple[Service, str, str]]:
    for service in mall.services:
        agency = mall.agency_of(service)
        product = (service.product.id, service.product.en or "") if service.product else ()
        yield (
            service,
            f"{service.name.id} {service.name.en or ''}",
            " ".join((agency.short, agency.name.id, agency.name.en or "", *product)),
        )


def _agency_entries(mall: Mall) -> Iterable[tuple[Agency, str, str]]:
    for agency in mall.agencies:
        yield agency, f"{agency.short} {agency.name.id} {agency.name.en or ''}", ""


def agency_page(tx: Transaction, look: Look, agency: Agency) -> AgencyPage:
    mall, navigation, now = look.mall, look.navigation, look.now
    services = mall.services_of(agency)
    state = queues(tx, look, services)
    return AgencyPage(
        navigation=navigation,
        agency=agency_card(mall, agency, state, navigation.lang),
        booth=agency.booth,
        services=[
            service_card(mall, each, state[each.id], navigation.lang, now) for each in services
        ],
    )


def service_page(tx: Transaction, look: Look, service: Service) -> ServicePage:
    mall, lang = look.mall, look.navigation.lang
    agency = mall.agency_of(service)
    state = queues(tx, look, mall.services_of(agency))
    queue = state[service.id]
    promised = service.promised_service
    return ServicePage(
        navigation=look.navigation,
        slug=service.slug,
        name=service.name.in_(lang),
        agency=agency_card(mall, agency, state, lang),
        requirements=[each.in_(lang) for each in service.requirements],
        fee=service.fee,
        fee_note=service.fee_note.in_(lang) if service.fee_note else None,
        product=service.product.in_(lang) if service.product else None,
        promised_s=int(promised.total_seconds()) if promised else None,
        queue=queue,
        hindrance=hindrance(mall, service, queue.refusal, look.now),
        priorities=tuple(Priority),
        key=secrets.token_urlsafe(18),
    )


# -- tickets -------------------------------------------------------------------------------------


def own_ticket(tx: Transaction, look: Look, ticket_id: int) -> tuple[Ticket, str]:
    """A ticket that this kiosk issued, and its visit's secret; `NotFound` for any other."""
    ticket = ticket_rows.ticket(tx, look.mall.id, ticket_id)
    if ticket.issuer != issuer_of(look.by):
        raise NotFound("Tiket itu tidak ada.", field="ticket_id")
    return ticket, visit_rows.visit_tokens(tx, look.mall.id, [ticket.visit_id])[ticket.visit_id]


def visit_to_join(tx: Transaction, look: Look) -> str | None:
    """The secret of the visit that gets another service; None: a new visit, or one of another day."""
    if not look.navigation.add:
        return None
    ticket, token = own_ticket(tx, look, int(look.navigation.add))
    return token if ticket.day == look.mall.day(look.now) else None


def taken(tx: Transaction, look: Look, ticket_id: int) -> Taken:
    mall, lang = look.mall, look.navigation.lang
    ticket, token = own_ticket(tx, look, ticket_id)
    service = mall.service_by_id.get(ticket.service_id)
    if service is None:
        raise NotFound("Layanan tiket itu sudah tidak ada.", field="ticket_id")
    agency = mall.agency_of(service)
    called_to = mall.counter_by_id.get(ticket.counter_id) if ticket.counter_id else None
    return Taken(
        ticket=ticket,
        visit_token=token,
        standing=standing(tx, look.forecasts, ticket, mall.day(look.now)),
        mall=mall.name,
        service=service.name.in_(lang),
        agency=agency.name.in_(lang),
        taken_at=local(ticket.joined_at, mall.time_zone),
        zone=zone_name(mall, agency.zone, lang),
        counters=tuple(counter.label for counter in _callers(tx, mall, service)),
        called_to=called_to.label if called_to else None,
    )


def _callers(tx: Transaction, mall: Mall, service: Service) -> Iterable[Counter]:
    """The counters that may call: those open for the service now, else all that ever serve it."""
    shifts: Mapping[int, Shift] = shift_rows.present_shifts(tx, mall.id)
    able = mall.counters_for(service.id)
    at_work = [
        counter
        for counter in able
        if (shift := shifts.get(counter.id)) is not None
        and shift.state is ShiftState.OPEN
        and (shift.services is None or service.id in shift.services)
    ]
    return at_work or able
