"""Several evaluations side by side: units and years of a mall, and their ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import ClassVar

from mpp.evaluation.pages.evaluations import Error, Summary, summary_of
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.ranking import interval_of, ranks_of
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A unit's years. `change`: of the index from the year before last to the last one."""

    unit: str
    years: Sequence[Summary | None]
    change: Decimal | None


@dataclass(frozen=True, kw_only=True)
class EvaluationListPage(Page):
    """`/overview/ipp`."""

    template: ClassVar[str] = "evaluation/ipp_list.html"
    years: Sequence[int]
    units: Sequence[UnitRow]
    instruments: Sequence[tuple[str, str]]
    given: Mapping[str, str]
    """What was typed into the form for a new one."""
    errors: Sequence[Error]
    may_change: bool
    may_rank: bool


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """`ranks`: the best and the worst that it can have; None while the evaluator has not finished."""

    ranks: tuple[int, int] | None
    interval: tuple[Decimal, Decimal]
    summary: Summary


@dataclass(frozen=True, kw_only=True)
class RankingPage(Page):
    """`/overview/ipp/ranking`: the units of the leader's own mall, year by year."""

    template: ClassVar[str] = "evaluation/ipp_ranking.html"
    years: Sequence[tuple[int, Sequence[Ranked]]]


def units_by_year(found: Sequence[Evaluation]) -> tuple[list[int], list[UnitRow]]:
    """Years in order, and a row a unit with a cell for each of them."""
    known = [summary_of(each) for each in found]
    years = sorted({each.year for each in known})
    rows = []
    for unit in sorted({each.unit for each in known}):
        by_year = {each.year: each for each in known if each.unit == unit}
        there = [by_year[year].ipp for year in years if year in by_year]
        change = there[-1] - there[-2] if len(there) > 1 else None
        rows.append(UnitRow(unit=unit, years=[by_year.get(y) for y in years], change=change))
    return years, rows


def ranking_page(found: Sequence[Evaluation]) -> RankingPage:
    """The newest year first. What is an estimate stands below, without a rank."""
    years = sorted({each.year for each in found}, reverse=True)
    return RankingPage(
        years=[(year, _ranked([each for each in found if each.year == year])) for year in years]
    )


def _ranked(found: Sequence[Evaluation]) -> list[Ranked]:
    known = sorted(
        ((summary_of(each), interval_of(each)) for each in found),
        key=lambda it: (it[0].is_estimate, -it[0].ipp, it[0].unit),
    )
    ranks = ranks_of([interval for each, interval in known if not each.is_estimate])
    return [
        Ranked(ranks=rank, interval=interval, summary=each)
        for (each, interval), rank in zip_longest(known, ranks)
    ]
