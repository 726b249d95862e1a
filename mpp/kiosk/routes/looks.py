"""One look at the mall for each page: what is offered, how the queues stand, what a ticket says."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from mpp.counters.rules.mall import Agency, Mall, Service, Text
from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.kiosk import queries
from mpp.kiosk.pages.choice import (
    AgencyPage,
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
from mpp.kiosk.readers import Asker, callers, own_ticket, queues
from mpp.kiosk.rules.finding import Entry, find
from mpp.queue.readers import standing
from mpp.queue.rules.life import Priority
from mpp.web.language import local

T = TypeVar("T")

POPULAR = 6


POPULAR_OVER = timedelta(days=14)


MOST_FOUND = 24


@dataclass(frozen=True, kw_only=True)
class Look(Asker):
    """What every page begins with: who asks, and the way so far."""

    navigation: KioskNavigation


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
    services = _found(navigation.query, mall.service_by_id, _service_entries(mall))
    agencies = _found(navigation.query, mall.agency_by_id, _agency_entries(mall))
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


def _found(query: str, things: Mapping[int, T], entries: tuple[Entry, ...]) -> list[T]:
    return [things[each] for each in find(query, entries)[:MOST_FOUND]]


def _service_entries(mall: Mall) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            each.id,
            " ".join((each.name.id, each.name.en or "", *each.keywords)),
            product=_both(each.product) if each.product else "",
            agency=_agency_words(mall.agency_of(each)),
            needs=" ".join(_both(need) for need in each.requirements),
        )
        for each in mall.services
    )


def _agency_entries(mall: Mall) -> tuple[Entry, ...]:
    return tuple(Entry(each.id, _agency_words(each)) for each in mall.agencies)


def _agency_words(agency: Agency) -> str:
    return f"{agency.short} {_both(agency.name)}"


def _both(text: Text) -> str:
    return f"{text.id} {text.en or ''}"


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
        standing=standing(tx, look.forecasts, mall, ticket, look.now),
        mall=mall.name,
        service=service.name.in_(lang),
        agency=agency.name.in_(lang),
        taken_at=local(ticket.joined_at, mall.time_zone),
        zone=zone_name(mall, agency.zone, lang),
        counters=tuple(counter.label for counter in callers(tx, mall, service)),
        called_to=called_to.label if called_to else None,
    )
