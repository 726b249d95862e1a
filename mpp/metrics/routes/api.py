"""Figures for programs and spreadsheets."""

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from mpp.documents.marks import file_name
from mpp.metrics.pages.wire import MetricsOut, metrics_csv, metrics_out
from mpp.metrics.readers.reports import summed
from mpp.metrics.routes.request_params import ASKED, ReportRequest, Rows
from mpp.metrics.rules.periods import read_by
from mpp.security import LEADERS, requires
from mpp.web.downloads import CSV, download
from mpp.web.problems import PROBLEMS


async def report_of(asked: ReportRequest, by: str | None) -> MetricsOut:
    """The figures that a request asks for. `Invalid` names the field."""
    wanted, mall = read_by(by), asked.mall
    known, made = await summed(asked.db, mall, asked.period, wanted, present=asked.present)
    return metrics_out(mall.slug, asked.period, made[wanted], known, is_synthetic=mall.is_synthetic)


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
    asked: NamedDependency[ReportRequest],
    by: Rows = None,
) -> Response[bytes]:
    """The same as CSV: UTF-8 with BOM, semicolons, decimal commas, whole seconds, percent."""
    made = await report_of(asked, by)
    name = report_name(made, "csv")
    return download(metrics_csv(made), CSV, name)


routers = [
    Router(
        "/api/v1",
        route_handlers=[get_metrics, get_metrics_csv],
        dependencies=ASKED,
        tags=["metrics"],
    )
]
