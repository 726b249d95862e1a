"""What the reference data looks like outside: the catalogue of a mall, sign-in, the front page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import msgspec

from mpp.counters.rules.directory import Directory
from mpp.counters.rules.mall import Interval, Mall, Service, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.web.language import local
from mpp.web.pages import Page


class TextOut(msgspec.Struct):
    id: str
    en: str | None


class StandardOut(msgspec.Struct):
    """The service's promise: seconds, and the share of visitors for whom it shall hold."""

    wait_s: int | None
    service_s: int | None
    target_share: float


class ServiceOut(msgspec.Struct, kw_only=True):
    slug: str
    agency: str
    name: str
    name_en: str | None
    prefix: str
    requirements: list[TextOut]
    fee: int
    fee_note: str | None
    product: str | None
    standard: StandardOut
    daily_quota: int | None
    paused: str | None


class AgencyOut(msgspec.Struct, kw_only=True):
    slug: str
    name: str
    name_en: str | None
    short: str
    booth: str | None
    zone: str | None
    paused: str | None


class CounterOut(msgspec.Struct, kw_only=True):
    id: int
    label: str
    zone: str | None
    state: str
    services: list[str]


class ZoneOut(msgspec.Struct):
    slug: str
    name: str
    name_en: str | None


class MallOut(msgspec.Struct, kw_only=True):
    """What a mall offers, and whether it is open now."""

    slug: str
    name: str
    time_zone: str
    day: str
    is_open: bool
    hours_today: list[str]
    closed_because: str | None
    opens_at: datetime | None
    public_issue: bool
    notice: str
    zones: list[ZoneOut]
    agencies: list[AgencyOut]
    services: list[ServiceOut]
    counters: list[CounterOut]


def mall_out(mall: Mall, shifts: Mapping[int, Shift], now: datetime) -> MallOut:
    local = now.astimezone(mall.time_zone)
    return MallOut(
        slug=mall.slug,
        name=mall.name,
        time_zone=mall.time_zone.key,
        day=local.date().isoformat(),
        is_open=mall.is_open(now),
        hours_today=[str(each) for each in mall.calendar.hours(local.date())],
        closed_because=mall.calendar.reason(local.date()),
        opens_at=mall.calendar.next_opening(local),
        public_issue=mall.public_issue,
        notice=mall.notice.id,
        zones=[ZoneOut(zone.slug, zone.name.id, zone.name.en) for zone in mall.zones],
        agencies=[
            AgencyOut(
                slug=agency.slug,
                name=agency.name.id,
                name_en=agency.name.en,
                short=agency.short,
                booth=agency.booth,
                zone=agency.zone,
                paused=agency.paused_reason,
            )
            for agency in mall.agencies
        ],
        services=[_service_out(mall, service) for service in mall.services],
        counters=[
            CounterOut(
                id=counter.id,
                label=counter.label,
                zone=counter.zone,
                state=shifts[counter.id].state if counter.id in shifts else ShiftState.CLOSED,
                services=[
                    mall.service_by_id[each].slug
                    for each in counter.weights
                    if each in mall.service_by_id
                ],
            )
            for counter in mall.counters
        ],
    )


def _service_out(mall: Mall, service: Service) -> ServiceOut:
    wait, served = service.promised_wait, service.promised_service
    return ServiceOut(
        slug=service.slug,
        agency=mall.agency_of(service).slug,
        name=service.name.id,
        name_en=service.name.en,
        prefix=service.prefix,
        requirements=[TextOut(each.id, each.en) for each in service.requirements],
        fee=service.fee,
        fee_note=service.fee_note.id if service.fee_note else None,
        product=service.product.id if service.product else None,
        standard=StandardOut(
            wait_s=int(wait.total_seconds()) if wait else None,
            service_s=int(served.total_seconds()) if served else None,
            target_share=service.target_share,
        ),
        daily_quota=service.daily_quota,
        paused=service.paused_reason,
    )


class ShiftOut(msgspec.Struct, kw_only=True):
    """A counter's state after opening, pausing or closing it."""

    counter: int
    label: str
    state: str
    reason: str | None = None
    opened_at: datetime | None = None
    services: list[str]


def shift_out(mall: Mall, counter_id: int, shift: Shift | None) -> ShiftOut:
    counter = mall.counter(counter_id)
    chosen = shift.services if shift is not None and shift.services else counter.weights
    return ShiftOut(
        counter=counter_id,
        label=counter.label,
        state=shift.state if shift else ShiftState.CLOSED,
        reason=shift.reason if shift else None,
        opened_at=shift.opened_at if shift else None,
        services=[mall.service_by_id[each].slug for each in chosen if each in mall.service_by_id],
    )


# -- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignInHint:
    """A way in that the demo's front page offers: who, where it leads, and with what."""

    group: str
    label: str
    target: str
    username: str | None = None
    password: str | None = None
    token: str | None = None


@dataclass(frozen=True)
class MallStatus:
    """A mall, and whether it is open. Moments are its local time."""

    mall: Mall
    is_open: bool
    hours: Sequence[Interval]
    """Today's."""
    why_closed: str | None
    """The holiday or period that today belongs to."""
    opens_at: datetime | None
    """The next opening; None when there is none in sight."""


def mall_status(mall: Mall, now: datetime) -> MallStatus:
    here = local(now, mall.time_zone)
    return MallStatus(
        mall=mall,
        is_open=mall.is_open(now),
        hours=mall.calendar.hours(here.date()),
        why_closed=mall.calendar.reason(here.date()),
        opens_at=mall.calendar.next_opening(here),
    )


@dataclass(frozen=True, kw_only=True)
class FrontPage(Page):
    """`/`: leads everybody to their screen."""

    template: ClassVar[str] = "counters/front.html"
    malls: Sequence[MallStatus]
    """Those that are shown whole."""
    directory: Directory | None
    """Of many malls: a page of them, to choose from."""
    listed: Sequence[MallStatus]
    """The malls of that page."""
    hints: Sequence[tuple[str, Sequence[SignInHint]]]
    """By group, in the order given."""
    shortcuts: Mapping[str, SignInHint]
    """First segment of a page's path → a sign-in that opens it, where there is one."""


def by_group(hints: Sequence[SignInHint]) -> list[tuple[str, list[SignInHint]]]:
    """Those that sign somebody in; the others are only `shortcuts`."""
    groups: dict[str, list[SignInHint]] = {}
    for hint in hints:
        if hint.username or hint.token:
            groups.setdefault(hint.group, []).append(hint)
    return list(groups.items())


def shortcuts(hints: Sequence[SignInHint]) -> dict[str, SignInHint]:
    """The first hint that leads to each page: `kiosk`, `desk`, `overview` …"""
    found: dict[str, SignInHint] = {}
    for hint in hints:
        found.setdefault(hint.target.strip("/").partition("/")[0].partition("?")[0], hint)
    return found


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """`/sign-in`: user name and password, or a device's token."""

    template: ClassVar[str] = "counters/sign_in.html"
    target: str
    problem: str | None
    username: str
    is_device: bool
    malls: Sequence[Mall]
    """To choose from when there are several: a user name belongs to one mall."""
    mall: str
    """The slug chosen before."""
