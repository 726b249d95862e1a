"""The shape of the file that describes a mall, and the contradictions it may hold.

The fields are those of the TOML file (docs/operations.md shows one). Unknown keys are refused when
it is read; `contradictions` names what is well formed but cannot be.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct
from msgspec import field as default

from mpp.counters.rules.mall import WEEKDAYS, intervals
from mpp.errors import MppError

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Short = Annotated[str, Meta(min_length=1, max_length=80)]
Line = Annotated[str, Meta(min_length=1, max_length=200)]
Minutes = Annotated[float, Meta(gt=0, le=24 * 60)]
Hours = dict[str, list[str]]
"""Weekday → `["08:00-12:00", "13:00-15:30"]`, local time."""


class MallPart(Struct, forbid_unknown_fields=True, kw_only=True):
    slug: Slug
    name: Line
    time_zone: str
    hours: Hours
    notice: Annotated[str, Meta(max_length=500)] = ""
    notice_en: Annotated[str, Meta(max_length=500)] | None = None
    priority_head_start_minutes: Annotated[float, Meta(ge=0, le=240)] = 15
    priority_in_a_row: Annotated[int, Meta(ge=1, le=20)] = 2
    public_issue: bool = False


class PeriodPart(
    Struct, forbid_unknown_fields=True, kw_only=True, rename={"first": "from", "last": "to"}
):
    name: Line
    first: date
    last: date
    hours: Hours


class HolidayPart(Struct, forbid_unknown_fields=True, kw_only=True):
    date: date
    name: Line
    hours: list[str] = default(default_factory=list)


class ZonePart(Struct, forbid_unknown_fields=True, kw_only=True):
    slug: Slug
    name: Line
    name_en: Line | None = None


class RequirementPart(Struct, forbid_unknown_fields=True, kw_only=True):
    id: Line
    en: Line | None = None


class ServicePart(Struct, forbid_unknown_fields=True, kw_only=True):
    slug: Slug
    name: Line
    name_en: Line | None = None
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]{1,3}$")]
    keywords: list[Short] = default(default_factory=list)
    """What people call it here, for the kiosk's search."""
    requirements: list[RequirementPart] = default(default_factory=list)
    fee: Annotated[int, Meta(ge=0, le=2_000_000_000)] = 0
    fee_note: Annotated[str, Meta(max_length=300)] | None = None
    fee_note_en: Annotated[str, Meta(max_length=300)] | None = None
    product: Line | None = None
    product_en: Line | None = None
    promised_minutes: Minutes | None = None
    promised_wait_minutes: Minutes | None = None
    target_share: Annotated[float, Meta(gt=0, le=1)] = 0.9
    daily_quota: Annotated[int, Meta(ge=1)] | None = None
    paused: Line | None = None


class AgencyPart(Struct, forbid_unknown_fields=True, kw_only=True):
    slug: Slug
    name: Line
    name_en: Line | None = None
    short: Annotated[str, Meta(min_length=1, max_length=40)]
    booth: Short | None = None
    zone: Slug | None = None
    paused: Line | None = None
    service: list[ServicePart] = default(default_factory=list)


class CounterServicePart(Struct, forbid_unknown_fields=True, kw_only=True):
    service: Slug
    weight: Annotated[int, Meta(ge=1, le=10)] = 1


class CounterPart(Struct, forbid_unknown_fields=True, kw_only=True):
    label: Annotated[str, Meta(min_length=1, max_length=16)]
    zone: Slug | None = None
    services: list[CounterServicePart]


class OfficerPart(Struct, forbid_unknown_fields=True, kw_only=True):
    username: Slug
    name: Line
    role: Annotated[str, Meta(pattern="^(officer|supervisor|manager|admin)$")]
    counters: list[str] = default(default_factory=list)


class DemoServicePart(Struct, forbid_unknown_fields=True, kw_only=True):
    """Share of arrivals in per cent, and typical minutes at the counter."""

    share: Annotated[float, Meta(ge=0, le=100)]
    minutes: Minutes


class DemoPart(Struct, forbid_unknown_fields=True, kw_only=True):
    service: dict[str, DemoServicePart] = default(default_factory=dict)


class MallFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """A mall as one readable file."""

    mall: MallPart
    period: list[PeriodPart] = default(default_factory=list)
    holiday: list[HolidayPart] = default(default_factory=list)
    zone: list[ZonePart] = default(default_factory=list)
    agency: list[AgencyPart]
    counter: list[CounterPart] = default(default_factory=list)
    officer: list[OfficerPart] = default(default_factory=list)
    demo: DemoPart = default(default_factory=DemoPart)


Path = tuple[str | int, ...]
"""Where in the file: `("agency", 3, "service", 0, "slug")`."""


def contradictions(file: MallFile) -> Iterator[tuple[Path, str]]:
    """What cannot be although every field is well formed, each with its place."""
    yield from _bad_time_zone(file)
    yield from _bad_hours(file)
    yield from _twice("zone", [each.slug for each in file.zone], "slug")
    yield from _twice("agency", [each.slug for each in file.agency], "slug")
    yield from _twice("counter", [each.label for each in file.counter], "label")
    yield from _twice("officer", [each.username for each in file.officer], "username")
    yield from _twice("holiday", [each.date for each in file.holiday], "date")
    yield from _services_twice(file)
    yield from _unknown_zones(file)
    yield from _unknown_services(file)
    yield from _unknown_counters(file)
    yield from _served_nowhere(file)
    yield from _overlapping(file)


def _bad_time_zone(file: MallFile) -> Iterator[tuple[Path, str]]:
    try:
        ZoneInfo(file.mall.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield (
            ("mall", "time_zone"),
            f"zona waktu {file.mall.time_zone!r} tidak dikenal; tulis Asia/Jakarta (WIB), "
            "Asia/Makassar (WITA), atau Asia/Jayapura (WIT)",
        )


def _bad_hours(file: MallFile) -> Iterator[tuple[Path, str]]:
    weeks: list[tuple[Path, Hours]] = [(("mall", "hours"), file.mall.hours)]
    weeks += [(("period", i, "hours"), each.hours) for i, each in enumerate(file.period)]
    for path, week in weeks:
        for day, texts in week.items():
            if day not in WEEKDAYS:
                yield (*path, day), f"hari {day!r} tidak dikenal; tulis {', '.join(WEEKDAYS)}"
            yield from _unreadable((*path, day), texts)
    for i, holiday in enumerate(file.holiday):
        yield from _unreadable(("holiday", i, "hours"), holiday.hours)
    for i, period in enumerate(file.period):
        if period.first > period.last:
            yield ("period", i, "from"), "awal masa sesudah akhirnya"


def _unreadable(path: Path, texts: Sequence[str]) -> Iterator[tuple[Path, str]]:
    try:
        intervals(texts)
    except MppError as error:
        yield path, error.detail


def _twice(table: str, values: Sequence[object], key: str) -> Iterator[tuple[Path, str]]:
    for i, value in enumerate(values):
        if value in values[:i]:
            yield (table, i, key), f"{key} {value} sudah dipakai di atas"


def _services_twice(file: MallFile) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for a, agency in enumerate(file.agency):
        for s, service in enumerate(agency.service):
            if service.slug in seen:
                yield (
                    ("agency", a, "service", s, "slug"),
                    f"slug {service.slug} sudah dipakai di atas",
                )
            seen.add(service.slug)


def _unknown_zones(file: MallFile) -> Iterator[tuple[Path, str]]:
    known = {each.slug for each in file.zone}
    used: list[tuple[Path, str | None]] = [
        *((("agency", i, "zone"), each.zone) for i, each in enumerate(file.agency)),
        *((("counter", i, "zone"), each.zone) for i, each in enumerate(file.counter)),
    ]
    for path, zone in used:
        if zone is not None and zone not in known:
            yield path, f"zona {zone} tidak ada di berkas ini"


def _unknown_services(file: MallFile) -> Iterator[tuple[Path, str]]:
    known = {service.slug for agency in file.agency for service in agency.service}
    for i, counter in enumerate(file.counter):
        names = [each.service for each in counter.services]
        for name in names:
            if name not in known:
                yield ("counter", i, "services"), f"layanan {name} tidak ada di berkas ini"
        if len(set(names)) < len(names):
            yield ("counter", i, "services"), "satu layanan disebut dua kali"
    for name in file.demo.service:
        if name not in known:
            yield ("demo", "service", name), f"layanan {name} tidak ada di berkas ini"


def _unknown_counters(file: MallFile) -> Iterator[tuple[Path, str]]:
    known = {each.label for each in file.counter}
    for i, officer in enumerate(file.officer):
        for label in officer.counters:
            if label not in known:
                yield ("officer", i, "counters"), f"loket {label} tidak ada di berkas ini"


def _served_nowhere(file: MallFile) -> Iterator[tuple[Path, str]]:
    """A number for it would wait for ever. What is paused gives no numbers."""
    served = {each.service for counter in file.counter for each in counter.services}
    for a, agency in enumerate(file.agency):
        for s, service in enumerate(agency.service):
            if service.slug in served or service.paused or agency.paused:
                continue
            yield (
                ("agency", a, "service", s, "slug"),
                f"layanan {service.slug} tidak dilayani loket mana pun; tambahkan "
                f'{{ service = "{service.slug}" }} pada services sebuah [[counter]], '
                'atau tulis paused = "alasan"',
            )


def _overlapping(file: MallFile) -> Iterator[tuple[Path, str]]:
    for i, later in enumerate(file.period):
        for earlier in file.period[:i]:
            if later.first <= earlier.last and earlier.first <= later.last:
                yield (
                    ("period", i, "from"),
                    f"masa {later.name} bertumpuk dengan {earlier.name} "
                    f"({earlier.first} sampai {earlier.last})",
                )
