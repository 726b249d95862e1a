"""What leaders do with a survey: publish, plan, carry out."""

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from mpp.errors import Conflict, Invalid, MppError
from mpp.metrics.rules.periods import read_day
from mpp.security import LEADERS, requires
from mpp.survey.commands import publication
from mpp.survey.routes import paper
from mpp.survey.routes.results import Leader, provide_leader, reading
from mpp.survey.rules.unsur import Unsur
from mpp.web.request_params import TextIn, read_id

LongIn = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^[^\x00\ud800-\udfff]*$")]


class ReportForm(msgspec.Struct):
    """What to publish: a term of the mall, or of an agency."""

    period: TextIn = ""
    agency: TextIn = ""
    weights: TextIn = ""


class MediaForm(msgspec.Struct):
    """Where the report is shown."""

    media: TextIn | list[TextIn] | None = None

    @property
    def chosen(self) -> list[str]:
        if self.media is None:
            return []
        return [self.media] if isinstance(self.media, str) else self.media


class FollowUpForm(msgspec.Struct):
    """A follow-up that is planned."""

    unsur: Unsur
    action: TextIn = ""
    person: TextIn = ""
    due: TextIn = ""


class DoneForm(msgspec.Struct):
    """What shows that a line is done."""

    evidence: LongIn = ""


class WordsForm(msgspec.Struct):
    """One question in an agency's words; all empty: as usual."""

    agency: TextIn
    unsur: Unsur
    text: TextIn = ""
    option1: TextIn = ""
    option2: TextIn = ""
    option3: TextIn = ""
    option4: TextIn = ""


@post("/reports")
async def publish(
    leader: NamedDependency[Leader], data: URLEncodedBody[ReportForm]
) -> Response[Any]:
    """Keep the figures of a term as they stand now, for everybody to see."""
    _, found, agency_id = await leader.look(data.period, data.agency, data.weights)
    try:
        report_id = await leader.db.execute(
            publication.publish, leader.mall, found, agency_id, now=leader.clock()
        )
    except Conflict as error:
        return await leader.show(
            data.period, data.agency, data.weights, problem=[error.detail], status_code=409
        )
    return Redirect(f"/overview/skm/reports/{report_id}", status_code=303)


@post("/reports/{report_id:str}/media")
async def show_in(
    leader: NamedDependency[Leader], report_id: FromPath[str], data: URLEncodedBody[MediaForm]
) -> Response[Any]:
    """Note where a report is shown."""
    wanted = read_id(report_id, "report_id")
    await leader.db.execute(publication.show_in, leader.mall.id, wanted, data.chosen)
    return Redirect(f"/overview/skm/reports/{wanted}#media", status_code=303)


@post("/reports/{report_id:str}/plan")
async def add_follow_up(
    leader: NamedDependency[Leader], report_id: FromPath[str], data: URLEncodedBody[FollowUpForm]
) -> Response[Any]:
    """Plan a follow-up of what the report found."""
    wanted, now = read_id(report_id, "report_id"), leader.clock()
    try:
        await leader.db.execute(
            publication.add_follow_up,
            leader.mall.id,
            wanted,
            unsur=data.unsur,
            action=data.action,
            person=data.person,
            due=read_day(data.due, "due", leader.mall.day(now)),
            now=now,
        )
    except Invalid as error:
        return await leader.show_report(wanted, error.detail, error.status)
    return Redirect(f"/overview/skm/reports/{wanted}#plan", status_code=303)


@post("/plan/{plan_id:str}/done")
async def finish(
    leader: NamedDependency[Leader], plan_id: FromPath[str], data: URLEncodedBody[DoneForm]
) -> Response[Any]:
    """A line is carried out, with what shows it."""
    report_id = await leader.db.execute(
        publication.finish_follow_up,
        leader.mall.id,
        read_id(plan_id, "plan_id"),
        evidence=data.evidence,
        day=leader.mall.day(leader.clock()),
    )
    return Redirect(f"/overview/skm/reports/{report_id}#plan", status_code=303)


@post("/words")
async def word(leader: NamedDependency[Leader], data: URLEncodedBody[WordsForm]) -> Response[Any]:
    """Put one question in an agency's words, or back in the usual ones."""
    agency = leader.mall.agency(data.agency)
    options = [data.option1, data.option2, data.option3, data.option4]
    try:
        await leader.db.execute(
            publication.word, leader.mall.id, agency.id, data.unsur, text=data.text, options=options
        )
    except MppError as error:
        return await leader.show_words(agency.slug, error.detail, error.status)
    return Redirect(f"/overview/skm/words?agency={agency.slug}#{data.unsur}", status_code=303)


routers = [
    Router(
        "/overview/skm",
        route_handlers=[*reading, *paper.handlers, publish, show_in, add_follow_up, finish, word],
        guards=[requires(LEADERS)],
        dependencies={"leader": Provide(provide_leader)},
        include_in_schema=False,
    )
]
