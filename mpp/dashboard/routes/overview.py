"""The manager's pages: the live overview and the day report."""

import asyncio
from datetime import date as Date  # noqa: N812 - `date` is what the address calls a report's day
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from mpp.clock import Clock
from mpp.counters.commands.shifts import mall_topic
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.dashboard import queries as target_rows
from mpp.dashboard.pages.dashboard import OverviewPage, recent_of
from mpp.dashboard.pages.indices import Indices, indices_of, satisfaction
from mpp.dashboard.pages.overview import overview_out
from mpp.dashboard.pages.views import (
    OverviewParts,
    OverviewView,
    overview_view,
)
from mpp.dashboard.readers.live import overview
from mpp.dashboard.readers.recent import recent
from mpp.dashboard.readers.typical_day import ENOUGH, Backgrounds
from mpp.dashboard.rules.background import Background
from mpp.db.seam import Database, Transaction
from mpp.evaluation.queries import evaluation_rows
from mpp.live.feed import Feeds
from mpp.metrics.readers.today import Days
from mpp.security import LEADERS, requires
from mpp.survey.queries import report_rows
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
    seen = await overview(db, days, mall, now=now, known=known)
    told = await asyncio.to_thread(overview_out, mall, seen, version=version, now=now)
    view = overview_view(mall, told, seen.background.typical, locale_of(request))
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
        recent=recent_of(*await recent(db, mall, mall.day(clock()))),
        ranges=against.ranges,
    )
    return html(request, page, mall=mall)


def _indices(tx: Transaction, mall_id: int, today: Date) -> Indices:
    report = report_rows.latest(tx, mall_id)
    follow_ups = report_rows.follow_ups_of(tx, mall_id, report.id) if report else []
    judged = evaluation_rows.evaluations_of(tx, mall_id)
    return indices_of(report, follow_ups, judged, target_rows.overdue(tx, mall_id, today))


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


routers = [Router("/overview", route_handlers=[overview_page, overview_parts])]
