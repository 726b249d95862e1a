"""Figures for programs and spreadsheets."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.documents.marks import file_name
from mpp.metrics.pages.wire import MetricsOut, metrics_csv, metrics_out
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.reports import summed
from mpp.metrics.readers.today import Days
from mpp.metrics.routes.request_params import From, Rows, To, led
from mpp.metrics.rules.periods import read_by, read_period
from mpp.security import LEADERS, requires
from mpp.web.downloads import CSV, download
from mpp.web.problems import PROBLEMS


async def report_of(
    mall: Mall,
    db: Database,
    present: Present,
    first: str | None,
    last: str | None,
    by: str | None,
) -> MetricsOut:
    """The figures that a request asks for. `Invalid` names the field."""
    wanted = read_by(by)
    period = read_period(first, last, mall.day(present.now))
    known, made = await summed(db, mall, period, wanted, present=present)
    return metrics_out(mall.slug, period, made[wanted], known, is_synthetic=mall.is_synthetic)


def report_name(made: MetricsOut, ending: str) -> str:
    """What the file of a report is called."""
    stem = f"{made.mall}-{made.from_}-{made.to}-{made.by}"
    return file_name(stem, ending, is_synthetic=made.is_synthetic)


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
    days: NamedDependency[Days],
    first: From = None,
    last: To = None,
    by: Rows = None,
) -> MetricsOut:
    """Waiting, response, service and total time, counts, and shares within the promise."""
    mall = await led(malls, mall_slug, request.user)
    return await report_of(mall, db, Present(clock(), days), first, last, by)


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
    days: NamedDependency[Days],
    first: From = None,
    last: To = None,
    by: Rows = None,
) -> Response[bytes]:
    """The same as CSV: UTF-8 with BOM, semicolons, decimal commas, whole seconds, percent."""
    mall = await led(malls, mall_slug, request.user)
    made = await report_of(mall, db, Present(clock(), days), first, last, by)
    name = report_name(made, "csv")
    return download(metrics_csv(made), CSV, name)


routers = [Router("/api/v1", route_handlers=[get_metrics, get_metrics_csv], tags=["metrics"])]
