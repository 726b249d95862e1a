"""What the figures mean. Public: a report on paper, or a visitor's question, leads here too.

Nothing on it is of one mall: it tells how figures are made, and no figure.
"""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.dashboard.pages.definitions import definitions_page
from mpp.evaluation.rules.instrument import instrument_of
from mpp.security import LEADERS, Principal, public
from mpp.web.pages import html


@get("/definitions", guards=[public], include_in_schema=False)
async def all_definitions(
    request: Request[Any, Any, Any],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
) -> Response[str]:
    """Formula, unit, what is left out, and since when, of every figure."""
    reader: Principal | None = request.user
    mall = await malls.by_id(reader.mall_id) if reader else None
    page = definitions_page(
        instrument_of(clock().year), is_leader=reader is not None and reader.role in LEADERS
    )
    return html(request, page, mall=mall)


routers = [Router("/overview", route_handlers=[all_definitions])]
