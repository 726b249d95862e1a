"""A period compared: with the one before, and its counters, officers or agencies with each other."""

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mpp.metrics.pages.comparison import ComparisonOut, comparison_out
from mpp.metrics.readers.comparison import comparison
from mpp.metrics.routes.request_params import ASKED, ReportRequest
from mpp.metrics.rules.cells import UNITS
from mpp.metrics.rules.comparison import Question
from mpp.metrics.rules.periods import read_of, read_unit
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
    asked: NamedDependency[ReportRequest],
    by: Units = None,
    of: Promised = None,
) -> ComparisonOut:
    """The period before, waits with those who gave up, and who lies beyond chance and their services."""
    wanted = Question(asked.period, read_unit(by), read_of(of))
    return comparison_out(asked.mall, await comparison(asked.db, asked.mall, wanted, asked.present))


routers = [Router("/api/v1", route_handlers=[get_comparison], dependencies=ASKED, tags=["metrics"])]
