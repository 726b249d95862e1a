"""What the navigator's template reads: the way to the next predicate, single steps, what if."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from mpp.evaluation.pages.evaluations import Summary, summary_of
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.instrument import Indicator, Predicate
from mpp.evaluation.rules.navigator import Raise, Way, best_single_steps, way_up
from mpp.evaluation.rules.score import predicate_of
from mpp.evaluation.rules.standing import efforts, standing
from mpp.survey.rules.index import round_half_up
from mpp.web.pages import Page

MOST_SINGLES = 10


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """`after`: the index when this step and those before it are done."""

    indicator: Indicator
    now: int
    then: int
    gain: Decimal
    effort: int
    after: Decimal
    predicate: Predicate


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """An indicator in the what-if form."""

    indicator: Indicator
    now: int
    then: int


@dataclass(frozen=True, kw_only=True)
class NavigatorPage(Page):
    """`/overview/ipp/{id}/navigator`."""

    template: ClassVar[str] = "evaluation/ipp_navigator.html"
    summary: Summary
    target: Predicate | None
    needed: Decimal
    steps: Sequence[StepRow]
    effort: int
    singles: Sequence[StepRow]
    way_query: str
    """The way, as a query of the what-if form."""
    what_if: Sequence[tuple[str, Sequence[Supposed]]]
    """By aspect."""
    changed: int
    supposed_ipp: Decimal
    supposed_predicate: Predicate


def navigator_page(evaluation: Evaluation, supposed: Mapping[int, int]) -> NavigatorPage:
    """`supposed`: levels that somebody tries out."""
    instrument, variant, score = evaluation.instrument, evaluation.variant, evaluation.score
    levels, own_efforts = standing(evaluation.judged), efforts(evaluation.judged)
    way = way_up(instrument, variant, score, levels, own_efforts)
    singles = best_single_steps(variant, score, levels, own_efforts)[:MOST_SINGLES]
    changed = {n: level for n, level in supposed.items() if level != levels.get(n, 0)}
    tried = evaluation.score_at({**levels, **changed})
    return NavigatorPage(
        summary=summary_of(evaluation),
        target=way.target,
        needed=round_half_up(max(way.needed, Fraction(0)), 3),
        steps=_steps(evaluation, in_order(way), score.raw, adds_up=True),
        effort=way.effort,
        singles=_steps(evaluation, singles, score.raw, adds_up=False),
        way_query="&".join(f"l{each.indicator.number}={each.then}" for each in way.raises),
        what_if=[
            (aspect.name, [_supposed(each, levels, changed) for each in aspect.indicator])
            for aspect in variant.aspect
        ],
        changed=len(changed),
        supposed_ipp=tried.ipp,
        supposed_predicate=tried.predicate,
    )


def in_order(way: Way) -> list[Raise]:
    """Most points for the effort first."""
    return sorted(way.raises, key=lambda each: (-each.gain / each.effort, each.indicator.number))


def _supposed(
    indicator: Indicator, levels: Mapping[int, int], changed: Mapping[int, int]
) -> Supposed:
    now = levels.get(indicator.number, 0)
    return Supposed(indicator=indicator, now=now, then=changed.get(indicator.number, now))


def _steps(
    evaluation: Evaluation, raises: Sequence[Raise], raw: Fraction, *, adds_up: bool
) -> list[StepRow]:
    rows, reached = [], raw
    for each in raises:
        after = reached + each.gain
        if adds_up:
            reached = after
        rows.append(
            StepRow(
                indicator=each.indicator,
                now=each.now,
                then=each.then,
                gain=round_half_up(each.gain, 3),
                effort=each.effort,
                after=round_half_up(after),
                predicate=predicate_of(evaluation.instrument, round_half_up(after)),
            )
        )
    return rows
