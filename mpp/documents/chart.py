"""A chart as data: raw values and their words. How it is drawn: `mpp.documents.charts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal
Ordinate = Number | None
"""None: there is no value, and nothing is drawn."""


@dataclass(frozen=True)
class Series:
    """A value a label."""

    name: str
    values: Sequence[Ordinate]


@dataclass(frozen=True)
class BarChart:
    """Bars side by side at each label: the first series filled, the second hatched. `unit`: of all."""

    labels: Sequence[str]
    series: Sequence[Series]
    unit: str
    places: int = 0


@dataclass(frozen=True)
class LineChart:
    """A line a series: the first is drawn through, the second dashed, the third dotted."""

    labels: Sequence[str]
    series: Sequence[Series]
    unit: str
    places: int = 0


@dataclass(frozen=True)
class Mark:
    """A place on a chart's axis with its word: a promise, a quantile, where a grade begins."""

    name: str
    at: Number


@dataclass(frozen=True)
class Interval:
    """A value between its ends; None where they are not known."""

    name: str
    value: Ordinate
    low: Ordinate
    high: Ordinate


@dataclass(frozen=True)
class IntervalChart:
    """A row each: a bar from `lowest` to the value, or a dot at it, and its interval.

    Dots where the scale does not begin at the least that can be: a bar's length would tell nothing.
    """

    rows: Sequence[Interval]
    lowest: Number
    highest: Number
    unit: str
    marks: Sequence[Mark] = ()
    places: int = 2
    with_bars: bool = True


@dataclass(frozen=True)
class HeatMap:
    """A cell for every row and column, darker for more; `values` row by row."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[int]]
    unit: str


@dataclass(frozen=True)
class ShareBars:
    """A bar each, in parts; as long as the sum of its parts beside the longest."""

    rows: Sequence[str]
    parts: Sequence[Series]
    unit: str


@dataclass(frozen=True)
class Bin:
    """Counted above `low` and up to `high`; `high` None: without end."""

    low: int
    high: int | None
    count: int


@dataclass(frozen=True)
class Histogram:
    """Bars whose areas are counts: as high as the count in one usual `width`."""

    bins: Sequence[Bin]
    width: int
    unit: str
    marks: Sequence[Mark] = ()


Chart = BarChart | LineChart | IntervalChart | HeatMap | ShareBars | Histogram
