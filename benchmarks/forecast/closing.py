"""A hall that loses half of its counters at once: how soon its ranges hold again. In memory, seeded."""

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from mpp.queue.rules import forecast
from mpp.queue.rules.forecast import ExpectedWait, Found, Outlook, Recent, Told

COUNTERS = 8
SERVICE_S, SPREAD = 480.0, 0.55
"""Median of a service, and the standard deviation of its logarithm, as in the demo's mall."""
QUIET_S, BUSY_S = 150.0, 75.0
"""Between two arrivals on average: nearly all that four counters can do, nearly all that eight can."""
STRETCH = 60
"""So many tickets are a busy stretch, so many a quiet one. The counters close where a quiet one begins."""
BEFORE, AFTER = 1500, 150
"""Tickets before the counters close, and those that are looked at afterwards."""
RUNS = 40


@dataclass
class _Hall:
    chance: Random
    recent: Recent = field(default_factory=lambda: Recent({1: 1}))
    now: float = 0.0
    staffed: int = COUNTERS
    leaving: int = 0
    """Counters that close as soon as whoever is there is done."""
    busy: int = 0
    came: int = 0
    line: deque[tuple[int, float, Found, ExpectedWait | None]] = field(default_factory=deque)
    told: dict[int, Told] = field(default_factory=dict)
    """By ticket, once it is called."""
    _agenda: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def at(self, moment: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (moment, next(self._order), what))

    def live(self) -> list[Told]:
        """What those were told who came after the closing, in the order of their coming."""
        self._arrive()
        while self._agenda:
            self.now, _, what = heapq.heappop(self._agenda)
            what()
        return [self.told[ticket] for ticket in range(BEFORE, BEFORE + AFTER)]

    def _arrive(self) -> None:
        if self.came == BEFORE:
            self.leaving = COUNTERS // 2
            while self.leaving and self.busy < self.staffed:
                self._close()
        found = Found(100 * len(self.line), self.staffed - self.busy, self.staffed)
        expected = forecast.expected_wait(Outlook(self.recent.cells(1, 9), {}), found)
        self.line.append((self.came, self.now, found, expected))
        self.came += 1
        if self.came < BEFORE + AFTER:
            is_busy = self.came < BEFORE and self.came // STRETCH % 2 == 0
            every = BUSY_S if is_busy else QUIET_S
            self.at(self.now + self.chance.expovariate(1 / every), self._arrive)
        self._call()

    def _call(self) -> None:
        while self.line and self.busy < self.staffed:
            ticket, joined, found, expected = self.line.popleft()
            told = self.told[ticket] = Told(1, 9, found, expected, self.now - joined)
            self.recent.learn(told)
            self.busy += 1
            service = SERVICE_S * self.chance.lognormvariate(0.0, SPREAD)
            self.at(self.now + service, self._done)

    def _done(self) -> None:
        self.busy -= 1
        if self.leaving:
            self._close()
        self._call()

    def _close(self) -> None:
        self.leaving -= 1
        self.staffed -= 1


def closing(runs: int = RUNS, seed: int = 1) -> dict[str, Any]:
    """Share inside, by how many tickets after the closing, over `runs` halls."""
    halls = [_Hall(Random(f"{seed} {run}")).live() for run in range(runs)]
    return {
        "runs": runs,
        "inside": {
            f"{first + 1}-{last}": _inside([told for hall in halls for told in hall[first:last]])
            for first, last in ((0, 25), (25, 50), (50, 100), (100, AFTER))
        },
    }


def _inside(told: Sequence[Told]) -> float | None:
    known = [each for each in told if each.expected is not None]
    if not known:
        return None
    return round(sum(not (each.is_below or each.is_above) for each in known) / len(known), 4)
