"""The survey on a visitor's phone: what its templates read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mpp.counters.rules.mall import Mall, Service
from mpp.survey.rules.profile import FIELDS, NAMES
from mpp.survey.rules.unsur import CODES, QUESTIONS, Question, Unsur
from mpp.texts import marked
from mpp.web.pages import Page

FACES = (marked("Kecewa"), marked("Kurang puas"), marked("Puas"), marked("Sangat puas"))
"""The four faces of the quick score, for 1 … 4."""


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """`is_own`: worded by the agency, so in its words in every language. `chosen`: what was sent."""

    code: str
    name: str
    text: str
    options: Sequence[tuple[int, str]]
    is_own: bool
    chosen: int | None


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class SurveyPage(Page):
    """`/s/{blind}` on a phone, `/survey/tablet/{blind}` at the counter."""

    template: ClassVar[str] = "survey/survey.html"
    action: str
    service: str | None
    agency: str | None
    day: date
    faces: Sequence[str]
    quick: int | None
    questions: Sequence[QuestionView]
    profile: Sequence[ProfileView]
    problem: str | None
    is_tablet: bool


@dataclass(frozen=True, kw_only=True)
class SurveyDonePage(Page):
    """Thanks: now (`is_new`), or for an answer that had been given before."""

    template: ClassVar[str] = "survey/survey_done.html"
    is_new: bool
    mall_slug: str
    is_tablet: bool


@dataclass(frozen=True, kw_only=True)
class TabletPage(Page):
    """`/survey/tablet` between two people. `label`: the counter's."""

    template: ClassVar[str] = "survey/survey_tablet.html"
    label: str
    is_somebody: bool


@dataclass(frozen=True, kw_only=True)
class SurveyOverPage(Page):
    """No survey here: `reason` is `expired`, `early` or `unknown`."""

    template: ClassVar[str] = "survey/survey_over.html"
    reason: str


def survey_page(
    mall: Mall,
    service_id: int,
    day: date,
    own: Mapping[Unsur, Question],
    *,
    action: str,
    locale: str,
    quick: int | None,
    sent: Mapping[str, str] | None = None,
    problem: str | None = None,
    is_tablet: bool = False,
) -> SurveyPage:
    """`own`: the agency's words. `sent`: what a form that was refused held."""
    service: Service | None = mall.service_by_id.get(service_id)
    held = sent or {}
    return SurveyPage(
        action=action,
        service=service.name.in_(locale) if service else None,
        agency=mall.agency_of(service).name.in_(locale) if service else None,
        day=day,
        faces=FACES,
        quick=quick,
        questions=[_question(unsur, own.get(unsur), held) for unsur in Unsur],
        profile=[
            ProfileView(
                name=name,
                label=NAMES[name],
                options=list(FIELDS[name].items()),
                chosen=held.get(name, ""),
            )
            for name in FIELDS
        ],
        problem=problem,
        is_tablet=is_tablet,
    )


def _question(unsur: Unsur, own: Question | None, held: Mapping[str, str]) -> QuestionView:
    asked = own or QUESTIONS[unsur]
    code = CODES[unsur]
    chosen = held.get(code, "")
    return QuestionView(
        code=code,
        name=QUESTIONS[unsur].name,
        text=asked.text,
        options=list(enumerate(asked.options, start=1)),
        is_own=own is not None,
        chosen=int(chosen) if chosen in {"1", "2", "3", "4"} else None,
    )
