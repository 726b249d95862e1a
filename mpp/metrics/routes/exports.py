"""Any report as a spreadsheet or as Parquet, to take away."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.metrics.pages.exports import metrics_parquet, metrics_xlsx
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.metrics.routes.api import report_name, report_of
from mpp.metrics.routes.request_params import From, Rows, To, led
from mpp.security import LEADERS, requires
from mpp.web.downloads import PARQUET, XLSX, download, file_answers


@get(
    "/malls/{mall_slug:str}/metrics.xlsx",
    guards=[requires(LEADERS)],
    media_type=XLSX,
    responses=file_answers(XLSX),
    operation_id="getMetricsXlsx",
)
async def get_metrics_xlsx(
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
    """The figures of `getMetrics` as a spreadsheet: seconds, and shares in per cent."""
    mall = await led(malls, mall_slug, request.user)
    made = await report_of(mall, db, Present(clock(), days), first, last, by)
    return download(await asyncio.to_thread(metrics_xlsx, made), XLSX, report_name(made, "xlsx"))


@get(
    "/malls/{mall_slug:str}/metrics.parquet",
    guards=[requires(LEADERS)],
    media_type=PARQUET,
    responses=file_answers(PARQUET),
    operation_id="getMetricsParquet",
)
async def get_metrics_parquet(
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
    """The same as Parquet; 409 where the server lacks the package for it."""
    mall = await led(malls, mall_slug, request.user)
    made = await report_of(mall, db, Present(clock(), days), first, last, by)
    return download(
        await asyncio.to_thread(metrics_parquet, made), PARQUET, report_name(made, "parquet")
    )


routers = [
    Router("/api/v1", route_handlers=[get_metrics_xlsx, get_metrics_parquet], tags=["metrics"])
]
