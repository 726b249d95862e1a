"""The survey's result to take away: the report as it is handed in, and the workbook."""

import asyncio
from datetime import timedelta

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from mpp.documents.marks import file_name
from mpp.documents.pdf import pdf
from mpp.pools import Turns
from mpp.reports.pages.skm_document import skm_document
from mpp.reports.pages.skm_workbook import workbook
from mpp.security import LEADERS, requires
from mpp.survey.queries import answer_rows, report_rows
from mpp.survey.routes.results import Leader, provide_leader
from mpp.survey.rules.token import LIFE_DAYS
from mpp.web.downloads import PDF, XLSX, download
from mpp.web.language import local
from mpp.web.request_params import read_id


@get("/book.xlsx", guards=[requires(LEADERS)])
async def book(
    leader: NamedDependency[Leader],
    turns: NamedDependency[Turns],
    period: FromQuery[str] = "",
    agency: FromQuery[str] = "",
    weights: FromQuery[str] = "",
) -> Response[bytes]:
    """The result as a workbook; of the whole mall, once nobody can answer any more, with every answer."""
    span, found, agency_id = await leader.look(period, agency, weights)
    mall = leader.mall
    is_closed = span.period.last + timedelta(days=LIFE_DAYS) < mall.day(leader.clock())
    answers = None
    if agency_id is None and is_closed:
        answers = await leader.db.read(answer_rows.answers_of, mall.id, span.period)
    name = file_name(f"skm-{mall.slug}-{span.key}", "xlsx", is_synthetic=mall.is_synthetic)
    async with turns.turn(leader.request.user.who):
        made = await asyncio.to_thread(
            workbook, mall.name, found, answers, is_synthetic=mall.is_synthetic
        )
    return download(made, XLSX, name)


@get("/reports/{report_id:str}/report.pdf", guards=[requires(LEADERS)])
async def report_on_paper(
    leader: NamedDependency[Leader], turns: NamedDependency[Turns], report_id: FromPath[str]
) -> Response[bytes]:
    """A published report as it is handed in."""
    wanted, mall = read_id(report_id, "report_id"), leader.mall
    report = await leader.db.read(report_rows.report, mall.id, wanted)
    follow_ups = await leader.db.read(report_rows.follow_ups_of, mall.id, wanted)
    made = local(leader.clock(), mall.time_zone)
    told = skm_document(mall.name, report, follow_ups, made=made, is_synthetic=mall.is_synthetic)
    async with turns.turn(leader.request.user.who):
        paper = await asyncio.to_thread(pdf, told)
    stem = f"skm-{mall.slug}-{report.first}-{report.last}"
    name = file_name(stem, "pdf", is_synthetic=mall.is_synthetic)
    return download(paper, PDF, name)


routers = [
    Router(
        "/overview/skm",
        route_handlers=[book, report_on_paper],
        dependencies={"leader": Provide(provide_leader)},
        include_in_schema=False,
    )
]
