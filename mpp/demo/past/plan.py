"""Who would have come: arrivals of a day, their services, their patience. Pure and seeded.

The shapes are those of a real hall, the figures made up: a morning peak, busy Mondays, quiet Fridays, more
people after Lebaran and before the school year, work that differs from service to service, and people who
leave when it takes too long.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from mpp.counters.rules.file import DemoServicePart
from mpp.counters.rules.mall import Mall
from mpp.queue.rules.life import Priority

BY_HOUR = {7: 0.7, 8: 1.3, 9: 1.45, 10: 1.25, 11: 0.95, 12: 0.5, 13: 0.85, 14: 0.7, 15: 0.4}
BY_WEEKDAY = (1.25, 1.1, 1.0, 0.95, 0.8, 0.7, 0.7)
BY_MONTH = {1: 1.1, 2: 1.0, 3: 0.9, 4: 1.05, 5: 1.0, 6: 1.15, 7: 1.2, 8: 0.95, 9: 1.0, 10: 1.0,
            11: 0.95, 12: 0.85}  # fmt: skip
FULL = 1.05  # of an officer's day is work
MINUTES_A_DAY = 400.0
BESIDES_MINUTES = 3.5  # of an officer's time beside the service: the walk, the papers
SPREAD = 0.12  # of a day's number of visitors around what is usual for it
SERVICE_SPREAD = 0.55  # of a service's time: standard deviation of its logarithm
PATIENCE_MINUTES = 150.0
PATIENCE_SHAPE = 1.6  # of a Weibull distribution: hardly anybody leaves in the first minutes
OTHERWISE = DemoServicePart(share=1.0, minutes=8.0)
PRIORITIES = {
    Priority.ELDERLY: 0.08,
    Priority.INFANT: 0.03,
    Priority.PREGNANT: 0.02,
    Priority.DISABILITY: 0.015,
}
ENGLISH = 0.02
COMES_BEFORE_CLOSING = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody at the kiosk, who leaves unless called within `patience`."""

    at: datetime
    service_id: int
    priority: Priority
    locale: str
    patience: timedelta


@dataclass(frozen=True)
class Model:
    """How the mall is used. `services`: share of arrivals in per cent and usual minutes, by slug."""

    mall: Mall
    services: Mapping[str, DemoServicePart]
    visitors: float
    """On an ordinary day."""

    def offered(self) -> Sequence[tuple[int, DemoServicePart]]:
        """The services that some counter has, with what is known of them."""
        return [
            (each.id, self.services.get(each.slug, OTHERWISE))
            for each in self.mall.services
            if self.mall.counters_for(each.id)
        ]

    def staffed(self) -> frozenset[int]:
        """The counters that open: each service has one, and each agency as many as its work fills to `FULL`.

        A hall where every counter is always open knows no queue.
        """
        offered = dict(self.offered())
        chosen: set[int] = set()
        for service_id in offered:
            at = [each.id for each in self.mall.counters_for(service_id)]
            if not chosen & set(at):
                chosen.add(at[0])
        whole = sum(part.share for part in offered.values()) or 1.0
        for agency in self.mall.agencies:
            theirs = [each.id for each in self.mall.services_of(agency) if each.id in offered]
            counters = [c.id for c in self.mall.counters if c.weights.keys() & set(theirs)]
            work = sum(
                offered[id_].share * (offered[id_].minutes + BESIDES_MINUTES) for id_ in theirs
            )
            needed = self.visitors * work / whole / (MINUTES_A_DAY * FULL)
            chosen |= set(counters[: round(needed)])
        return frozenset(chosen)

    def minutes(self) -> Mapping[int, float]:
        return {service_id: part.minutes for service_id, part in self.offered()}


def opening(mall: Mall, day: date) -> list[tuple[datetime, datetime]]:
    """When the mall was open on that day, as moments."""
    return [
        (
            datetime.combine(day, each.start, mall.time_zone).astimezone(UTC),
            datetime.combine(day, each.end, mall.time_zone).astimezone(UTC),
        )
        for each in mall.calendar.hours(day)
    ]


def arrivals(model: Model, day: date, chance: Random) -> list[Arrival]:
    """Everybody who comes on that day, in order; nobody while the mall is closed."""
    wanted = model.visitors * BY_WEEKDAY[day.weekday()] * BY_MONTH[day.month]
    wanted *= max(0.3, chance.gauss(1, SPREAD))
    offered = model.offered()
    if not offered:
        return []
    ids = [service_id for service_id, _ in offered]
    shares = [part.share for _, part in offered]
    return [
        Arrival(
            at,
            chance.choices(ids, shares)[0],
            _priority(chance),
            "en" if chance.random() < ENGLISH else "id",
            timedelta(minutes=chance.weibullvariate(PATIENCE_MINUTES, PATIENCE_SHAPE)),
        )
        for at in sorted(_moments(model.mall, day, wanted, chance))
    ]


def _moments(mall: Mall, day: date, wanted: float, chance: Random) -> Iterator[datetime]:
    """As many as an ordinary day has, more in the morning, fewer when the mall is open for less."""
    whole = sum(BY_HOUR.values())
    for hour, part in BY_HOUR.items():
        begins = datetime.combine(day, time(hour), mall.time_zone).astimezone(UTC)
        for at in _at_random(begins, wanted * part / whole, chance):
            if any(opens <= at < ends - COMES_BEFORE_CLOSING for opens, ends in opening(mall, day)):
                yield at


def _at_random(begins: datetime, expected: float, chance: Random) -> Iterator[datetime]:
    """A Poisson process over one hour."""
    at = chance.expovariate(1.0) / expected if expected else 1.0
    while at < 1.0:
        yield begins + timedelta(hours=at)
        at += chance.expovariate(1.0) / expected


def _priority(chance: Random) -> Priority:
    luck = chance.random()
    for priority, share in PRIORITIES.items():
        luck -= share
        if luck < 0:
            return priority
    return Priority.REGULAR


def lasting(minutes: float, chance: Random) -> timedelta:
    """How long something takes that usually takes so many minutes: log-normal around that median."""
    return timedelta(minutes=minutes * chance.lognormvariate(0.0, SERVICE_SPREAD))
