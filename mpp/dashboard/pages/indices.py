"""The indices on the overview: the survey that runs, what was published and judged last, what is overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mpp.dashboard.rules.background import Running
from mpp.dashboard.rules.expected import Overdue
from mpp.evaluation.pages.evaluations import Band, Summary, bands_of
from mpp.evaluation.pages.navigator import StepRow, navigator_page
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.instrument import Predicate
from mpp.survey.pages.results import UNSUR, UNSUR_CODES
from mpp.survey.rules.bars import Bar, Bound, bars, bounds
from mpp.survey.rules.report import FollowUp, Report, realised
from mpp.survey.rules.result import Figures
from mpp.survey.rules.unsur import QUESTIONS, Unsur


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """A running survey laid out, the lowest unsur first; those without a mean last."""

    running: Running
    bars: Sequence[Bar]
    bounds: Sequence[Bound]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    enough: int
    """Fewer answers than this are shown with a warning."""


@dataclass(frozen=True, kw_only=True)
class SurveyLine:
    """The latest published survey. `realised`: share of its follow-ups that is done; None without any."""

    report_id: int
    first: date
    last: date
    figures: Figures
    weakest: str | None
    realised: float | None


@dataclass(frozen=True, kw_only=True)
class EvaluationLine:
    """The latest evaluation and the way to its next predicate; `effort`: of all `steps` together."""

    summary: Summary
    target: Predicate | None
    needed: Decimal
    steps: Sequence[StepRow]
    effort: int
    bands: Sequence[Band]
    at: int
    """The index in hundredths."""


@dataclass(frozen=True, kw_only=True)
class Indices:
    """None: nothing published, nothing judged yet."""

    survey: SurveyLine | None
    evaluation: EvaluationLine | None
    overdue: Sequence[Overdue] = ()
    """Follow-ups that should be done by now, by report."""


def indices_of(
    report: Report | None,
    follow_ups: list[FollowUp],
    evaluations: list[Evaluation],
    overdue: Sequence[Overdue] = (),
) -> Indices:
    return Indices(
        survey=None if report is None else _survey(report, follow_ups),
        evaluation=_evaluation(evaluations),
        overdue=overdue,
    )


def _survey(report: Report, follow_ups: list[FollowUp]) -> SurveyLine:
    weakest = report.result.figures.weakest
    return SurveyLine(
        report_id=report.id,
        first=report.first,
        last=report.last,
        figures=report.result.figures,
        weakest=QUESTIONS[Unsur(weakest[0])].name if weakest else None,
        realised=realised(follow_ups),
    )


def _evaluation(evaluations: list[Evaluation]) -> EvaluationLine | None:
    if not evaluations:
        return None
    newest = max(evaluations, key=lambda each: (each.year, each.id))
    found = navigator_page(newest, {})
    return EvaluationLine(
        summary=found.summary,
        target=found.target,
        needed=found.needed,
        steps=found.steps,
        effort=found.effort,
        bands=bands_of(newest.instrument, newest.score),
        at=int(found.summary.ipp * 100),
    )


def satisfaction(running: Running, enough: int) -> Satisfaction:
    """`enough`: so many answers are wanted."""
    order = {each: at for at, each in enumerate(running.figures.weakest)}
    found = bars(running.figures)
    return Satisfaction(
        running=running,
        bars=sorted(found, key=lambda bar: order.get(bar.figure.unsur, len(order))),
        bounds=bounds(),
        names=UNSUR,
        codes=UNSUR_CODES,
        enough=enough,
    )
