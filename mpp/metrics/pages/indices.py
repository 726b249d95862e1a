"""The two indices in a line each, for the overview: what was published and judged last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mpp.metrics.pages.evaluations import Summary
from mpp.metrics.pages.navigator import StepRow, navigator_page
from mpp.metrics.queries.evaluation_rows import Evaluation
from mpp.metrics.queries.report_rows import FollowUp, Report, realised
from mpp.metrics.rules.ipp.instrument import Predicate
from mpp.metrics.rules.skm.result import Figures
from mpp.metrics.rules.skm.unsur import QUESTIONS, Unsur


@dataclass(frozen=True, kw_only=True)
class SurveyLine:
    """The latest published survey. `realised`: share of its plan that is done; None without a plan."""

    report_id: int
    first: date
    last: date
    figures: Figures
    weakest: str | None
    realised: float | None


@dataclass(frozen=True, kw_only=True)
class EvaluationLine:
    """The latest evaluation and the way to its next predicate."""

    summary: Summary
    target: Predicate | None
    steps: Sequence[StepRow]


@dataclass(frozen=True, kw_only=True)
class Indices:
    """None: nothing published, nothing judged yet."""

    survey: SurveyLine | None
    evaluation: EvaluationLine | None
    last_month: date


def indices_of(
    report: Report | None, plan: list[FollowUp], evaluations: list[Evaluation], today: date
) -> Indices:
    return Indices(
        survey=None if report is None else _survey(report, plan),
        evaluation=_evaluation(evaluations),
        last_month=today.replace(day=1) - date.resolution,
    )


def _survey(report: Report, plan: list[FollowUp]) -> SurveyLine:
    weakest = report.result.figures.weakest
    return SurveyLine(
        report_id=report.id,
        first=report.first,
        last=report.last,
        figures=report.result.figures,
        weakest=QUESTIONS[Unsur(weakest[0])].name if weakest else None,
        realised=realised(plan),
    )


def _evaluation(evaluations: list[Evaluation]) -> EvaluationLine | None:
    if not evaluations:
        return None
    newest = max(evaluations, key=lambda each: (each.year, each.id))
    found = navigator_page(newest, {})
    return EvaluationLine(summary=found.summary, target=found.target, steps=found.steps)
