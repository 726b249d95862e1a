"""The API of the reference data."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from mpp.clock import Clock
from mpp.counters.pages import MallOut, mall_out
from mpp.counters.queries import shift_rows
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.security import public
from mpp.web.conditional import unless_known
from mpp.web.problems import NO_TOKEN_NEEDED, PROBLEMS


@get(
    "/malls/{mall_slug:str}",
    guards=[public],
    responses=PROBLEMS,
    security=NO_TOKEN_NEEDED,
    operation_id="getMall",
)
async def get_mall(
    request: Request[Any, Any, Any],
    mall_slug: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
) -> Response[MallOut]:
    """The catalogue: agencies, services with standard and requirements, counters, open now?

    Its `ETag` spares whoever asks again with `If-None-Match` the same answer: 304.
    """
    mall = await malls.get(mall_slug)
    shifts = await db.read(shift_rows.present_shifts, mall.id)
    return unless_known(request, mall_out(mall, shifts, clock()))


router = Router("/api/v1", route_handlers=[get_mall], tags=["malls"])
