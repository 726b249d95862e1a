"""The report of one business day."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from mpp.metrics.pages.day import day_page
from mpp.metrics.queries import rollup_rows
from mpp.metrics.readers.reports import summed
from mpp.metrics.routes.request_params import ASKED, Asker, ReportDay, Rows
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period, read_by, read_day
from mpp.security import LEADERS, requires
from mpp.web.language import locale_of
from mpp.web.pages import html


@get("/day", guards=[requires(LEADERS)], include_in_schema=False)
async def day_report(
    request: Request[Any, Any, Any],
    asker: NamedDependency[Asker],
    date: ReportDay = None,
    by: Rows = None,
) -> Response[str]:
    """Everything about one day, on paper too."""
    wanted, mall, today = read_by(by), asker.mall, asker.today
    day = today if date is None else read_day(date, "date", today)
    known, made = await summed(
        asker.db, mall, Period(day, day), wanted, By.HOUR, present=asker.present
    )
    since = await asker.db.read(rollup_rows.first_recorded, mall.id)
    page = day_page(
        mall,
        day,
        wanted,
        known,
        made,
        is_recorded=day >= today or (since is not None and since <= day),
        now=asker.present.now,
        locale=locale_of(request),
    )
    return html(request, page, mall=mall)


routers = [Router("/overview", route_handlers=[day_report], dependencies=ASKED)]
