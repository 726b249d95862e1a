"""What a board covers: a zone of a mall, or all of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mpp.counters.rules.mall import Agency, Counter, Mall, Service, Zone
from mpp.errors import NotFound
from mpp.queue.rules.forecast import ExpectedWait
from mpp.queue.rules.life import State


@dataclass(frozen=True)
class Area:
    """A zone's counters and what they serve, in the mall's order; all of the mall without a zone."""

    mall: Mall
    zone: Zone | None
    counters: Mapping[int, Counter]
    services: Mapping[int, Service]
    agencies: Mapping[int, Agency]
    """Service id → its agency."""


def area_of(mall: Mall, zone_slug: str | None) -> Area:
    """The part of a mall that a board shows; `NotFound` for a zone that the mall does not have."""
    zone = None if zone_slug is None else _zone(mall, zone_slug)
    here = {each.id: each for each in mall.counters if zone is None or each.zone == zone.slug}
    served = {service_id for counter in here.values() for service_id in counter.weights}
    services = {each.id: each for each in mall.services if zone is None or each.id in served}
    return Area(
        mall,
        zone,
        here,
        services,
        {service_id: mall.agency_of(service) for service_id, service in services.items()},
    )


def _zone(mall: Mall, slug: str) -> Zone:
    for zone in mall.zones:
        if zone.slug == slug:
            return zone
    raise NotFound("Zona itu tidak ada di mal ini.", field="zone")


@dataclass(frozen=True, slots=True)
class Call:
    """A ticket that is called to a counter, or was a while ago."""

    label: str
    service_id: int
    counter_id: int
    state: State
    calls: int
    called_at: datetime
    """The last call, recalls included."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many wait for a service, and the numbers that come next."""

    count: int
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BoardNow:
    """What a board shows: who is called, who left a counter last, who comes next and how long one waits."""

    area: Area
    called: Sequence[Call]
    recent: Sequence[Call]
    lines: Mapping[int, Line]
    expected: Mapping[int, ExpectedWait | None]
