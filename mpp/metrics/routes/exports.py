"""Any report as a spreadsheet or as Parquet, to take away."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from mpp.metrics.pages.exports import metrics_parquet, metrics_xlsx
from mpp.metrics.routes.api import report_name, report_of
from mpp.metrics.routes.request_params import ASKED, ReportRequest, Rows
from mpp.security import LEADERS, requires
from mpp.web.downloads import PARQUET, XLSX, download, file_answers
from mpp.web.language import locale_of


@get(
    "/malls/{mall_slug:str}/metrics.xlsx",
    guards=[requires(LEADERS)],
    media_type=XLSX,
    responses=file_answers(XLSX),
    operation_id="getMetricsXlsx",
)
async def get_metrics_xlsx(
    request: Request[Any, Any, Any],
    asked: NamedDependency[ReportRequest],
    by: Rows = None,
) -> Response[bytes]:
    """The figures of `getMetrics` as a spreadsheet: seconds, percent, the total on its own sheet."""
    made = await report_of(asked, by)
    file = await asyncio.to_thread(metrics_xlsx, made, locale_of(request))
    return download(file, XLSX, report_name(made, "xlsx"))


@get(
    "/malls/{mall_slug:str}/metrics.parquet",
    guards=[requires(LEADERS)],
    media_type=PARQUET,
    responses=file_answers(PARQUET),
    operation_id="getMetricsParquet",
)
async def get_metrics_parquet(
    asked: NamedDependency[ReportRequest],
    by: Rows = None,
) -> Response[bytes]:
    """The same as Parquet, the total in its metadata; 409 where the server lacks the package for it."""
    made = await report_of(asked, by)
    return download(
        await asyncio.to_thread(metrics_parquet, made), PARQUET, report_name(made, "parquet")
    )


routers = [
    Router(
        "/api/v1",
        route_handlers=[get_metrics_xlsx, get_metrics_parquet],
        dependencies=ASKED,
        tags=["metrics"],
    )
]
