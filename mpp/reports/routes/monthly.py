"""The month's report on paper."""

import asyncio
from typing import Annotated

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mpp.documents.marks import file_name
from mpp.documents.pdf import pdf
from mpp.metrics.routes.request_params import ASKED, Asker
from mpp.metrics.rules.periods import read_month
from mpp.reports.pages.monthly import monthly_document
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
    asker: NamedDependency[Asker],
    month: Month = None,
) -> Response[bytes]:
    """The month's report on paper."""
    mall, wanted = asker.mall, read_month(month, asker.today)
    async with asker.turn():
        found = await monthly(asker.db, mall, wanted, asker.present)
        made = await asyncio.to_thread(lambda: pdf(monthly_document(found, now=asker.present.now)))
    stem = f"{mall.slug}-{wanted.first:%Y-%m}"
    return download(made, PDF, file_name(stem, "pdf", is_synthetic=mall.is_synthetic))


routers = [Router("/overview", route_handlers=[month_pdf], dependencies=ASKED)]
