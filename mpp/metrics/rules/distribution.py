"""How long services or waits took: a histogram's buckets gathered into bars of whole minutes, and drawn.

Bars are equally wide but for those that would show fewer than `FEWEST`: they are joined with a neighbour,
and a bar is as high as its count over the usual width, so that areas stay true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from mpp.metrics.rules.disclosure import FEWEST, is_small
from mpp.metrics.rules.histogram import Histogram

WIDTHS = (1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 240)
"""Minutes that a bar may be wide."""
MOST_BARS = 12
"""So many bars reach at least to P95 and to the promise; one that is open-ended follows."""
_LINES = 4


@dataclass(frozen=True)
class Bin:
    """Durations above `low` and up to `high`, minutes; `high` None: without end."""

    low: int
    high: int | None
    count: int


@dataclass(frozen=True)
class Distribution:
    """`width`: minutes of a usual bar."""

    width: int
    bins: Sequence[Bin]

    @property
    def n(self) -> int:
        return sum(each.count for each in self.bins)

    @property
    def end(self) -> int:
        """Where the open-ended bar begins, minutes."""
        return self.bins[-1].low

    def height_of(self, each: Bin) -> float:
        """How many of it lie in one usual width."""
        return each.count if each.high is None else each.count * self.width / (each.high - each.low)


def distribution(times: Histogram, promised_s: float | None = None) -> Distribution | None:
    """Bars up to P95 and the promise, then an open-ended one. None for so few that each could be known.

    A duration within 1 % of a bound may be counted on its other side.
    """
    found = times.quantiles((0.95,))
    if found is None or times.n < FEWEST:
        return None
    reach = max(found[0], promised_s or 0.0) / 60
    width = next((each for each in WIDTHS if reach <= each * MOST_BARS), WIDTHS[-1])
    closed = min(MOST_BARS, max(1, ceil(reach / width)))
    counts = [0] * (closed + 1)
    for _place, seconds, count in times.steps():
        counts[min(closed, max(0, ceil(seconds / 60 / width) - 1))] += count
    bins = [Bin(place * width, (place + 1) * width, n) for place, n in enumerate(counts[:closed])]
    return Distribution(width, joined([*bins, Bin(closed * width, None, counts[closed])]))


def joined(bins: Sequence[Bin]) -> list[Bin]:
    """Bins joined until none holds a few: each with the nearest that holds anything, of two the smaller."""
    whole = list(bins)
    while True:
        small = next((place for place, each in enumerate(whole) if is_small(each.count)), None)
        others = [place for place, each in enumerate(whole) if each.count and place != small]
        if small is None or not others:
            return whole
        at = small
        other = min(others, key=lambda place: (abs(place - at), whole[place].count))
        first, last = sorted((at, other))
        parts = whole[first : last + 1]
        whole[first : last + 1] = [
            Bin(parts[0].low, parts[-1].high, sum(each.count for each in parts))
        ]


# -- drawn -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A bar; `y` is its top."""

    x: float
    y: float
    width: float
    height: float
    bin: Bin

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Mark:
    """A quantile or a promise: a line from top to bottom, its words in a row of their own."""

    name: str
    minutes: float
    x: float
    y: float
    """Where its words stand."""
    is_left: bool
    """The words stand to the left of the line."""


@dataclass(frozen=True)
class DistributionChart:
    """Bars from left to right, minutes below, counts in one usual width to the left."""

    width: int
    height: int
    left: float
    right: float
    top: float
    base: float
    columns: Sequence[Column]
    ticks: Sequence[tuple[float, int]]
    """Where bars begin: x, minutes."""
    grid: Sequence[tuple[float, int]]
    """Lines: y, count."""
    marks: Sequence[Mark]
    has_counts: bool
    """Bars are wide enough for their counts."""


def distribution_chart(
    found: Distribution, marks: Mapping[str, float], *, width: int, height: int
) -> DistributionChart:
    """`marks`: name → seconds. Beyond the open-ended bar's beginning a mark stands in its middle."""
    left, right = 48.0, width - 8.0
    top, base = 12.0 + 18.0 * len(marks), height - 44.0
    minute = (right - left) / (found.end + found.width)
    tallest = max((found.height_of(each) for each in found.bins), default=0.0) or 1.0
    step = _round_step(tallest / _LINES)
    scale = (base - top - 16.0) / tallest

    def x_of(minutes: float) -> float:
        return left + min(minutes, found.end + found.width / 2) * minute

    columns = []
    for each in found.bins:
        end = found.end + found.width if each.high is None else each.high
        tall = found.height_of(each) * scale
        columns.append(
            Column(left + each.low * minute, base - tall, (end - each.low) * minute, tall, each)
        )
    drawn = [
        Mark(name, seconds / 60, x_of(seconds / 60), 14.0 + 18.0 * row, False)
        for row, (name, seconds) in enumerate(sorted(marks.items(), key=lambda item: item[1]))
    ]
    return DistributionChart(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        base=base,
        columns=columns,
        ticks=_ticks(found, left, minute),
        grid=[(base - n * scale, n) for n in range(0, int(tallest) + 1, step)],
        marks=[_turned(each, (left + right) / 2) for each in drawn],
        has_counts=found.width * minute >= 34.0,
    )


def _ticks(found: Distribution, left: float, minute: float) -> list[tuple[float, int]]:
    """Where bars begin; where they stand close, every other one and the last."""
    every = 1 if found.width * minute >= 26.0 else 2
    lows = [each.low for each in found.bins]
    shown = [low for place, low in enumerate(lows[:-1]) if place % every == 0]
    if shown and (found.end - shown[-1]) * minute < 24.0:
        shown.pop()
    return [(left + low * minute, low) for low in (*shown, found.end)]


def _turned(mark: Mark, middle: float) -> Mark:
    return Mark(mark.name, mark.minutes, mark.x, mark.y, mark.x > middle)


def _round_step(least: float) -> int:
    """1, 2 or 5 with noughts, at least so much."""
    power = 1
    while True:
        for each in (1, 2, 5):
            if each * power >= least:
                return each * power
        power *= 10
