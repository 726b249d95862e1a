"""When who comes, for what, and how long it takes: a Poisson process of the busiest quarter of an hour.

A day has 122,000 tickets (305 malls, 400 each). Its busiest quarter of an hour is given 8.9 % of them:
10,800 tickets, 12 a second. In public data (Technion, "Anonymous Bank": 33,344 calls of February 1999) the
busiest quarter of an hour between 8 and 16 o'clock held 5.4 % of a working day's calls there on the mean of
20 days, and 16.9 % on the worst. A hall is not a call centre: it has a rush at the door. But the
nation's three time zones open one after the other, which is not counted on here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.nation import world
from mpp.counters.rules.mall import Mall, Service

A_DAY = 122_000
BUSIEST_SHARE = 0.0885
QUARTER_S = 900.0
PER_MALL = A_DAY * BUSIEST_SHARE / QUARTER_S / world.MALLS  # tickets a second
SERVICE_S = 700.0
"""Mean, so that 92 of 100 counters are busy at this rate."""
WALK_S = 25.0
"""Mean from the call to the visitor's sitting down."""
PAUSE_S = 5.0
"""Mean from the end of a service to the officer's next call."""
WAITING = 6
"""In every mall when it begins; with those who come and walk about 2,000 in all."""
PRIORITY_SHARE = 0.1


@dataclass(frozen=True)
class Arrival:
    """A visitor at the kiosk, so many seconds after the beginning."""

    at: float
    mall: Mall
    service: Service
    is_elderly: bool


@dataclass(frozen=True)
class Times:
    """Draws, in seconds. `pace`: so many times as fast as the busiest quarter of an hour."""

    chance: Random
    pace: float

    def service(self) -> float:
        """Memoryless, so that the rest of a service is as long as a whole one."""
        return self._exponential(SERVICE_S)

    def walk(self) -> float:
        return self._exponential(WALK_S)

    def pause(self) -> float:
        return self._exponential(PAUSE_S)

    def _exponential(self, mean: float) -> float:
        return self.chance.expovariate(self.pace / mean)


def arrivals(
    malls: Sequence[Mall], chance: Random, *, pace: float, seconds: float
) -> Iterator[Arrival]:
    """Everybody who comes, in order; every mall alike, every counter's services as often as another's."""
    at, rate = 0.0, PER_MALL * len(malls) * pace
    while (at := at + chance.expovariate(rate)) < seconds:
        mall = chance.choice(malls)
        yield Arrival(at, mall, for_any_counter(mall, chance), chance.random() < PRIORITY_SHARE)


def for_any_counter(mall: Mall, chance: Random) -> Service:
    """Something that a counter chosen at random serves: then all have about as much to do."""
    return chance.choice(world.services_of(mall, chance.choice(mall.counters).id))
