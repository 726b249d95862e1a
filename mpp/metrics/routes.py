"""Figures over HTTP: reports as JSON and CSV, the live overview, the day report. For leaders only."""

from typing import Annotated, Any

from litestar import Request, Response, Router, WebSocket, get, websocket
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from mpp.clock import Clock
from mpp.counters.commands.shifts import mall_topic
from mpp.counters.rules.mall import Mall
from mpp.counters.stream import Malls
from mpp.db.seam import Database
from mpp.errors import Forbidden
from mpp.live.feed import Feeds
from mpp.metrics.pages.views import (
    OverviewPage,
    OverviewParts,
    OverviewView,
    day_page,
    overview_view,
)
from mpp.metrics.pages.wire import MetricsOut, metrics_csv, metrics_out
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period, read_by, read_day, read_period
from mpp.metrics.stream import Days, Pace, overview, report
from mpp.security import LEADERS, Principal, requires
from mpp.web import PROBLEMS, html, locale_of

DAY_SCHEMA = {"format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
From = Annotated[
    str | None,
    QueryParameter(
        name="from",
        required=False,
        description="First business day, the mall's local date; the same as `to` unless given.",
        schema_extra=DAY_SCHEMA,
    ),
]
To = Annotated[
    str | None,
    QueryParameter(
        name="to",
        required=False,
        description="Last business day, included; today unless given. At most 400 days.",
        schema_extra=DAY_SCHEMA,
    ),
]
Rows = Annotated[
    str | None,
    QueryParameter(
        name="by",
        required=False,
        description="What the rows are; service unless given.",
        schema_extra={"enum": [*map(str, By)]},
    ),
]
ReportDay = Annotated[str | None, QueryParameter(name="date", required=False)]


async def led(malls: Malls, slug: str, by: Principal) -> Mall:
    """The mall, if this leader is one of its own."""
    mall = await malls.get(slug)
    if mall.id != by.mall_id:
        raise Forbidden("Anda tidak memimpin mal ini.", field="mall")
    return mall


# -- reports -------------------------------------------------------------------------------------


async def _report(
    mall: Mall, db: Database, clock: Clock, first: str | None, last: str | None, by: str | None
) -> MetricsOut:
    wanted = read_by(by)
    period = read_period(first, last, mall.day(clock()))
    known, made = await report(db, mall, period, wanted)
    return metrics_out(mall.slug, period, made[wanted], known)


@get(
    "/malls/{mall_slug:str}/metrics",
    guards=[requires(LEADERS)],
    responses=PROBLEMS,
    operation_id="getMetrics",
)
async def get_metrics(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    first: From = None,
    last: To = None,
    by: Rows = None,
) -> MetricsOut:
    """Waiting, response, service and total time, counts, and shares within the promise."""
    mall = await led(malls, mall_slug, request.user)
    return await _report(mall, db, clock, first, last, by)


@get(
    "/malls/{mall_slug:str}/metrics.csv",
    guards=[requires(LEADERS)],
    media_type="text/csv",
    responses={**PROBLEMS, 200: ResponseSpec(str, description="CSV", media_type="text/csv")},
    operation_id="getMetricsCsv",
)
async def get_metrics_csv(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    first: From = None,
    last: To = None,
    by: Rows = None,
) -> Response[str]:
    """The same as CSV: UTF-8 with BOM, semicolons, decimal commas, whole seconds, percent."""
    mall = await led(malls, mall_slug, request.user)
    made = await _report(mall, db, clock, first, last, by)
    name = f"{mall.slug}-{made.from_}-{made.to}-{made.by}.csv"
    return Response(
        metrics_csv(made),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# -- live ----------------------------------------------------------------------------------------


@websocket("/malls/{mall_slug:str}/overview", guards=[requires(LEADERS)])
async def live_overview(
    mall_slug: FromPath[str],
    socket: WebSocket[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
) -> None:
    """The mall as it stands, now and after every change, at most once a second."""
    mall_id = (await led(malls, mall_slug, socket.user)).id
    pace = Pace()

    async def snapshot(version: int) -> Any:
        await pace.wait()
        mall = await malls.by_id(mall_id)
        return await overview(db, days, mall, version=version, now=clock())

    await socket.accept()
    await feeds.show(
        socket,
        lambda: socket.receive_data("text"),
        f"overview:{mall_id}",
        [mall_topic(mall_id)],
        snapshot,
    )


# -- pages ---------------------------------------------------------------------------------------


async def _view(
    request: Request[Any, Any, Any],
    db: Database,
    malls: Malls,
    feeds: Feeds,
    clock: Clock,
    days: Days,
) -> tuple[Mall, OverviewView]:
    mall = await malls.by_id(request.user.mall_id)
    version = feeds.hub.version(mall_topic(mall.id))
    seen = await overview(db, days, mall, version=version, now=clock())
    return mall, overview_view(mall, seen, locale_of(request))


@get("/", guards=[requires(LEADERS)], include_in_schema=False)
async def overview_page(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
) -> Response[str]:
    """The manager's live overview."""
    mall, view = await _view(request, db, malls, feeds, clock, days)
    page = OverviewPage(view=view, live=f"/live/malls/{mall.slug}/overview")
    return html(request, page, mall_name=mall.name)


@get("/now", guards=[requires(LEADERS)], include_in_schema=False)
async def overview_parts(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
) -> Response[str]:
    """Its changing parts, for a page that is open."""
    mall, view = await _view(request, db, malls, feeds, clock, days)
    headers = {"X-Version": str(view.overview.version)}
    return html(request, OverviewParts(view=view), mall_name=mall.name, headers=headers)


@get("/day", guards=[requires(LEADERS)], include_in_schema=False)
async def day_report(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    date: ReportDay = None,
    by: Rows = None,
) -> Response[str]:
    """Everything about one day, on paper too."""
    mall, now = await malls.by_id(request.user.mall_id), clock()
    wanted, today = read_by(by), mall.day(now)
    day = today if date is None else read_day(date, "date", today)
    known, made = await report(db, mall, Period(day, day), wanted, By.HOUR)
    page = day_page(mall, day, wanted, known, made, now=now, locale=locale_of(request))
    return html(request, page, mall_name=mall.name)


routers = [
    Router("/api/v1", route_handlers=[get_metrics, get_metrics_csv], tags=["metrics"]),
    Router("/live", route_handlers=[live_overview]),
    Router("/overview", route_handlers=[overview_page, overview_parts, day_report]),
]
