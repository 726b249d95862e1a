"""What a mall is made of, as plain values, and when it is open. No database, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from mpp.errors import Invalid, NotFound
from mpp.texts import marked

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ShiftState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True)
class Interval:
    """Open from `start` until just before `end`, local time of one day."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


Weekly = Mapping[str, tuple[Interval, ...]]
"""Weekday name → intervals in order; a missing day is closed."""


_INTERVAL = re.compile(r"([0-9]{2}:[0-9]{2})\s*-\s*([0-9]{2}:[0-9]{2})")


def interval(text: str) -> Interval:
    """Read `08:00-15:30`. `Invalid` when malformed, empty or reversed."""
    found = _INTERVAL.fullmatch(text.strip())  # fromisoformat alone would take a time zone, too
    try:
        read = Interval(*map(time.fromisoformat, found.groups() if found else [""]))
    except ValueError:
        raise Invalid(
            f"Jam {text!r} tidak terbaca; tulis misalnya 08:00-15:30.", field="hours"
        ) from None
    if read.start >= read.end:
        raise Invalid(f"Jam {text!r}: awal harus sebelum akhir.", field="hours")
    return read


def intervals(texts: Sequence[str]) -> tuple[Interval, ...]:
    """Read a day's hours in order. `Invalid` when two overlap."""
    read = sorted((interval(text) for text in texts), key=lambda each: each.start)
    for earlier, later in pairwise(read):
        if later.start < earlier.end:
            raise Invalid(f"Jam {earlier} dan {later} bertumpuk.", field="hours")
    return tuple(read)


@dataclass(frozen=True)
class Period:
    """Other weekly hours for a while, both days included (Ramadan)."""

    name: str
    first: date
    last: date
    weekly: Weekly


@dataclass(frozen=True)
class SpecialDay:
    """A holiday, or a day with hours of its own."""

    name: str
    hours: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """When a mall is open. A special day counts before a period, a period before the usual week."""

    weekly: Weekly
    periods: tuple[Period, ...] = ()
    days: Mapping[date, SpecialDay] = field(default_factory=dict)

    def hours(self, day: date) -> tuple[Interval, ...]:
        """The day's open intervals, local time."""
        if day in self.days:
            return self.days[day].hours
        weekly = next((p.weekly for p in self.periods if p.first <= day <= p.last), self.weekly)
        return weekly.get(WEEKDAYS[day.weekday()], ())

    def reason(self, day: date) -> str | None:
        """The name of the holiday or of the period that the day belongs to."""
        if day in self.days:
            return self.days[day].name
        return next((p.name for p in self.periods if p.first <= day <= p.last), None)

    def is_open(self, local: datetime) -> bool:
        """Whether the mall is open at a local moment."""
        now = local.time()
        return any(each.start <= now < each.end for each in self.hours(local.date()))

    def next_opening(self, local: datetime) -> datetime | None:
        """The next local moment of opening, at most 60 days ahead; None when there is none."""
        for ahead in range(61):
            day = local.date() + timedelta(days=ahead)
            for each in self.hours(day):
                opening = datetime.combine(day, each.start, local.tzinfo)
                if opening > local:
                    return opening
        return None


@dataclass(frozen=True)
class Text:
    """A text in both languages; English falls back on Indonesian."""

    id: str
    en: str | None = None

    def in_(self, locale: str) -> str:
        return (self.en or self.id) if locale == "en" else self.id


@dataclass(frozen=True, kw_only=True)
class Zone:
    slug: str
    name: Text


@dataclass(frozen=True, kw_only=True)
class Agency:
    id: int
    slug: str
    name: Text
    short: str
    booth: str | None
    zone: str | None
    paused_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Service:
    id: int
    agency_id: int
    slug: str
    name: Text
    prefix: str
    requirements: tuple[Text, ...]
    fee: int
    """Rupiah; 0 is free of charge."""
    fee_note: Text | None
    product: Text | None
    promised_service: timedelta | None
    promised_wait: timedelta | None
    target_share: float
    daily_quota: int | None
    paused_reason: str | None = None
    keywords: tuple[str, ...] = ()
    """What people call it at this mall; the kiosk's search knows them."""


@dataclass(frozen=True, kw_only=True)
class Counter:
    id: int
    label: str
    zone: str | None
    weights: Mapping[int, int]
    """Service id → weight, at least 1: how much faster a wait counts at this counter."""


@dataclass(frozen=True, kw_only=True)
class Mall:
    """A mall with all it offers, at one revision. Inactive things are left out."""

    id: int
    slug: str
    name: str
    time_zone: ZoneInfo
    revision: int
    notice: Text
    priority_head_start: timedelta
    priority_in_a_row: int
    public_issue: bool
    calendar: Calendar
    zones: tuple[Zone, ...]
    agencies: tuple[Agency, ...]
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    is_synthetic: bool = False
    """Its figures are made up, and every page and report says so."""

    @cached_property
    def agency_by_id(self) -> Mapping[int, Agency]:
        return {agency.id: agency for agency in self.agencies}

    @cached_property
    def service_by_id(self) -> Mapping[int, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def service_by_slug(self) -> Mapping[str, Service]:
        return {service.slug: service for service in self.services}

    @cached_property
    def counter_by_id(self) -> Mapping[int, Counter]:
        return {counter.id: counter for counter in self.counters}

    @cached_property
    def group_by_counter(self) -> Mapping[int, int]:
        """Counter id → its group, named by the lowest counter id in it.

        Counters that share a service are of one group, and so are those joined by a third.
        """
        groups: list[tuple[set[int], set[int]]] = []  # counters, services
        for counter in self.counters:
            joined = ({counter.id}, set(counter.weights))
            apart = [each for each in groups if not each[1] & joined[1]]
            for ids, services in (each for each in groups if each[1] & joined[1]):
                joined = (joined[0] | ids, joined[1] | services)
            groups = [*apart, joined]
        return {each: min(ids) for ids, _ in groups for each in ids}

    @cached_property
    def lines(self) -> Mapping[int, int]:
        """Service id → its line, named by the lowest id of the services that the very same counters serve.

        Services without a counter are left out.
        """
        at: dict[int, set[int]] = {}
        for counter in self.counters:
            for service_id in counter.weights:
                at.setdefault(service_id, set()).add(counter.id)
        first: dict[frozenset[int], int] = {}
        return {each: first.setdefault(frozenset(at[each]), each) for each in sorted(at)}

    def service(self, slug: str) -> Service:
        try:
            return self.service_by_slug[slug]
        except KeyError:
            raise NotFound(marked("Layanan itu tidak ada di mal ini."), field="service") from None

    def agency(self, slug: str) -> Agency:
        for agency in self.agencies:
            if agency.slug == slug:
                return agency
        raise NotFound("Instansi itu tidak ada di mal ini.", field="agency")

    def counter(self, counter_id: int, field: str = "counter_id") -> Counter:
        """`field`: where somebody wrote this id, for the refusal of one that is not there."""
        try:
            return self.counter_by_id[counter_id]
        except KeyError:
            raise NotFound(marked("Loket itu tidak ada di mal ini."), field=field) from None

    def agency_of(self, service: Service) -> Agency:
        return self.agency_by_id[service.agency_id]

    def services_of(self, agency: Agency) -> tuple[Service, ...]:
        return tuple(service for service in self.services if service.agency_id == agency.id)

    def counters_for(self, service_id: int) -> tuple[Counter, ...]:
        return tuple(counter for counter in self.counters if service_id in counter.weights)

    def has_zone(self, slug: str) -> bool:
        return any(zone.slug == slug for zone in self.zones)

    def zone_of(self, counter: Counter) -> Zone | None:
        return next((zone for zone in self.zones if zone.slug == counter.zone), None)

    def day(self, now: datetime) -> date:
        """The business date at a moment."""
        return now.astimezone(self.time_zone).date()

    def day_ends(self, day: date) -> datetime:
        """The moment, in UTC, at which a business date is over."""
        midnight = datetime.combine(day + timedelta(days=1), time(), self.time_zone)
        return midnight.astimezone(UTC)

    def is_open(self, now: datetime) -> bool:
        return self.calendar.is_open(now.astimezone(self.time_zone))
