"""The month's report on paper."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.documents.marks import file_name
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.periods import read_month
from mpp.reports.pages.monthly import monthly_pdf
from mpp.reports.readers.monthly import monthly
from mpp.security import LEADERS, requires
from mpp.web.downloads import PDF, download

Month = Annotated[
    str | None,
    QueryParameter(
        name="month",
        required=False,
        description="YYYY-MM; last month unless given.",
        schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}$"},
    ),
]


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
    return download(made, PDF, file_name(stem, "pdf", is_synthetic=mall.is_synthetic))


routers = [Router("/overview", route_handlers=[month_pdf])]
