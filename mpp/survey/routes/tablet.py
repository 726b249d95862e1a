"""The survey on a tablet at the counter: for whoever was served last there, then it resets itself."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import NotFound
from mpp.security import Role, requires
from mpp.survey.pages.questionnaire import TabletPage
from mpp.survey.queries import answer_rows
from mpp.survey.readers.tokens import Judges
from mpp.survey.routes.phone import (
    NOT_FOR_ROBOTS,
    Respondent,
    SurveyForm,
    no_survey,
    provide_respondent,
)
from mpp.survey.rules import token
from mpp.web.pages import html

COUNTERS = frozenset({Role.COUNTER})
WITHIN = timedelta(minutes=10)
"""So long after its end a service is offered for judging at the counter."""


async def provide_judges(
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Judges:
    return Judges(db, malls, clock, settings)


async def _last(judges: Judges, mall: Mall, counter_id: int) -> str | None:
    """The secret of the visit that was served last at the counter and has not been judged yet."""
    now = judges.clock()
    day = mall.day(now)
    found = await judges.db.read(
        answer_rows.last_served, mall.id, counter_id, day, since=now - WITHIN
    )
    salt = await judges.db.read(answer_rows.salt_of, mall.id, day)
    if found is None or salt is None:
        return found
    nonce = token.nonce_of(judges.settings.secret_key, salt, found)
    blind = token.Blind(token.Payload(mall.id, 0, day), nonce)
    given = await judges.db.read(answer_rows.given, mall.id, blind.hashed)
    return None if given.survey else found


@get("/")
async def waiting(
    request: Request[Any, Any, Any], judges: NamedDependency[Judges]
) -> Response[str]:
    """An invitation when somebody was just served; else quiet. Looks again by itself."""
    by = request.user
    mall = await judges.malls.by_id(by.mall_id)
    counter = mall.counter(next(iter(by.counter_ids), 0))
    is_somebody = await _last(judges, mall, counter.id) is not None
    page = TabletPage(label=counter.label, is_somebody=is_somebody)
    return html(request, page, mall=mall, headers=NOT_FOR_ROBOTS)


@post("/")
async def begin(request: Request[Any, Any, Any], judges: NamedDependency[Judges]) -> Response[Any]:
    """Trade the visit for a blind token; back when there is nobody any more."""
    by = request.user
    mall = await judges.malls.by_id(by.mall_id)
    found = await _last(judges, mall, next(iter(by.counter_ids), 0))
    if found is None:
        return Redirect("/survey/tablet", status_code=303)
    _, blind = await judges.blind(found)
    return Redirect(f"/survey/tablet/{judges.written(blind)}", status_code=303)


@get("/{blind:str}")
async def questions(
    respondent: NamedDependency[Respondent], done: FromQuery[str] = ""
) -> Response[str]:
    """The questions, as on the phone."""
    return await respondent.look(is_new=bool(done))


@post("/{blind:str}")
async def send(
    respondent: NamedDependency[Respondent], data: URLEncodedBody[SurveyForm]
) -> Response[Any]:
    """The answer, as on the phone."""
    return await respondent.take(data)


routers = [
    Router(
        "/survey/tablet",
        route_handlers=[waiting, begin, questions, send],
        guards=[requires(COUNTERS)],
        dependencies={
            "judges": Provide(provide_judges),
            "respondent": Provide(provide_respondent),
        },
        exception_handlers={NotFound: no_survey},
        include_in_schema=False,
    )
]
