"""The pages on which a visitor chooses: agencies, services, what stands in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mpp.counters.rules.mall import Agency, Mall, Service
from mpp.errors import Conflict, MallClosed, QuotaExhausted
from mpp.kiosk.pages.kiosk_navigation import KioskNavigation
from mpp.kiosk.rules.agency_icons import icon_for, initials
from mpp.kiosk.rules.queue_now import QueueNow
from mpp.queue.rules.life import Priority
from mpp.web.language import local
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    """Why there is no number now: `closed`, `paused` or `quota`, with what the visitor should know."""

    kind: str
    reason: str | None = None
    """The holiday's name, or why the service is paused."""
    opens_at: datetime | None = None
    """The next opening, local time."""
    opens_today: bool = False
    quota: int | None = None


def hindrance(
    mall: Mall, service: Service, refusal: Conflict | None, now: datetime
) -> Hindrance | None:
    """A refusal by the queue's own rule, as the kiosk explains it."""
    if refusal is None:
        return None
    if isinstance(refusal, MallClosed):
        return closing(mall, now)
    if isinstance(refusal, QuotaExhausted):
        tomorrow = local(now, mall.time_zone).replace(hour=23, minute=59, second=59)
        opening = mall.calendar.next_opening(tomorrow)
        return Hindrance(kind="quota", opens_at=opening, quota=service.daily_quota)
    reason = service.paused_reason or mall.agency_of(service).paused_reason
    return Hindrance(kind="paused", reason=reason)


def closing(mall: Mall, now: datetime) -> Hindrance | None:
    """That the mall is closed, and until when; None while it is open."""
    here = local(now, mall.time_zone)
    if mall.calendar.is_open(here):
        return None
    opening = mall.calendar.next_opening(here)
    special = mall.calendar.days.get(here.date())
    return Hindrance(
        kind="closed",
        reason=special.name if special else None,
        opens_at=opening,
        opens_today=opening is not None and opening.date() == here.date(),
    )


@dataclass(frozen=True, kw_only=True)
class ServiceCard:
    """A service as a tile."""

    slug: str
    name: str
    agency: str
    icon: str | None
    mark: str
    waiting: int
    minutes: tuple[int, int] | None
    blocked: str | None
    """The kind of hindrance, if there is one."""


@dataclass(frozen=True, kw_only=True)
class AgencyCard:
    """An agency as a tile, with its queues taken together."""

    slug: str
    short: str
    name: str
    icon: str | None
    mark: str
    zone: str | None
    waiting: int
    minutes: tuple[int, int] | None
    """From the shortest to the longest of its services' waits."""
    is_paused: bool


def service_card(
    mall: Mall, service: Service, queue: QueueNow, lang: str, now: datetime
) -> ServiceCard:
    agency = mall.agency_of(service)
    why = hindrance(mall, service, queue.refusal, now)
    return ServiceCard(
        slug=service.slug,
        name=service.name.in_(lang),
        agency=agency.short,
        icon=agency_icon(agency),
        mark=initials(agency.short),
        waiting=queue.waiting,
        minutes=queue.minutes,
        blocked=why.kind if why else None,
    )


def agency_card(
    mall: Mall, agency: Agency, queues: Mapping[int, QueueNow], lang: str
) -> AgencyCard:
    theirs = [queues[service.id] for service in mall.services_of(agency)]
    spans = [queue.minutes for queue in theirs if queue.minutes and queue.open_counters]
    return AgencyCard(
        slug=agency.slug,
        short=agency.short,
        name=agency.name.in_(lang),
        icon=agency_icon(agency),
        mark=initials(agency.short),
        zone=zone_name(mall, agency.zone, lang),
        waiting=sum(queue.in_service for queue in theirs),
        minutes=(min(low for low, _ in spans), max(high for _, high in spans)) if spans else None,
        is_paused=agency.paused_reason is not None,
    )


def agency_icon(agency: Agency) -> str | None:
    return icon_for(agency.name.id, agency.short)


def zone_name(mall: Mall, slug: str | None, lang: str) -> str | None:
    return next((zone.name.in_(lang) for zone in mall.zones if zone.slug == slug), None)


# -- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """`/kiosk`: what is wanted often, then who serves here."""

    template: ClassVar[str] = "kiosk/start.html"
    navigation: KioskNavigation
    adding: str | None
    """Label of the ticket whose visit gets another service."""
    closed: Hindrance | None
    today: date
    popular: Sequence[ServiceCard]
    agencies: Sequence[AgencyCard]


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """`/kiosk/search?q=`: services and agencies that fit."""

    template: ClassVar[str] = "kiosk/search.html"
    navigation: KioskNavigation
    services: Sequence[ServiceCard]
    agencies: Sequence[AgencyCard]


@dataclass(frozen=True, kw_only=True)
class AgencyPage(Page):
    """`/kiosk/agency/{slug}`: what an agency offers."""

    template: ClassVar[str] = "kiosk/agency.html"
    navigation: KioskNavigation
    agency: AgencyCard
    booth: str | None
    services: Sequence[ServiceCard]


@dataclass(frozen=True, kw_only=True)
class ServicePage(Page):
    """`/kiosk/service/{slug}`: what to bring, what it costs, how long it takes; then the number."""

    template: ClassVar[str] = "kiosk/service.html"
    navigation: KioskNavigation
    slug: str
    name: str
    agency: AgencyCard
    requirements: Sequence[str]
    fee: int
    fee_note: str | None
    product: str | None
    promised_s: int | None
    queue: QueueNow
    hindrance: Hindrance | None
    priorities: Sequence[Priority]
    key: str
    """Made for this very form: sent twice, it gives one ticket."""
