"""What the manager's templates read: the live overview and the day report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.overview import (
    AgencyLoadOut,
    CounterNowOut,
    HourOut,
    OverviewOut,
    hours_out,
    opening_hours,
)
from mpp.metrics.pages.plan import PlanView, plan_view
from mpp.metrics.pages.wire import FiguresOut, RowOut, metrics_out
from mpp.metrics.queries.name_rows import Names
from mpp.metrics.rules.charts import Hour, HourChart, Load, hour_chart, load
from mpp.metrics.rules.figures import Book, By
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.plan import Usual
from mpp.web.language import local
from mpp.web.pages import Page

BESIDE = (820, 450)
ACROSS = (1240, 400)
NARROW = (360, 360)
"""Width and height of a picture beside something else, across the whole page, and on a phone."""
MOST_ALERTS = 4


@dataclass(frozen=True, kw_only=True)
class HoursView:
    """Waits by hour, drawn for a wide and for a narrow screen, and as they stand in the table."""

    hours: Sequence[HourOut]
    wide: HourChart
    narrow: HourChart

    @property
    def is_partial(self) -> bool:
        """Some hour will still change."""
        return any(point.is_partial for point in self.wide.points)


@dataclass(frozen=True, kw_only=True)
class OverviewView:
    """The live overview as one sees it. Moments are the mall's local time."""

    now: datetime
    day: date
    overview: OverviewOut
    hours: HoursView
    plan: PlanView
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

    template: ClassVar[str] = "metrics/overview_now.html"
    view: OverviewView


@dataclass(frozen=True, kw_only=True)
class DayPage(Page):
    """`/overview/day`: the report of one business day."""

    template: ClassVar[str] = "metrics/day.html"
    day: date
    by: str
    bys: Sequence[str]
    rows: Sequence[RowOut]
    row_names: Mapping[str, str]
    """Key → name in the reader's language, for services and agencies."""
    total: FiguresOut
    is_conserved: bool
    """Issued = served + left + no-show + expired + open, for the mall and in every row."""
    hours: HoursView
    closed_for: str | None
    """The name of the holiday, "" for another closed day, None when the mall was open."""
    previous: date
    following: date | None
    made_at: datetime
    csv: str
    definitions: str


def hours_view(hours: Sequence[HourOut], size: tuple[int, int]) -> HoursView:
    drawn = [
        Hour(each.hour, each.issued, each.n, each.median_s, each.p90_s, each.waiting)
        for each in hours
    ]
    wide, narrow = (hour_chart(drawn, width=w, height=h) for w, h in (size, NARROW))
    return HoursView(hours=hours, wide=wide, narrow=narrow)


def overview_view(mall: Mall, overview: OverviewOut, usual: Usual, locale: str) -> OverviewView:
    """The overview laid out beside the usual day, with names in the reader's language."""
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
        plan=plan_view(
            usual,
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


def day_page(
    mall: Mall,
    day: date,
    by: By,
    known: Names,
    books: Mapping[By, Book],
    *,
    now: datetime,
    locale: str,
) -> DayPage:
    """`books`: by `by` and by hour."""
    book = books[by]
    report = metrics_out(mall.slug, Period(day, day), book, known, is_synthetic=mall.is_synthetic)
    hours = hours_out(books[By.HOUR], opening_hours(mall, day))
    today = mall.day(now)
    is_open = bool(mall.calendar.hours(day))
    return DayPage(
        day=day,
        by=by,
        bys=[each for each in By if each is not By.WEEKDAY],
        rows=report.rows,
        row_names=_row_names(mall, by, locale),
        total=report.total,
        is_conserved=all(tally.is_conserved for tally in (book.total, *book.rows.values())),
        hours=hours_view(hours, ACROSS),
        closed_for=None if is_open else mall.calendar.reason(day) or "",
        previous=_working_day(mall, day, -1) or day - timedelta(days=1),
        following=_working_day(mall, day, 1) if day < today else None,
        made_at=local(now, mall.time_zone),
        csv=f"/api/v1/malls/{mall.slug}/metrics.csv?from={day}&to={day}&by={by}",
        definitions=report.definitions,
    )


def _row_names(mall: Mall, by: By, locale: str) -> dict[str, str]:
    if by is By.SERVICE:
        return {each.slug: each.name.in_(locale) for each in mall.services}
    if by is By.AGENCY:
        return {each.slug: each.name.in_(locale) for each in mall.agencies}
    return {}


def _working_day(mall: Mall, day: date, step: int) -> date | None:
    """The next day before or after this one on which the mall is open, within a month."""
    days = (day + timedelta(days=step * ahead) for ahead in range(1, 32))
    return next((each for each in days if mall.calendar.hours(each)), None)
