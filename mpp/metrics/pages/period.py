"""The manager's page of a month, a quarter or a year: what its template reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mpp.metrics.pages.breakdown import BreakdownView, WorkView
from mpp.metrics.pages.comparison import ComparisonOut, FunnelOut, PointOut, UnitOut
from mpp.metrics.pages.distribution import DistributionView
from mpp.metrics.pages.heat import Heat
from mpp.metrics.pages.hours import HoursView
from mpp.metrics.pages.terms import SpanView
from mpp.web.pages import Page

WIDE, NARROW = (720, 340), (360, 300)
"""Width and height of the curve's picture."""
_LEFT, _TOP = 52.0, 20.0
_STEPS = (5, 10, 15, 20, 30, 60, 120, 240)


@dataclass(frozen=True)
class CurveChart:
    """Which share was called until when: among those called, and with those who gave up."""

    called: str
    """Points of a line."""
    with_gave_up: str
    grid_x: Sequence[tuple[float, int]]
    """Where a line of the grid lies, minutes."""
    grid_y: Sequence[tuple[float, int]]
    """Where a line of the grid lies, percent."""
    width: int
    height: int
    left: float
    right: float
    top: float
    base: float


@dataclass(frozen=True)
class FunnelScale:
    """From where to where shares are drawn, percent; `mall`: where the mall's own lies on it."""

    begin: int
    mall: float


@dataclass(frozen=True)
class FunnelBar:
    """One unit and its limits, in percent of the scale."""

    own: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float


@dataclass(frozen=True, kw_only=True)
class PeriodPage(Page):
    """`/overview/period`."""

    template: ClassVar[str] = "metrics/period.html"
    span: SpanView
    """The term that is shown; of any other days the one in which they end."""
    is_free: bool
    """Shown are days of one's own choice, no term."""
    shown: Mapping[str, str]
    previous: Mapping[str, str]
    following: Mapping[str, str] | None
    """The fields that ask for this period and for its neighbours; None where the next has not begun."""
    told: ComparisonOut
    heat: Heat
    curves: Mapping[str, CurveChart]
    """For a wide and for a narrow screen; none while nobody was called."""
    made_at: datetime
    by: str
    of: str
    unit_names: Mapping[str, str]
    """Key → name in the reader's language, for agencies."""
    bars: Sequence[tuple[UnitOut, FunnelBar | None]]
    """Every unit with its picture; None where there is nothing to compare it with."""
    scale: FunnelScale
    hours: HoursView
    spread: DistributionView
    work: WorkView
    breakdown: BreakdownView
    choices: Mapping[str, str]
    """What the forms of the page have chosen, by field: each form keeps what the others chose."""


def funnel_bars(
    found: FunnelOut,
) -> tuple[FunnelScale, list[tuple[UnitOut, FunnelBar | None]]]:
    """The units on one scale, which begins at a whole ten percent below everything drawn."""
    drawn = [each.adjusted for each in found.units if each.limits_998 and each.adjusted is not None]
    drawn += [each.limits_998.low for each in found.units if each.limits_998]
    begin = int(min(0.9, max(0.0, min(drawn, default=0.0))) * 10) * 10
    scale = FunnelScale(begin, _at(found.share or 0.0, begin))
    return scale, [(each, _bar(each, begin)) for each in found.units]


def curves_of(points: Sequence[PointOut]) -> dict[str, CurveChart]:
    """The curve for a wide and for a narrow screen; none while nobody was called."""
    drawn = {"wide": curve_chart(points), "narrow": curve_chart(points, NARROW)}
    return {name: chart for name, chart in drawn.items() if chart is not None}


def _bar(unit: UnitOut, begin: int) -> FunnelBar | None:
    if unit.limits_95 is None or unit.limits_998 is None or unit.adjusted is None:
        return None
    ends = (unit.limits_95.low, unit.limits_95.high, unit.limits_998.low, unit.limits_998.high)
    return FunnelBar(_at(unit.adjusted, begin), *(_at(each, begin) for each in ends))


def _at(share: float, begin: int) -> float:
    """From a share to percent of the scale."""
    return round(min(100.0, max(0.0, (share * 100 - begin) / (100 - begin) * 100)), 2)


def curve_chart(points: Sequence[PointOut], size: tuple[int, int] = WIDE) -> CurveChart | None:
    """Minutes to the right, the share upwards; None while nobody was called."""
    waits = [each for point in points for each in (point.called_s, point.with_gave_up_s) if each]
    if not waits:
        return None
    width, height = size
    right, base = width - 20.0, height - 40.0
    longest = max(waits) / 60
    step = next((each for each in _STEPS if longest <= 7 * each), _STEPS[-1])
    ticks = range(0, int(longest // step + 2) * step, step)
    wide = (right - _LEFT) / ticks[-1]
    tall = base - _TOP

    def line(values: Sequence[tuple[float | None, float]]) -> str:
        return " ".join(
            f"{_LEFT + seconds / 60 * wide:.1f},{base - share * tall:.1f}"
            for seconds, share in values
            if seconds is not None
        )

    return CurveChart(
        called=line([(each.called_s, each.share) for each in points]),
        with_gave_up=line([(each.with_gave_up_s, each.share) for each in points]),
        grid_x=[(_LEFT + minutes * wide, minutes) for minutes in ticks],
        grid_y=[(base - percent / 100 * tall, percent) for percent in (0, 25, 50, 75, 100)],
        width=width,
        height=height,
        left=_LEFT,
        right=right,
        top=_TOP,
        base=base,
    )
