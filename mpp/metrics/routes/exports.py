"""Files to take away: the month's report as PDF, any report as a spreadsheet or as Parquet."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from mpp.clock import Clock
from mpp.counters.stream import Malls
from mpp.db.seam import Database
from mpp.metrics.pages.exports import file_name, metrics_parquet, metrics_xlsx
from mpp.metrics.pages.monthly import monthly_pdf
from mpp.metrics.routes.api import report_name, report_of
from mpp.metrics.routes.reading import From, MadeBy, Rows, To, led
from mpp.metrics.rules.periods import read_month
from mpp.metrics.stream.monthly import monthly
from mpp.metrics.stream.past import Present
from mpp.metrics.stream.today import Days
from mpp.security import LEADERS, requires
from mpp.web.problems import PROBLEMS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
PDF = "application/pdf"
Month = Annotated[
    str | None,
    QueryParameter(
        name="month",
        required=False,
        description="YYYY-MM; last month unless given.",
        schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}$"},
    ),
]


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _answers(media_type: str) -> dict[int, ResponseSpec]:
    spec = ResponseSpec(bytes, description="A file", media_type=media_type, generate_examples=False)
    return {**PROBLEMS, 200: spec}


@get(
    "/malls/{mall_slug:str}/metrics.xlsx",
    guards=[requires(LEADERS)],
    media_type=XLSX,
    responses=_answers(XLSX),
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
    definitions: MadeBy = None,
) -> Response[bytes]:
    """The figures of `getMetrics` as a spreadsheet: seconds, and shares in per cent."""
    mall = await led(malls, mall_slug, request.user)
    made = await report_of(mall, db, Present(clock(), days), first, last, by, definitions)
    return _file(await asyncio.to_thread(metrics_xlsx, made), XLSX, report_name(made, "xlsx"))


@get(
    "/malls/{mall_slug:str}/metrics.parquet",
    guards=[requires(LEADERS)],
    media_type=PARQUET,
    responses=_answers(PARQUET),
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
    definitions: MadeBy = None,
) -> Response[bytes]:
    """The same as Parquet; 409 where the server lacks the package for it."""
    mall = await led(malls, mall_slug, request.user)
    made = await report_of(mall, db, Present(clock(), days), first, last, by, definitions)
    return _file(
        await asyncio.to_thread(metrics_parquet, made), PARQUET, report_name(made, "parquet")
    )


@get("/month.pdf", guards=[requires(LEADERS)], include_in_schema=False)
async def month_pdf(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    month: Month = None,
) -> Response[bytes]:
    """The month's report on paper."""
    mall, now = await malls.by_id(request.user.mall_id), clock()
    wanted = read_month(month, mall.day(now))
    found = await monthly(db, mall, wanted, Present(now, days))
    made = await asyncio.to_thread(monthly_pdf, found, now=now)
    stem = f"{mall.slug}-{wanted.first:%Y-%m}"
    return _file(made, PDF, file_name(stem, "pdf", is_synthetic=mall.is_synthetic))


routers = [
    Router("/api/v1", route_handlers=[get_metrics_xlsx, get_metrics_parquet], tags=["metrics"]),
    Router("/overview", route_handlers=[month_pdf]),
]
