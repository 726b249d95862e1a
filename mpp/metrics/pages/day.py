"""What the report of one business day shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.hours import ACROSS, HoursView, hours_out, hours_view, opening_hours
from mpp.metrics.pages.wire import FiguresOut, RowOut, metrics_out
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.tables import RollupTable
from mpp.web.language import local
from mpp.web.pages import Page


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
    is_recorded: bool
    """False before the mall's first day with figures: nothing is known of it, not even that nobody came."""
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


def day_page(
    mall: Mall,
    day: date,
    by: By,
    known: Names,
    tables: Mapping[By, RollupTable],
    *,
    is_recorded: bool,
    now: datetime,
    locale: str,
) -> DayPage:
    """`tables`: by `by` and by hour."""
    table = tables[by]
    report = metrics_out(mall.slug, Period(day, day), table, known, is_synthetic=mall.is_synthetic)
    hours = hours_out(tables[By.HOUR], opening_hours(mall, day))
    today = mall.day(now)
    is_open = bool(mall.calendar.hours(day))
    return DayPage(
        day=day,
        by=by,
        bys=[each for each in By if each is not By.WEEKDAY],
        rows=report.rows,
        row_names=_row_names(mall, by, locale),
        total=report.total,
        is_recorded=is_recorded,
        is_conserved=all(tally.is_conserved for tally in (table.total, *table.rows.values())),
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
