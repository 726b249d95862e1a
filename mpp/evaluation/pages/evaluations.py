"""What the templates of the index of public service (IPP) read: one evaluation and its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar
from zoneinfo import ZoneInfo

from mpp.evaluation.rules.attachment import EvidenceFile
from mpp.evaluation.rules.derived import Derived, Facts, derive
from mpp.evaluation.rules.evaluation import Evaluation, Recommendation
from mpp.evaluation.rules.instrument import (
    Aspect,
    Indicator,
    Instrument,
    Predicate,
    Question,
    gains,
)
from mpp.evaluation.rules.score import Score
from mpp.evaluation.rules.score_import import ScoreImport
from mpp.evaluation.rules.standing import NOTHING, Judged
from mpp.survey.rules.index import round_half_up
from mpp.web.language import local
from mpp.web.pages import Page

Error = tuple[str, str]
"""A field and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """An evaluation in a line. `is_estimate`: the evaluator has not judged everything yet."""

    id: int
    year: int
    unit: str
    ipp: Decimal
    predicate: Predicate
    f02: Decimal
    f03: Decimal | None
    is_estimate: bool
    missing: int
    users: int


@dataclass(frozen=True, kw_only=True)
class Band:
    """A predicate on the scale from 0 to 5, in hundredths."""

    predicate: Predicate
    x: int
    width: int
    is_reached: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """`gain`: points of the index for one level."""

    indicator: Indicator
    judged: Judged
    derived: Derived | None
    gain: Decimal | None


@dataclass(frozen=True, kw_only=True)
class AspectRow:
    aspect: Aspect
    score: Decimal
    bar: int
    """The score in hundredths."""
    missing: Sequence[int]
    indicators: Sequence[IndicatorRow]


@dataclass(frozen=True, kw_only=True)
class EvaluationPage(Page):
    """`/overview/ipp/{id}`."""

    template: ClassVar[str] = "evaluation/ipp_evaluation.html"
    summary: Summary
    instrument: Instrument
    variant_name: str
    sure: str
    bands: Sequence[Band]
    f02_percent: int
    """What F-02 counts in this index."""
    aspects: Sequence[AspectRow]
    extra: Sequence[IndicatorRow]
    questions: Sequence[tuple[Question, Decimal | None]]
    own_only: int
    """How many levels stand on the unit's own word."""
    files: Mapping[int, int]
    """How many files each indicator has, by number."""
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorPage(Page):
    """`/overview/ipp/{id}/indicator/{number}`: its ladder, and the form."""

    template: ClassVar[str] = "evaluation/ipp_indicator.html"
    summary: Summary
    row: IndicatorRow
    aspect: str
    previous: int | None
    following: int | None
    files: Sequence[tuple[EvidenceFile, datetime]]
    """With the mall's time at which each was added."""
    refused: str
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class ScoreImportView:
    """A table of users' answers, with the mall's time. `withdrawn_at`: None while it counts."""

    made: ScoreImport
    imported_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class UsersPage(Page):
    """`/overview/ipp/f03/{id}`: one user's answers, or a pasted table."""

    template: ClassVar[str] = "evaluation/ipp_users.html"
    summary: Summary
    questions: Sequence[tuple[Question, Decimal | None]]
    pasted: str
    errors: Sequence[Error]
    added: int
    withdrawn: int
    imports: Sequence[ScoreImportView]
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class RecommendationsPage(Page):
    """`/overview/ipp/{id}/recommendations`."""

    template: ClassVar[str] = "evaluation/ipp_recommendations.html"
    summary: Summary
    recommendations: Sequence[Recommendation]
    indicators: Sequence[tuple[int, str]]
    done: int
    may_change: bool


def two(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_half_up(value)


def summary_of(evaluation: Evaluation) -> Summary:
    score = evaluation.score
    return Summary(
        id=evaluation.id,
        year=evaluation.year,
        unit=evaluation.unit,
        ipp=score.ipp,
        predicate=score.predicate,
        f02=round_half_up(score.f02),
        f03=two(score.f03),
        is_estimate=not evaluation.is_judged,
        missing=len(score.missing),
        users=len(evaluation.users),
    )


def bands_of(instrument: Instrument, score: Score) -> list[Band]:
    """The scale of predicates, lowest first."""
    ascending = sorted(instrument.predicate, key=lambda each: each.lowest)
    starts = [int(each.lowest * 100) for each in ascending]
    ends = [*starts[1:], 500]
    return [
        Band(predicate=each, x=start, width=end - start, is_reached=each == score.predicate)
        for each, start, end in zip(ascending, starts, ends, strict=True)
    ]


def indicator_rows(evaluation: Evaluation, facts: Facts) -> dict[int, IndicatorRow]:
    """Every indicator, those outside the index too, by number."""
    variant = evaluation.variant
    worth = gains(variant, evaluation.score.f02_share)
    every = [*(each for _, each in variant.indicators()), *variant.extra]
    return {
        each.number: IndicatorRow(
            indicator=each,
            judged=evaluation.judged.get(each.number, NOTHING),
            derived=derive(each, facts),
            gain=round_half_up(worth[each.number].gain, 4) if each.number in worth else None,
        )
        for each in every
    }


def score_import_views(found: Sequence[ScoreImport], zone: ZoneInfo) -> list[ScoreImportView]:
    return [
        ScoreImportView(
            made=each,
            imported_at=local(each.imported_at, zone),
            withdrawn_at=local(each.withdrawn_at, zone) if each.withdrawn_at else None,
        )
        for each in found
    ]


def question_means(evaluation: Evaluation) -> list[tuple[Question, Decimal | None]]:
    """The mean of the users' answers to each question."""
    means = []
    for at, question in enumerate(evaluation.variant.question):
        given = [row[at] for row in evaluation.users]
        answered = [each for each in given if each is not None]
        mean = Fraction(sum(answered), len(answered)) if answered else None
        means.append((question, two(mean)))
    return means


def evaluation_page(
    evaluation: Evaluation, facts: Facts, files: Mapping[int, int], *, may_change: bool
) -> EvaluationPage:
    score, rows = evaluation.score, indicator_rows(evaluation, facts)
    return EvaluationPage(
        summary=summary_of(evaluation),
        instrument=evaluation.instrument,
        variant_name=evaluation.variant.name,
        sure=evaluation.variant.sure,
        bands=bands_of(evaluation.instrument, score),
        f02_percent=int(score.f02_share * 100),
        aspects=[
            AspectRow(
                aspect=each.aspect,
                score=round_half_up(each.score),
                bar=int(each.score * 100),
                missing=each.missing,
                indicators=[rows[one.number] for one in each.aspect.indicator],
            )
            for each in score.aspects
        ],
        extra=[rows[each.number] for each in evaluation.variant.extra],
        questions=question_means(evaluation),
        own_only=sum(r.judged.level is None and r.judged.own is not None for r in rows.values()),
        files=files,
        may_change=may_change,
    )


def indicator_page(
    evaluation: Evaluation,
    facts: Facts,
    number: int,
    files: Sequence[tuple[EvidenceFile, datetime]],
    *,
    may_change: bool,
    refused: str = "",
) -> IndicatorPage | None:
    """None when there is no such indicator. `refused`: why a file was not taken."""
    rows = indicator_rows(evaluation, facts)
    if number not in rows:
        return None
    named = {each.number: aspect.name for aspect, each in evaluation.variant.indicators()}
    numbers = list(rows)
    at = numbers.index(number)
    return IndicatorPage(
        summary=summary_of(evaluation),
        row=rows[number],
        aspect=named.get(number, ""),
        previous=numbers[at - 1] if at else None,
        following=numbers[at + 1] if at + 1 < len(numbers) else None,
        files=files,
        refused=refused,
        may_change=may_change,
    )
