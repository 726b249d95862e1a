"""The report of one business day."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.metrics.pages.day import day_page
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.reports import summed
from mpp.metrics.readers.today import Days
from mpp.metrics.routes.request_params import ReportDay, Rows
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period, read_by, read_day
from mpp.security import LEADERS, requires
from mpp.web.language import locale_of
from mpp.web.pages import html


@get("/day", guards=[requires(LEADERS)], include_in_schema=False)
async def day_report(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    date: ReportDay = None,
    by: Rows = None,
) -> Response[str]:
    """Everything about one day, on paper too."""
    mall, now = await malls.by_id(request.user.mall_id), clock()
    wanted, today = read_by(by), mall.day(now)
    day = today if date is None else read_day(date, "date", today)
    known, made = await summed(
        db, mall, Period(day, day), wanted, By.HOUR, present=Present(now, days)
    )
    page = day_page(mall, day, wanted, known, made, now=now, locale=locale_of(request))
    return html(request, page, mall=mall)


routers = [Router("/overview", route_handlers=[day_report])]
