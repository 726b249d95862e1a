"""Several evaluations side by side: units and years of a mall, and the ranking of all malls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from mpp.evaluation.pages.evaluations import Error, Summary, summary_of
from mpp.evaluation.rules.evaluation import Evaluation
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
    """`rank` None: not ranked, because the evaluator has not finished."""

    rank: int | None
    mall: str
    summary: Summary


@dataclass(frozen=True, kw_only=True)
class RankingPage(Page):
    """`/overview/ipp/ranking`: every mall of this database, year by year."""

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


def ranking_page(found: Sequence[tuple[str, Evaluation]]) -> RankingPage:
    """The newest year first. What is an estimate stands below, without a rank; equals share one."""
    known = [(mall, summary_of(each)) for mall, each in found]
    years = sorted({each.year for _, each in known}, reverse=True)
    return RankingPage(years=[(year, _ranked(year, known)) for year in years])


def _ranked(year: int, known: Sequence[tuple[str, Summary]]) -> list[Ranked]:
    of_year = [(mall, each) for mall, each in known if each.year == year]
    final = [each.ipp for _, each in of_year if not each.is_estimate]
    ordered = sorted(of_year, key=lambda it: (it[1].is_estimate, -it[1].ipp, it[0], it[1].unit))
    return [
        Ranked(
            rank=None if each.is_estimate else 1 + sum(other > each.ipp for other in final),
            mall=mall,
            summary=each,
        )
        for mall, each in ordered
    ]
