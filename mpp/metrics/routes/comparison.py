"""A period compared: with the one before, and its counters, officers or agencies with each other."""

from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.metrics.pages.comparison import ComparisonOut, comparison_out
from mpp.metrics.readers.comparison import comparison
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.metrics.routes.request_params import From, To, led
from mpp.metrics.rules.cells import UNITS
from mpp.metrics.rules.comparison import Question
from mpp.metrics.rules.periods import read_of, read_period, read_unit
from mpp.metrics.rules.rollup import JUDGED
from mpp.security import LEADERS, requires
from mpp.web.problems import PROBLEMS

Units = Annotated[
    str | None,
    QueryParameter(
        name="by",
        required=False,
        description="What is compared; counter unless given.",
        schema_extra={"enum": [*map(str, UNITS)]},
    ),
]

Promised = Annotated[
    str | None,
    QueryParameter(
        name="of",
        required=False,
        description="Whose promise: of the wait or of the service; service unless given.",
        schema_extra={"enum": [*map(str, JUDGED)]},
    ),
]


@get(
    "/malls/{mall_slug:str}/metrics/comparison",
    guards=[requires(LEADERS)],
    responses=PROBLEMS,
    operation_id="getComparison",
)
async def get_comparison(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    first: From = None,
    last: To = None,
    by: Units = None,
    of: Promised = None,
) -> ComparisonOut:
    """The period before, waits with those who gave up, and who lies beyond chance and their services."""
    mall, now = await led(malls, mall_slug, request.user), clock()
    period = read_period(first, last, mall.day(now))
    asked = Question(period, read_unit(by), read_of(of))
    return comparison_out(mall, await comparison(db, mall, asked, Present(now, days)))


routers = [Router("/api/v1", route_handlers=[get_comparison], tags=["metrics"])]
