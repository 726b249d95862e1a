"""Where the lines and bars of a chart lie. Coordinates for SVG, y grows downwards; pure arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240)
"""What lies between two lines of a grid of minutes."""
MOST_LINES = 5


@dataclass(frozen=True)
class Hour:
    """What happened to those who took a number in this hour; seconds, None when nobody was called."""

    hour: int
    issued: int
    n: int
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True)
class Point:
    """One hour of the upper picture."""

    x: float
    hour: int
    y: float
    minutes: float
    """The median."""
    top: float
    """Where P90 lies."""
    top_minutes: float
    is_close: bool
    """Median and P90 lie so near each other that only one of them has room for its figure."""


@dataclass(frozen=True)
class Bar:
    """One hour of the lower picture."""

    x: float
    width: float
    y: float
    height: float
    count: int
    hour: int
    middle: float


@dataclass(frozen=True)
class HourChart:
    """Waits by hour (median, band up to P90) above, numbers taken by hour below, on one axis."""

    width: int
    height: int
    left: float
    right: float
    base: float
    """The upper picture's zero line."""
    grid: Sequence[tuple[float, int]]
    """Lines of the grid: y, minutes."""
    points: Sequence[Point]
    bands: Sequence[str]
    lines: Sequence[str]
    """Paths; one for each run of hours without a gap."""
    bars: Sequence[Bar]
    floor: float
    """The lower picture's zero line."""


def step_of(highest: float) -> int:
    """The distance of grid lines for values up to `highest`, so that few lines are needed."""
    return next((step for step in STEPS if highest <= step * MOST_LINES), STEPS[-1])


def hour_chart(hours: Sequence[Hour], *, width: int, height: int) -> HourChart:
    """Lay out the hours from left to right, in the order given, none of them left out."""
    left, right, top, lower = 44.0, width - 10.0, 34.0, 64.0
    floor = height - 26.0
    base = floor - lower - 44.0
    slot = (right - left) / max(len(hours), 1)
    highest = max((hour.p90_s or 0.0 for hour in hours), default=0.0) / 60
    step = step_of(highest)
    lines = max(2, -(-int(highest * 1000) // (step * 1000)))
    scale = (base - top) / (lines * step)
    most = max((hour.issued for hour in hours), default=0) or 1

    def point(index: int, hour: Hour) -> Point | None:
        if hour.median_s is None or hour.p90_s is None:
            return None
        median, p90 = hour.median_s / 60, hour.p90_s / 60
        y, high = base - median * scale, base - p90 * scale
        x = left + (index + 0.5) * slot
        return Point(x, hour.hour, y, median, high, p90, y - high < 34)

    def bar(index: int, hour: Hour) -> Bar:
        tall, wide = lower * hour.issued / most, min(slot * 0.62, 44)
        middle = left + (index + 0.5) * slot
        return Bar(middle - wide / 2, wide, floor - tall, tall, hour.issued, hour.hour, middle)

    found = [point(index, hour) for index, hour in enumerate(hours)]
    runs = [
        [each for each in run if each is not None]
        for there, run in groupby(found, key=lambda each: each is not None)
        if there
    ]
    return HourChart(
        width=width,
        height=height,
        left=left,
        right=right,
        base=base,
        grid=[(base - n * step * scale, n * step) for n in range(lines + 1)],
        points=[each for each in found if each is not None],
        bands=[_band(run, slot) for run in runs],
        lines=[_path((each.x, each.y) for each in run) for run in runs if len(run) > 1],
        bars=[bar(index, hour) for index, hour in enumerate(hours)],
        floor=floor,
    )


def _band(run: Sequence[Point], slot: float) -> str:
    """From the medians up to the P90s and back; an hour alone gets a band as wide as a bar."""
    if len(run) == 1:
        (only,) = run
        half = min(slot * 0.31, 22)
        upper = [(only.x - half, only.top), (only.x + half, only.top)]
        lower = [(only.x + half, only.y), (only.x - half, only.y)]
    else:
        upper = [(each.x, each.top) for each in run]
        lower = [(each.x, each.y) for each in reversed(run)]
    return _path([*upper, *lower]) + "Z"


def _path(corners: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)


@dataclass(frozen=True)
class Load:
    """A horizontal bar in parts, in percent of the longest one: served, waiting, the rest."""

    served: float
    waiting: float
    rest: float


def load(served: int, waiting: int, issued: int, most: int) -> Load:
    """`most`: the longest bar's `issued`. A transfer may bring in more than was issued here."""
    whole = max(most, served + waiting, 1) / 100
    rest = max(0, issued - served - waiting)
    return Load(served / whole, waiting / whole, rest / whole)
