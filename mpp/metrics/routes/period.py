"""The manager's page of a month, a quarter or a year."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mpp.clock import Clock
from mpp.counters.stream import Malls
from mpp.db.seam import Database
from mpp.metrics.pages.period import PeriodPage, curve_chart, funnel_bars, heat_of
from mpp.metrics.pages.skm import span_view
from mpp.metrics.routes.comparison import Promised, Units
from mpp.metrics.rules.folding import WEEKDAY_HOUR
from mpp.metrics.rules.periods import Period, read_of, read_unit
from mpp.metrics.rules.skm.terms import Term, read_span, span_of
from mpp.metrics.stream.comparison import Question, comparison
from mpp.metrics.stream.past import Present, rollups_of
from mpp.metrics.stream.today import Days
from mpp.security import LEADERS, requires
from mpp.web.language import local, locale_of
from mpp.web.pages import html

Wanted = Annotated[str | None, QueryParameter(name="period", required=False)]


@get("/period", guards=[requires(LEADERS)], include_in_schema=False)
async def period_report(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    period: Wanted = None,
    by: Units = None,
    of: Promised = None,
) -> Response[str]:
    """A period beside the one before; of one that is not over, the days up to now."""
    mall, now = await malls.by_id(request.user.mall_id), clock()
    today, present, locale = mall.day(now), Present(now, days), locale_of(request)
    span = read_span(period, today) if period else span_of(Term.MONTH, today)
    whole = span.period
    asked = Question(
        whole if whole.first > today else Period(whole.first, min(whole.last, today)),
        read_unit(by),
        read_of(of),
    )
    told = await comparison(db, mall, asked, present)
    load = await rollups_of(db, mall, asked.period, [WEEKDAY_HOUR], present)
    scale, bars = funnel_bars(told.funnel)
    page = PeriodPage(
        span=span_view(span, today),
        told=told,
        heat=heat_of(load),
        curve=curve_chart(told.period.waits.curve),
        made_at=local(now, mall.time_zone),
        by=asked.by,
        of=asked.of,
        unit_names={each.slug: each.name.in_(locale) for each in mall.agencies},
        bars=bars,
        scale=scale,
    )
    return html(request, page, mall=mall)


routers = [Router("/overview", route_handlers=[period_report])]
