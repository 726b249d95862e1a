"""A period row by row, by hour, and how much of their time counters served: for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.wire import FiguresOut, RowOut, metrics_out
from mpp.metrics.pages.work import WorkOut, WorkRowOut
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.tables import RollupTable


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
    mall: Mall, period: Period, told: RollupTable, known: Names, locale: str
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
