"""Where the lines and bars of a chart lie. Coordinates for SVG, y grows downwards; pure arithmetic."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

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
    waiting: int = 0
    """How many of them wait still: what is known of this hour leaves them out."""

    @property
    def is_partial(self) -> bool:
        """So many wait still that the figures will rise."""
        return self.waiting * 10 > self.issued


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
    is_partial: bool


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
    """Paths; one for each run of complete hours without a gap."""
    lines: Sequence[str]
    dashes: Sequence[str]
    """Paths of the median: between complete hours, and to or from an hour that is not."""
    bars: Sequence[Bar]
    floor: float
    """The lower picture's zero line."""


def step_of(highest: float) -> int:
    """The distance of grid lines for values up to `highest`, so that few lines are needed."""
    return next((step for step in STEPS if highest <= step * MOST_LINES), STEPS[-1])


@dataclass(frozen=True)
class _Frame:
    """Where the two pictures lie, and how large a minute and a ticket are."""

    left: float
    right: float
    base: float
    floor: float
    lower: float
    slot: float
    scale: float
    most: int

    def middle(self, index: int) -> float:
        return self.left + (index + 0.5) * self.slot

    def point(self, index: int, hour: Hour) -> Point | None:
        if hour.median_s is None or hour.p90_s is None:
            return None
        median, p90 = hour.median_s / 60, hour.p90_s / 60
        y, top = self.base - median * self.scale, self.base - p90 * self.scale
        is_close = hour.is_partial or y - top < 34
        return Point(self.middle(index), hour.hour, y, median, top, p90, is_close, hour.is_partial)

    def bar(self, index: int, hour: Hour) -> Bar:
        tall, wide = self.lower * hour.issued / self.most, min(self.slot * 0.62, 44)
        middle = self.middle(index)
        return Bar(middle - wide / 2, wide, self.floor - tall, tall, hour.issued, hour.hour, middle)


def hour_chart(hours: Sequence[Hour], *, width: int, height: int) -> HourChart:
    """Lay out the hours from left to right, in the order given, none of them left out."""
    left, right, top, lower = 44.0, width - 10.0, 34.0, 64.0
    floor = height - 26.0
    base = floor - lower - 44.0
    highest = max((_height(hour) for hour in hours), default=0.0) / 60
    step = step_of(highest)
    lines = max(2, math.ceil(highest / step))
    frame = _Frame(
        left=left,
        right=right,
        base=base,
        floor=floor,
        lower=lower,
        slot=(right - left) / max(len(hours), 1),
        scale=(base - top) / (lines * step),
        most=max((hour.issued for hour in hours), default=0) or 1,
    )
    found = [frame.point(index, hour) for index, hour in enumerate(hours)]
    runs = _runs(found, lambda point: point is not None)
    complete = _runs(found, lambda point: point is not None and not point.is_partial)
    steps = [pair for run in runs for pair in pairwise(run)]
    return HourChart(
        width=width,
        height=height,
        left=left,
        right=right,
        base=base,
        grid=[(base - n * step * frame.scale, n * step) for n in range(lines + 1)],
        points=[each for each in found if each is not None],
        bands=[_band(run, frame.slot) for run in complete],
        lines=[_path((each.x, each.y) for each in run) for run in complete if len(run) > 1],
        dashes=[
            _path((each.x, each.y) for each in pair)
            for pair in steps
            if any(each.is_partial for each in pair)
        ],
        bars=[frame.bar(index, hour) for index, hour in enumerate(hours)],
        floor=floor,
    )


def _height(hour: Hour) -> float:
    """The highest that is drawn of it."""
    return (hour.median_s if hour.is_partial else hour.p90_s) or 0.0


def _runs(
    points: Sequence[Point | None], belongs: Callable[[Point | None], bool]
) -> list[list[Point]]:
    """The points that belong, in runs of neighbours."""
    return [
        [each for each in run if each is not None]
        for does, run in groupby(points, key=belongs)
        if does
    ]


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
