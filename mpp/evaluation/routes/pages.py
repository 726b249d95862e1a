"""The index of public service (IPP): pages for leaders, `/overview/ipp`."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from mpp.errors import Invalid
from mpp.evaluation.pages.evaluation_lists import ranking_page
from mpp.evaluation.pages.evaluations import RecommendationsPage, evaluation_page, summary_of
from mpp.evaluation.pages.navigator import navigator_page
from mpp.evaluation.queries import evaluation_rows, evidence_files
from mpp.evaluation.routes import files as evaluation_files
from mpp.evaluation.routes import forms as evaluation_forms
from mpp.evaluation.routes import scores
from mpp.evaluation.routes.office import Office, provide_office
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.instrument import TOP
from mpp.security import LEADERS, requires
from mpp.web.request_params import read_id


@get("/", guards=[requires(LEADERS)])
async def evaluation_list(office: NamedDependency[Office]) -> Response[str]:
    """Units and years side by side."""
    return await office.list_page()


@get("/ranking", guards=[requires(LEADERS)])
async def ranking(office: NamedDependency[Office]) -> Response[str]:
    """The units of the leader's own mall; another mall's are its own affair."""
    found = await office.db.read(evaluation_rows.evaluations_of, office.mall.id)
    return office.page(ranking_page(found))


@get("/{evaluation_id:str}", guards=[requires(LEADERS)])
async def one_evaluation(
    office: NamedDependency[Office], evaluation_id: FromPath[str]
) -> Response[str]:
    """Index, aspects, every indicator, what is missing."""
    found, facts = await office.with_facts(evaluation_id)
    files = await office.db.read(evidence_files.file_counts, found.mall_id, found.id)
    return office.page(evaluation_page(found, facts, files, may_change=office.may_change))


@get("/{evaluation_id:str}/indicator/{number:str}", guards=[requires(LEADERS)])
async def one_indicator(
    office: NamedDependency[Office], evaluation_id: FromPath[str], number: FromPath[str]
) -> Response[str]:
    """Its six levels, who gave which, and the form."""
    return await office.indicator_page(evaluation_id, read_id(number, "indicator"))


@get("/{evaluation_id:str}/navigator", guards=[requires(LEADERS)])
async def navigator(office: NamedDependency[Office], evaluation_id: FromPath[str]) -> Response[str]:
    """The way to the next predicate; `?l6=5` supposes level 5 for indicator 6."""
    found = await office.evaluation(evaluation_id)
    return office.page(navigator_page(found, supposed_levels(office.request, found)))


def supposed_levels(request: Request[Any, Any, Any], found: Evaluation) -> dict[int, int]:
    """`Invalid` names a level that is none; what is no indicator's is left aside."""
    supposed = {}
    for _, each in found.variant.indicators():
        text = request.query_params.get(f"l{each.number}")
        if text is not None:
            if text not in map(str, range(TOP + 1)):
                raise Invalid(f"{text[:20]!r} bukan tingkat 0–{TOP}.", field=f"l{each.number}")
            supposed[each.number] = int(text)
    return supposed


@get("/{evaluation_id:str}/recommendations", guards=[requires(LEADERS)])
async def recommendations(
    office: NamedDependency[Office], evaluation_id: FromPath[str]
) -> Response[str]:
    """What the evaluator advised, and what came of it."""
    found = await office.evaluation(evaluation_id)
    advice = await office.db.read(evaluation_rows.recommendations_of, found.mall_id, found.id)
    page = RecommendationsPage(
        summary=summary_of(found),
        recommendations=advice,
        indicators=[(each.number, each.name) for _, each in found.variant.indicators()],
        done=sum(each.followed_up_on is not None for each in advice),
        may_change=office.may_change,
    )
    return office.page(page)


@get("/f03/{evaluation_id:str}", guards=[requires(LEADERS)])
async def users_form(
    office: NamedDependency[Office],
    evaluation_id: FromPath[str],
    added: FromQuery[int] = 0,
    withdrawn: FromQuery[int] = 0,
) -> Response[str]:
    """The users' form: one at a time, or a table."""
    found = await office.evaluation(evaluation_id)
    return await office.users_page(found, added=max(0, added), withdrawn=max(0, withdrawn))


routers = [
    Router(
        evaluation_forms.HOME,
        route_handlers=[
            evaluation_list,
            ranking,
            one_evaluation,
            one_indicator,
            navigator,
            recommendations,
            users_form,
            *evaluation_files.handlers,
            *evaluation_forms.handlers,
            *scores.handlers,
        ],
        dependencies={"office": Provide(provide_office)},
        include_in_schema=False,
    )
]
