"""A period row by row, by hour, and how much of their time counters served: for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.overview import HourOut
from mpp.metrics.pages.views import ACROSS, HoursView, hours_view
from mpp.metrics.pages.wire import FiguresOut, RowOut, metrics_out
from mpp.metrics.pages.work import WorkOut, WorkRowOut
from mpp.metrics.queries.name_rows import Names
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.ledger import Ledger
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind


@dataclass(frozen=True, kw_only=True)
class BreakdownView:
    """The period by one heading, as the API tells it."""

    by: str
    rows: Sequence[RowOut]
    total: FiguresOut
    names: Mapping[str, str]
    """Key → name in the reader's language, for services and agencies."""


@dataclass(frozen=True)
class WorkBar:
    """Time open and, within it, time serving, in percent of the longest time open."""

    open: float
    serving: float


@dataclass(frozen=True, kw_only=True)
class WorkView:
    by: str
    rows: Sequence[tuple[WorkRowOut, WorkBar]]
    total: WorkRowOut


def breakdown_view(
    mall: Mall, period: Period, told: Ledger, known: Names, locale: str
) -> BreakdownView:
    """In the mall's usual order; small groups of visitors as one."""
    found = metrics_out(mall.slug, period, told, known, is_synthetic=mall.is_synthetic)
    return BreakdownView(
        by=told.by, rows=found.rows, total=found.total, names=_names(mall, told.by, locale)
    )


def _names(mall: Mall, by: By, locale: str) -> dict[str, str]:
    if by is By.SERVICE:
        return {each.slug: each.name.in_(locale) for each in mall.services}
    return {each.slug: each.name.in_(locale) for each in mall.agencies if by is By.AGENCY}


def work_view(told: WorkOut) -> WorkView:
    """Those who were there; who served without being there is told at the end, without a bar."""
    most = max((max(row.open_s, row.serving_s) for row in told.rows), default=0.0) or 1.0
    rows = [
        (row, WorkBar(round(row.open_s / most * 100, 2), round(row.serving_s / most * 100, 2)))
        for row in told.rows
        if row.open_s or row.served
    ]
    return WorkView(by=told.by, rows=rows, total=told.total)


def period_hours(told: Ledger) -> HoursView:
    """Hour by hour, without a gap; by the hour in which the number was taken or the wait began."""
    return hours_view(hour_rows(told), ACROSS)


def hour_rows(told: Ledger) -> list[HourOut]:
    """The same as figures. On a day that goes on, rollups know nothing of waits that do."""
    busy = [hour for hour, each in told.rows.items() if isinstance(hour, int) and each.issued]
    if not busy:
        return []
    return [_hour(hour, told.rows.get(hour, Rollup())) for hour in range(min(busy), max(busy) + 1)]


def _hour(hour: int, each: Rollup) -> HourOut:
    waits = each.summary(Kind.WAITING)
    return HourOut(
        hour=hour,
        issued=each.issued,
        waiting=0,
        n=waits.n,
        median_s=waits.median_s,
        p90_s=waits.p90_s,
    )
