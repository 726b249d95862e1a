"""The manager's pages: the live overview and the day report."""

from datetime import date as Date  # noqa: N812 - `date` is what the address calls a report's day
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from mpp.clock import Clock
from mpp.counters.commands.shifts import mall_topic
from mpp.counters.rules.mall import Mall
from mpp.counters.stream import Malls
from mpp.db.seam import Database, Transaction
from mpp.live.feed import Feeds
from mpp.metrics.pages.dashboard import OverviewPage
from mpp.metrics.pages.indices import Indices, indices_of, satisfaction
from mpp.metrics.pages.plan import Background
from mpp.metrics.pages.views import (
    OverviewParts,
    OverviewView,
    day_page,
    overview_view,
)
from mpp.metrics.queries import evaluation_rows, report_rows, target_rows
from mpp.metrics.routes.reading import ReportDay, Rows
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period, read_by, read_day
from mpp.metrics.stream.live import overview
from mpp.metrics.stream.past import Present
from mpp.metrics.stream.plan import ENOUGH, Backgrounds
from mpp.metrics.stream.recent import recent
from mpp.metrics.stream.reports import report
from mpp.metrics.stream.today import Days
from mpp.security import LEADERS, requires
from mpp.web.language import locale_of
from mpp.web.pages import html


async def _view(
    request: Request[Any, Any, Any],
    db: Database,
    malls: Malls,
    feeds: Feeds,
    clock: Clock,
    days: Days,
    backgrounds: Backgrounds,
) -> tuple[Mall, OverviewView, Background]:
    mall, now = await malls.by_id(request.user.mall_id), clock()
    version = feeds.hub.version(mall_topic(mall.id))
    known = await backgrounds.of(db, mall, mall.day(now))
    seen = await overview(db, days, mall, version=version, now=now, known=known)
    view = overview_view(mall, seen.out, seen.background.usual, locale_of(request))
    return mall, view, seen.background


@get("/", guards=[requires(LEADERS)], include_in_schema=False)
async def overview_page(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    backgrounds: NamedDependency[Backgrounds],
) -> Response[str]:
    """The manager's live overview."""
    mall, view, against = await _view(request, db, malls, feeds, clock, days, backgrounds)
    page = OverviewPage(
        view=view,
        live=f"/live/malls/{mall.slug}/overview",
        indices=await db.read(_indices, mall.id, mall.day(clock())),
        satisfaction=satisfaction(against.running, ENOUGH) if against.running else None,
        recent=await recent(db, mall, mall.day(clock())),
    )
    return html(request, page, mall=mall)


def _indices(tx: Transaction, mall_id: int, today: Date) -> Indices:
    report = report_rows.latest(tx, mall_id)
    plan = report_rows.plan_of(tx, mall_id, report.id) if report else []
    judged = evaluation_rows.evaluations_of(tx, mall_id)
    return indices_of(report, plan, judged, today, target_rows.overdue(tx, mall_id, today))


@get("/now", guards=[requires(LEADERS)], include_in_schema=False)
async def overview_parts(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    backgrounds: NamedDependency[Backgrounds],
) -> Response[str]:
    """Its changing parts, for a page that is open."""
    mall, view, _against = await _view(request, db, malls, feeds, clock, days, backgrounds)
    headers = {"X-Version": str(view.overview.version)}
    return html(request, OverviewParts(view=view), mall=mall, headers=headers)


@get("/day", guards=[requires(LEADERS)], include_in_schema=False)
async def day_report(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    date: ReportDay = None,
    by: Rows = None,
) -> Response[str]:
    """Everything about one day, on paper too."""
    mall, now = await malls.by_id(request.user.mall_id), clock()
    wanted, today = read_by(by), mall.day(now)
    day = today if date is None else read_day(date, "date", today)
    known, made = await report(
        db, mall, Period(day, day), wanted, By.HOUR, present=Present(now, days)
    )
    page = day_page(mall, day, wanted, known, made, now=now, locale=locale_of(request))
    return html(request, page, mall=mall)


routers = [Router("/overview", route_handlers=[overview_page, overview_parts, day_report])]
