"""The manager's pages of the survey, and the page that everybody may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.terms import SpanView
from mpp.survey.pages.paper import ImportView
from mpp.survey.rules.bars import Bar, Bound, Scale, bars, bounds, scale
from mpp.survey.rules.profile import FIELDS, NAMES, word_of
from mpp.survey.rules.report import FollowUp, Report, realised
from mpp.survey.rules.result import Figures, ProfileCell, Result
from mpp.survey.rules.unsur import CODES, QUESTIONS, Question, Unsur
from mpp.texts import marked
from mpp.web.language import local
from mpp.web.pages import Page

UNSUR: Mapping[str, str] = {unsur.value: QUESTIONS[unsur].name for unsur in Unsur}
UNSUR_CODES: Mapping[str, str] = {unsur.value: code.upper() for unsur, code in CODES.items()}
FACES = (marked("Kecewa"), marked("Kurang puas"), marked("Puas"), marked("Sangat puas"))

GRADE_WORDS: Mapping[str, str] = {
    "A": marked("Sangat baik"),
    "B": marked("Baik"),
    "C": marked("Kurang baik"),
    "D": marked("Tidak baik"),
}


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """A result with its pictures laid out."""

    result: Result
    bars: Sequence[Bar]
    bounds: Sequence[Bound]
    scale: Scale
    names: Mapping[str, str]
    codes: Mapping[str, str]
    grade_words: Mapping[str, str]
    faces: Sequence[str]
    profile: Sequence[tuple[str, Sequence[tuple[str, int | None]]]]
    """Field → (word, count)."""

    @property
    def figures(self) -> Figures:
        return self.result.figures


@dataclass(frozen=True, kw_only=True)
class SkmPage(Page):
    """`/overview/skm`."""

    template: ClassVar[str] = "survey/skm.html"
    view: ResultView
    span: SpanView
    agencies: Sequence[tuple[str, str]]
    agency: str
    weights: str
    services: Sequence[tuple[str, str]]
    imports: Sequence[ImportView]
    reports: Sequence[tuple[Report, datetime]]
    problem: Sequence[str]
    """What is wrong with a table that was sent, line by line."""
    imported: int | None
    withdrawn: int | None


@dataclass(frozen=True, kw_only=True)
class SkmReportPage(Page):
    """`/overview/skm/reports/{id}`: a published result and what is done about it."""

    template: ClassVar[str] = "survey/skm_report.html"
    report: Report
    issued_at: datetime
    view: ResultView
    follow_ups: Sequence[FollowUp]
    realised: float | None
    today: date
    media: Mapping[str, str]
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class SkmPublicPage(Page):
    """`/skm/{mall}`: the latest published result, for everybody and for the notice board."""

    template: ClassVar[str] = "survey/skm_public.html"
    report: Report | None
    issued_at: datetime | None
    view: ResultView | None
    follow_ups: Sequence[FollowUp]
    realised: float | None


@dataclass(frozen=True, kw_only=True)
class SkmMallsPage(Page):
    """`/skm` where there are several malls."""

    template: ClassVar[str] = "survey/skm_malls.html"
    malls: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class WordsPage(Page):
    """`/overview/skm/words`: an agency's own words for the questions."""

    template: ClassVar[str] = "survey/skm_words.html"
    agencies: Sequence[tuple[str, str]]
    agency: str
    questions: Sequence[tuple[str, str, Question, bool]]
    """Unsur, its name, its words now, whether they are the agency's own."""
    problem: str | None


def result_view(found: Result) -> ResultView:
    return ResultView(
        result=found,
        bars=bars(found.figures),
        bounds=bounds(),
        scale=scale(found.figures),
        names=UNSUR,
        codes=UNSUR_CODES,
        grade_words=GRADE_WORDS,
        faces=FACES,
        profile=[
            (NAMES[field], [_cell(field, cell) for cell in cells])
            for field, cells in found.profile.items()
            if field in FIELDS
        ],
    )


def _cell(field: str, cell: ProfileCell) -> tuple[str, int | None]:
    return word_of(field, cell.code), cell.count


def report_page(
    mall: Mall,
    report: Report,
    follow_ups: list[FollowUp],
    *,
    today: date,
    problem: str | None,
    media: Mapping[str, str],
) -> SkmReportPage:
    return SkmReportPage(
        report=report,
        issued_at=local(report.issued_at, mall.time_zone),
        view=result_view(report.result),
        follow_ups=follow_ups,
        realised=realised(follow_ups),
        today=today,
        media=media,
        problem=problem,
    )


def public_page(mall: Mall, report: Report | None, follow_ups: list[FollowUp]) -> SkmPublicPage:
    return SkmPublicPage(
        report=report,
        issued_at=local(report.issued_at, mall.time_zone) if report else None,
        view=result_view(report.result) if report else None,
        follow_ups=follow_ups,
        realised=realised(follow_ups),
    )
