"""How long somebody will wait: a range learned from what those before found and how long they waited.

1. Waits are kept apart by what was found: a counter free and nobody ahead, or so many people ahead. People
   ahead are counted at all counters that serve the service, each with the share of them that may take her.
2. A wait counts times the counters that were open, and is expected over those open now. In the longest
   queues, which have no end, it also counts by the people ahead.
3. The last `RECENT` waits of the same counters speak; where they are fewer than `ENOUGH`, the mall's.
4. The range ends where a twentieth lay below and a twentieth above; where nobody can wait less than its
   low end, nought, a tenth lies above. After each call both shares move by `STEP` × (allowed - missed), for
   the service and for the hour: adaptive conformal inference (Gibbs and Candès 2021).
"""

import math
from bisect import bisect_right
from collections import Counter as Tally
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ENOUGH = 20
"""Fewer recent waits than this are too thin to promise anything from."""
RECENT = 200
"""So many waits of a kind speak."""
MISSED = 0.05
"""Share of the waits that may lie beyond each end of the range."""
STEP = 0.01
"""How far a level moves after a call. 0.02 holds no better, and its ranges are wider."""
LOWEST, HIGHEST = -0.1, 0.2
"""How far a level may move."""
MIDDLE = 0.4
"""An end of the range never comes nearer to its middle than this share."""
EDGES = (1, 2, 3, 5, 8, 12)
"""People ahead from which the next kind begins: 0, 1, 2, 3-4, 5-7, 8-11, 12 and more."""
KINDS = len(EDGES) + 2
"""A free counter with nobody ahead, and one for each stretch of people ahead."""


@dataclass(frozen=True, slots=True)
class Found:
    """How the counters of a service stand for somebody who joins. `ahead` in hundredths of a person."""

    ahead: int
    free: int
    """Open counters without anybody in hand."""
    open_counters: int

    @property
    def kind(self) -> int:
        """0: a free counter and nobody ahead; else 1 and more by people ahead, rounded half up."""
        if self.free > 0 and self.ahead == 0:
            return 0
        return 1 + bisect_right(EDGES, (self.ahead + 50) // 100)

    @property
    def pace(self) -> float:
        """By what a wait is divided to compare it with others of its kind: the last kind has no end."""
        counters = max(self.open_counters, 1)
        return max(self.ahead / 100 / EDGES[-1], 1.0) / counters


@dataclass(frozen=True, slots=True)
class ExpectedWait:
    """Seconds: nine of ten waits like this one lie between `low_s` and `high_s`, both included."""

    low_s: int
    mid_s: int
    high_s: int


@dataclass(frozen=True, slots=True)
class Told:
    """A wait that ended in a call: what was found, what was expected (None: nothing), what it became."""

    service_id: int
    hour: int
    """Of the mall's day, when the number was taken."""
    found: Found
    expected: ExpectedWait | None
    wait_s: float

    @property
    def is_below(self) -> bool:
        """Whether the call came before the range began."""
        return self.expected is not None and self.wait_s < self.expected.low_s

    @property
    def is_above(self) -> bool:
        """Whether the call came after the range had ended."""
        return self.expected is not None and self.wait_s > self.expected.high_s


@dataclass(frozen=True, slots=True)
class Cell:
    """What recent waits of a kind say, in seconds times open counters; `n` of them, and whose they are."""

    low: float
    mid: float
    high: float
    n: int
    of: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known for somebody who joins a service's queue now."""

    cells: tuple[Cell | None, ...]
    """By `Found.kind`."""
    shares: Mapping[int, int]
    """Service → in hundredths, how much of a person ahead each is who waits for it."""

    def ahead(self, waiting: Mapping[int, int]) -> int:
        """People ahead in hundredths. `waiting`: service → how many of it wait before this place."""
        return sum(share * waiting.get(other, 0) for other, share in self.shares.items())


UNKNOWN: tuple[Cell | None, ...] = (None,) * KINDS
COUNTERS, MALL = "counters", "mall"


def nothing_known(service_id: int) -> Outlook:
    """Of a service's waits: then only people of its own stand ahead."""
    return Outlook(UNKNOWN, {service_id: 100})


def shares(service_id: int, open_counters: Iterable[Collection[int]]) -> Mapping[int, int]:
    """How much of a person ahead somebody is who waits for another service, in hundredths.

    `open_counters`: what each open counter serves. It is the share of the other service's counters that
    serve this one, too; those of its own service count whole, others at no common counter not at all.
    """
    whole: Tally[int] = Tally()
    common: Tally[int] = Tally()
    for served in open_counters:
        whole.update(served)
        if service_id in served:
            common.update(served)
    return {service_id: 100} | {
        other: (100 * n + whole[other] // 2) // whole[other] for other, n in common.items()
    }


@dataclass(frozen=True)
class Standing:
    """Where a waiting ticket stands."""

    people_ahead: int | None
    expected: ExpectedWait | None


NOWHERE = Standing(None, None)


def expected_wait(outlook: Outlook, found: Found) -> ExpectedWait | None:
    """The wait of somebody who finds this. None while too little is known or no counter is open."""
    cell = outlook.cells[found.kind]
    if cell is None or found.open_counters < 1:
        return None
    return ExpectedWait(
        math.floor(cell.low * found.pace),
        math.floor(cell.mid * found.pace + 0.5),
        math.ceil(cell.high * found.pace),
    )


def evidence(outlook: Outlook, found: Found) -> dict[str, object]:
    """What the history keeps of a range: what was found, what was said, and upon how many waits."""
    kept: dict[str, object] = {
        "ahead": found.ahead / 100 if found.ahead % 100 else found.ahead // 100,
        "free": found.free,
        "open": found.open_counters,
    }
    expected, cell = expected_wait(outlook, found), outlook.cells[found.kind]
    if expected is not None and cell is not None:
        kept |= {"low": expected.low_s, "mid": expected.mid_s, "high": expected.high_s}
        kept |= {"n": cell.n, "of": cell.of}
    return kept


def told(service_id: int, hour: int, kept: Mapping[str, float], wait_s: float) -> Told:
    """Read `evidence` again, together with the wait that it became."""
    found = Found(round(kept["ahead"] * 100), int(kept["free"]), int(kept["open"]))
    expected = None
    if "mid" in kept:
        expected = ExpectedWait(int(kept["low"]), int(kept["mid"]), int(kept["high"]))
    return Told(service_id, hour, found, expected, wait_s)


@dataclass
class _Levels:
    """How far the levels of a group of waits have moved from what is allowed."""

    low: float = 0.0
    high: float = 0.0

    def learn(self, expected: ExpectedWait, wait_s: float) -> None:
        if expected.low_s > 0:
            self.low = _bounded(self.low + STEP * (MISSED - (wait_s < expected.low_s)))
        allowed = MISSED if expected.low_s > 0 else 2 * MISSED
        self.high = _bounded(self.high + STEP * (allowed - (wait_s > expected.high_s)))


def _bounded(moved: float) -> float:
    return min(max(moved, LOWEST), HIGHEST)


def _few() -> deque[float]:
    return deque(maxlen=RECENT)


@dataclass
class Recent:
    """The recent waits of one mall. `lines`: service → its line, the same where the counters are."""

    lines: Mapping[int, int]
    _waits: defaultdict[tuple[int | None, int], deque[float]] = field(
        default_factory=lambda: defaultdict(_few)
    )
    _levels: defaultdict[tuple[str, int, bool], _Levels] = field(
        default_factory=lambda: defaultdict(_Levels)
    )

    def learn(self, outcome: Told) -> None:
        """Take in a wait; they must come in the order of their calls."""
        line = self.lines.get(outcome.service_id)
        if line is None or outcome.found.open_counters < 1:
            return  # how long an unopened counter stays so says nothing of its pace
        effort = max(outcome.wait_s, 0.0) / outcome.found.pace
        kind = outcome.found.kind
        self._waits[line, kind].append(effort)
        self._waits[None, kind].append(effort)
        if outcome.expected is not None:
            for group in _groups(outcome.service_id, outcome.hour, kind):
                self._levels[group].learn(outcome.expected, outcome.wait_s)

    def cells(self, service_id: int, hour: int) -> tuple[Cell | None, ...]:
        """What is known for a service at this hour, by kind; nothing for one that no counter serves."""
        line = self.lines.get(service_id)
        if line is None:
            return UNKNOWN
        return tuple(
            self._cell(line, kind, _groups(service_id, hour, kind)) for kind in range(KINDS)
        )

    def _cell(self, line: int, kind: int, groups: Iterable[tuple[str, int, bool]]) -> Cell | None:
        for whose, of in ((line, COUNTERS), (None, MALL)):
            waits = self._waits.get((whose, kind), ())
            if len(waits) >= ENOUGH:
                moved = [self._levels[group] for group in groups if group in self._levels]
                low = sum(each.low for each in moved)
                return _cell(sorted(waits), low, sum(each.high for each in moved), of)
        return None


def _groups(service_id: int, hour: int, kind: int) -> tuple[tuple[str, int, bool], ...]:
    """Whose levels count: the service's and the hour's, apart for a free counter, which hardly misses."""
    return ("service", service_id, kind == 0), ("hour", hour, kind == 0)


def _cell(ordered: Sequence[float], moved_low: float, moved_high: float, of: str) -> Cell:
    low = _end(ordered, min(MISSED + moved_low, MIDDLE))
    above = min((MISSED if low > 0 else 2 * MISSED) + moved_high, MIDDLE)
    return Cell(low, quantile(ordered, 0.5), _end(ordered, 1 - above), len(ordered), of)


def _end(ordered: Sequence[float], share: float) -> float:
    """The value below which the next wait lies with this share: type 6, as the next is one of n + 1."""
    position = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    return quantile(ordered, position / (len(ordered) - 1))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The `share` quantile of values in order, linear between neighbours (Hyndman-Fan type 7).

    >>> quantile([1.0, 2.0, 3.0], 0.5)
    2.0
    """
    if not ordered:
        raise ValueError("no values")
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
