"""The manager's overview as a whole: the live parts, and beside them what the last weeks were like."""

from dataclasses import dataclass
from typing import ClassVar

from mpp.dashboard.pages.indices import Indices, Satisfaction
from mpp.dashboard.pages.views import OverviewView
from mpp.metrics.pages.distribution import (
    TimesView,
    times_view,
)
from mpp.metrics.pages.heat import Heat, heat_of
from mpp.metrics.rules.aggregation import MALL, Rollups
from mpp.metrics.rules.disclosure import FEWEST
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.promised_ranges import Held
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.scope import read_among
from mpp.metrics.rules.spans import Kind
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The last weeks of the whole mall, today left out."""

    period: Period
    service: TimesView
    heat: Heat


@dataclass(frozen=True, kw_only=True)
class OverviewPage(Page):
    """`/overview`: the whole page."""

    template: ClassVar[str] = "dashboard/overview.html"
    view: OverviewView
    live: str
    """The address of the socket that says when something changed."""
    indices: Indices
    satisfaction: Satisfaction | None
    recent: Recent
    ranges: Held
    """Last week's told waits, today left out."""
    fewest: int = FEWEST


def recent_of(period: Period, found: Rollups, known: Names) -> Recent:
    """`found`: the whole mall, and its load by weekday and hour."""
    told = found.get((MALL, ""), Rollup())
    return Recent(
        period=period,
        service=times_view(Kind.SERVICE, told, read_among(None, known), known),
        heat=heat_of(found),
    )
