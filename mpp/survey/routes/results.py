"""The survey's results: for leaders as they stand, for everybody as they were published."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.isolated import Isolated
from mpp.metrics.pages.terms import span_view
from mpp.metrics.rules.terms import Span, read_span
from mpp.security import public
from mpp.survey.commands.publication import MEDIA
from mpp.survey.pages.paper import import_views
from mpp.survey.pages.results import (
    SkmMallsPage,
    SkmPage,
    WordsPage,
    public_page,
    report_page,
    result_view,
)
from mpp.survey.queries import answer_rows, import_rows, report_rows
from mpp.survey.readers.results import result
from mpp.survey.rules.index import Weights
from mpp.survey.rules.result import Result
from mpp.survey.rules.unsur import QUESTIONS, Unsur
from mpp.web.language import local, locale_of
from mpp.web.pages import Page, html
from mpp.web.request_params import read_id


@dataclass(frozen=True)
class Leader:
    """A leader looks at the survey of their own mall."""

    request: Request[Any, Any, Any]
    db: Database
    mall: Mall
    clock: Clock
    isolated: Isolated

    def page(self, page: Page, status_code: int = 200) -> Response[str]:
        return html(self.request, page, mall=self.mall, status_code=status_code)

    @property
    def agencies(self) -> list[tuple[str, str]]:
        locale = locale_of(self.request)
        return [(each.slug, each.name.in_(locale)) for each in self.mall.agencies]

    async def look(self, period: str, agency: str, weights: str) -> tuple[Span, Result, int | None]:
        """What an address asks for. `Invalid` or `NotFound` names the field."""
        span = read_span(period, self.mall.day(self.clock()))
        agency_id = self.mall.agency(agency).id if agency else None
        try:
            rule = Weights(weights or Weights.EXACT)
        except ValueError:
            known = ", ".join(Weights)
            raise Invalid(f"Bobot: salah satu dari {known}.", field="weights") from None
        return span, await result(self.db, self.mall, span.period, agency_id, rule), agency_id

    async def show(
        self,
        period: str = "",
        agency: str = "",
        weights: str = "",
        *,
        problem: list[str] | None = None,
        imported: int | None = None,
        withdrawn: int | None = None,
        status_code: int = 200,
    ) -> Response[str]:
        """The whole page."""
        span, found, _ = await self.look(period, agency, weights)
        reports = await self.db.read(report_rows.reports, self.mall.id)
        imports = await self.db.read(import_rows.imports, self.mall.id)
        today, zone = self.mall.day(self.clock()), self.mall.time_zone
        locale = locale_of(self.request)
        page = SkmPage(
            view=result_view(found),
            span=span_view(span, today),
            agencies=self.agencies,
            agency=agency,
            weights=found.figures.weights,
            services=[(each.slug, each.name.in_(locale)) for each in self.mall.services],
            imports=import_views(self.mall, imports),
            reports=[(each, local(each.issued_at, zone)) for each in reports],
            problem=problem or [],
            imported=imported,
            withdrawn=withdrawn,
        )
        return self.page(page, status_code)

    async def show_report(
        self, report_id: int, problem: str | None = None, status_code: int = 200
    ) -> Response[str]:
        """A published report with its follow-ups."""
        report = await self.db.read(report_rows.report, self.mall.id, report_id)
        follow_ups = await self.db.read(report_rows.follow_ups_of, self.mall.id, report_id)
        today = self.mall.day(self.clock())
        page = report_page(self.mall, report, follow_ups, today=today, problem=problem, media=MEDIA)
        return self.page(page, status_code)

    async def show_words(
        self, agency: str, problem: str | None = None, status_code: int = 200
    ) -> Response[str]:
        """An agency's own questions; of the first agency unless told."""
        chosen = self.mall.agency(agency) if agency else self.mall.agencies[0]
        own = await self.db.read(answer_rows.wordings, self.mall.id, chosen.id)
        page = WordsPage(
            agencies=self.agencies,
            agency=chosen.slug,
            questions=[
                (unsur.value, QUESTIONS[unsur].name, own.get(unsur, QUESTIONS[unsur]), unsur in own)
                for unsur in Unsur
            ],
            problem=problem,
        )
        return self.page(page, status_code)


async def provide_leader(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    isolated: NamedDependency[Isolated],
) -> Leader:
    return Leader(request, db, await malls.by_id(request.user.mall_id), clock, isolated)


@get("/")
async def index_page(
    leader: NamedDependency[Leader],
    period: FromQuery[str] = "",
    agency: FromQuery[str] = "",
    weights: FromQuery[str] = "",
    imported: FromQuery[str] = "",
    withdrawn: FromQuery[str] = "",
) -> Response[str]:
    """The index with its interval, what it is made of, and how many answered."""
    return await leader.show(
        period, agency, weights, imported=_count(imported), withdrawn=_count(withdrawn)
    )


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None


@get("/reports/{report_id:str}")
async def one_report(leader: NamedDependency[Leader], report_id: FromPath[str]) -> Response[str]:
    """A published report, and what is done about it."""
    return await leader.show_report(read_id(report_id, "report_id"))


@get("/words")
async def words(leader: NamedDependency[Leader], agency: FromQuery[str] = "") -> Response[str]:
    """The questions as an agency asks them."""
    return await leader.show_words(agency)


# -- for everybody ---------------------------------------------------------------------------------


@get("/skm", guards=[public], include_in_schema=False)
async def all_malls(
    request: Request[Any, Any, Any], malls: NamedDependency[Malls]
) -> Response[Any]:
    """Where each mall publishes; straight there when there is one."""
    known = await malls.all()
    if len(known) == 1:
        return Redirect(f"/skm/{known[0].slug}", status_code=303)
    return html(request, SkmMallsPage(malls=[(each.slug, each.name) for each in known]))


@get("/skm/{mall_slug:str}", guards=[public], include_in_schema=False)
async def published(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
) -> Response[str]:
    """The latest published result of a mall."""
    mall = await malls.get(mall_slug)
    report = await db.read(report_rows.latest, mall.id)
    follow_ups = await db.read(report_rows.follow_ups_of, mall.id, report.id) if report else []
    return html(request, public_page(mall, report, follow_ups), mall=mall)


reading = [index_page, one_report, words]
"""For leaders; `forms` joins them with what leaders change, as paths may be registered once."""

routers = [Router("/", route_handlers=[all_malls, published])]
