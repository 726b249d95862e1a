"""Figures for programs and spreadsheets."""

from contextlib import nullcontext
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from mpp.documents.marks import file_name
from mpp.metrics.pages.exports import metrics_csv
from mpp.metrics.pages.wire import MetricsOut, metrics_out
from mpp.metrics.readers.reports import summed
from mpp.metrics.routes.request_params import ASKED, ReportRequest, Rows
from mpp.metrics.rules.periods import read_by
from mpp.security import LEADERS, requires
from mpp.web.downloads import CSV, download
from mpp.web.language import locale_of
from mpp.web.problems import PROBLEMS

Total = Annotated[
    bool,
    QueryParameter(name="total", required=False, description="The total of all rows instead."),
]
LONG_DAYS = 100
"""A report of more days than that waits for its turn, as the year does."""


async def report_of(asked: ReportRequest, by: str | None) -> MetricsOut:
    """The figures that a request asks for. `Invalid` names the field."""
    wanted, mall, period = read_by(by), asked.mall, asked.period
    is_long = (period.last - period.first).days >= LONG_DAYS
    async with asked.turn() if is_long else nullcontext():
        known, made = await summed(asked.db, mall, period, wanted, present=asked.present)
    return metrics_out(mall.slug, asked.period, made[wanted], known, is_synthetic=mall.is_synthetic)


def report_name(made: MetricsOut, ending: str, *, is_total: bool = False) -> str:
    """What the file of a report is called."""
    stem = f"{made.mall}-{made.from_}-{made.to}-{'total' if is_total else made.by}"
    return file_name(stem, ending, is_synthetic=made.is_synthetic)


@get(
    "/malls/{mall_slug:str}/metrics",
    guards=[requires(LEADERS)],
    responses=PROBLEMS,
    operation_id="getMetrics",
)
async def get_metrics(
    asked: NamedDependency[ReportRequest],
    by: Rows = None,
) -> MetricsOut:
    """Waiting, response, service and total time, counts, and shares within the promise."""
    return await report_of(asked, by)


@get(
    "/malls/{mall_slug:str}/metrics.csv",
    guards=[requires(LEADERS)],
    media_type="text/csv",
    responses={**PROBLEMS, 200: ResponseSpec(str, description="CSV", media_type="text/csv")},
    operation_id="getMetricsCsv",
)
async def get_metrics_csv(
    request: Request[Any, Any, Any],
    asked: NamedDependency[ReportRequest],
    by: Rows = None,
    total: Total = False,
) -> Response[bytes]:
    """The rows as CSV: UTF-8 with BOM, semicolons, decimal commas, whole seconds, percent.

    With `total` the total alone. The columns are those of `getMetrics` in the same order, named in the
    reader's language (`lang`).
    """
    made = await report_of(asked, by)
    told = metrics_csv(made, locale_of(request), is_total=total)
    return download(told, CSV, report_name(made, "csv", is_total=total))


routers = [
    Router(
        "/api/v1",
        route_handlers=[get_metrics, get_metrics_csv],
        dependencies=ASKED,
        tags=["metrics"],
    )
]
