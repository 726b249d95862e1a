"""The manager's report of a year: on the screen, to take away, and to publish."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from mpp.documents.marks import file_name
from mpp.documents.pdf import pdf
from mpp.errors import Conflict, Invalid
from mpp.metrics.routes.request_params import ASKED, Asker
from mpp.reports import commands as publications
from mpp.reports import queries as publication_rows
from mpp.reports.pages.yearly import year_page
from mpp.reports.pages.yearly_document import year_document
from mpp.reports.pages.yearly_workbook import year_csv, year_xlsx
from mpp.reports.readers.yearly import by_month, yearly
from mpp.reports.rules.yearly import Year
from mpp.reports.rules.years import YearSpan, read_year, span_of_year
from mpp.security import LEADERS, Role, requires
from mpp.texts import Filled
from mpp.web.downloads import CSV, PDF, XLSX, download
from mpp.web.language import locale_of, translated
from mpp.web.pages import html
from mpp.web.request_params import TextIn, read_id

PUBLISHERS = frozenset({Role.MANAGER, Role.ADMIN})
"""Who speaks for the mall towards citizens."""
Wanted = Annotated[str | None, QueryParameter(name="year", required=False)]
ReasonIn = Annotated[
    str,
    msgspec.Meta(
        max_length=2000, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]*$"
    ),
]


class PublishForm(msgspec.Struct):
    """The year, and the newest edition that its page showed."""

    year: TextIn = ""
    after: TextIn = ""

    @property
    def newest(self) -> int:
        if not self.after.isascii() or not self.after.isdecimal() or len(self.after) > 6:
            raise Invalid("Nomor edisi terakhir tidak terbaca.", field="after")
        return int(self.after)


class WithdrawForm(msgspec.Struct):
    """Why an edition no longer holds."""

    reason: ReasonIn = ""


@dataclass(frozen=True)
class Annual(Asker):
    """A leader looks at a year of their own mall."""

    request: Request[Any, Any, Any]

    def span(self, year: str | None) -> YearSpan:
        return span_of_year(read_year(year, self.today), self.today)

    async def told(self, span: YearSpan) -> Year:
        return await yearly(self.db, self.mall, span, self.present)

    async def show(
        self, span: YearSpan, problem: str | Filled | None = None, status_code: int = 200
    ) -> Response[str]:
        """The whole page."""
        told = await self.told(span)
        editions = await self.db.read(publication_rows.editions, self.mall.id, span.year)
        page = year_page(
            told,
            editions,
            slug=self.mall.slug,
            time_zone=self.mall.time_zone,
            now=self.present.now,
            may_publish=self.request.user.role in PUBLISHERS,
            problem=translated(problem, locale_of(self.request)) if problem else None,
        )
        return html(self.request, page, mall=self.mall, status_code=status_code)

    def file(self, content: bytes, media_type: str, span: YearSpan, ending: str) -> Response[bytes]:
        synthetic = self.mall.is_synthetic
        name = file_name(f"{self.mall.slug}-{span.year}", ending, is_synthetic=synthetic)
        return download(content, media_type, name)


async def provide_annual(request: Request[Any, Any, Any], asker: NamedDependency[Asker]) -> Annual:
    return Annual(asker.db, asker.mall, asker.present, asker.turn, request)


@get("/year", guards=[requires(LEADERS)])
async def year_report(annual: NamedDependency[Annual], year: Wanted = None) -> Response[str]:
    """A year beside the one before; of one that goes on, the days that are over."""
    async with annual.turn():
        return await annual.show(annual.span(year))


@get("/year.pdf", guards=[requires(LEADERS)])
async def year_on_paper(annual: NamedDependency[Annual], year: Wanted = None) -> Response[bytes]:
    """The same on paper."""
    span = annual.span(year)
    async with annual.turn():
        told, mall = await annual.told(span), annual.mall
        paper = year_document(mall.name, told, made=annual.present.now.astimezone(mall.time_zone))
        made = await asyncio.to_thread(pdf, paper)
    return annual.file(made, PDF, span, "pdf")


@get("/year.xlsx", guards=[requires(LEADERS)])
async def year_as_workbook(annual: NamedDependency[Annual], year: Wanted = None) -> Response[bytes]:
    """The same as a workbook, with the agencies of each month."""
    span = annual.span(year)
    async with annual.turn():
        told = await annual.told(span)
        months = await by_month(annual.db, annual.mall, span, annual.present)
        made = await asyncio.to_thread(year_xlsx, annual.mall.name, told, months)
    return annual.file(made, XLSX, span, "xlsx")


@get("/year.csv", guards=[requires(LEADERS)])
async def year_as_csv(annual: NamedDependency[Annual], year: Wanted = None) -> Response[bytes]:
    """Numbers issued by month and agency, a row each."""
    span = annual.span(year)
    async with annual.turn():
        months = await by_month(annual.db, annual.mall, span, annual.present)
    return annual.file(year_csv(span.year, months).encode(), CSV, span, "csv")


@post("/year/publish", guards=[requires(PUBLISHERS)])
async def publish(
    annual: NamedDependency[Annual], data: URLEncodedBody[PublishForm]
) -> Response[Any]:
    """Keep the year as it stands now, for everybody to read."""
    span, after = annual.span(data.year), data.newest
    async with annual.turn():
        told, by = await annual.told(span), annual.request.user.name
    try:
        await annual.db.execute(
            publications.publish, annual.mall, told, after=after, by=by, now=annual.present.now
        )
    except Conflict as error:
        return await annual.show(span, error.wording, error.status)
    return Redirect(f"/overview/year?year={span.year}#editions", status_code=303)


@post("/year/editions/{publication_id:str}/withdraw", guards=[requires(PUBLISHERS)])
async def withdraw(
    annual: NamedDependency[Annual],
    publication_id: FromPath[str],
    data: URLEncodedBody[WithdrawForm],
) -> Response[Any]:
    """An edition no longer holds; it stays in the history with the reason."""
    wanted, mall = read_id(publication_id, "publication_id"), annual.mall
    known = await annual.db.read(publication_rows.edition, mall.id, wanted)
    try:
        await annual.db.execute(
            publications.withdraw,
            mall.id,
            wanted,
            reason=data.reason,
            by=annual.request.user.name,
            now=annual.present.now,
        )
    except (Conflict, Invalid) as error:
        return await annual.show(annual.span(str(known.year)), error.wording, error.status)
    return Redirect(f"/overview/year?year={known.year}#editions", status_code=303)


routers = [
    Router(
        "/overview",
        route_handlers=[
            year_report, year_on_paper, year_as_workbook, year_as_csv, publish, withdraw
        ],
        dependencies={"annual": Provide(provide_annual), **ASKED},
        include_in_schema=False,
    )
]  # fmt: skip
