"""What the manager's templates read: the live overview and the day report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mpp.counters.rules.mall import Mall
from mpp.dashboard.pages.overview import (
    AgencyLoadOut,
    CounterNowOut,
    OverviewOut,
)
from mpp.dashboard.pages.typical_day import TypicalDayView, typical_day_view
from mpp.dashboard.rules.typical_day import TypicalDay
from mpp.metrics.pages.hours import BESIDE, HoursView, hours_view, opening_hours
from mpp.metrics.rules.charts import Load, load
from mpp.web.language import local
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class OverviewView:
    """The live overview as one sees it. Moments are the mall's local time."""

    now: datetime
    day: date
    overview: OverviewOut
    hours: HoursView
    typical_day: TypicalDayView
    zones: Sequence[tuple[str, Sequence[CounterNowOut]]]
    """Zones by name, with their counters."""
    loads: Sequence[tuple[AgencyLoadOut, Load]]
    open_counters: int
    service_names: Mapping[str, str]
    """Slug → name in the reader's language."""
    agency_names: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OverviewParts(Page):
    """`/overview/now`: only what changes."""

    template: ClassVar[str] = "dashboard/overview_now.html"
    view: OverviewView


def overview_view(
    mall: Mall, overview: OverviewOut, typical: TypicalDay, locale: str
) -> OverviewView:
    """The overview laid out beside the typical day, with names in the reader's language."""
    most = max((each.issued for each in overview.agencies), default=0)
    loads = [
        (each, load(each.served, each.waiting, each.issued, most)) for each in overview.agencies
    ]
    zones = [(zone.name.in_(locale), zone.slug) for zone in mall.zones] + [("", None)]
    by_zone = [
        (name, [each for each in overview.counters if each.zone == slug]) for name, slug in zones
    ]
    now, day = local(overview.at, mall.time_zone), date.fromisoformat(overview.day)
    return OverviewView(
        now=now,
        day=day,
        overview=overview,
        hours=hours_view(overview.hours, BESIDE),
        typical_day=typical_day_view(
            typical,
            {each.hour: each.issued for each in overview.hours},
            opening_hours(mall, day),
            now,
            served=overview.served,
            median_wait_s=overview.median_wait_s,
            within=overview.within_wait,
        ),
        zones=[(name, counters) for name, counters in by_zone if counters],
        loads=loads,
        open_counters=sum(each.state == "open" for each in overview.counters),
        service_names={each.slug: each.name.in_(locale) for each in mall.services},
        agency_names={each.slug: each.name.in_(locale) for each in mall.agencies},
    )
