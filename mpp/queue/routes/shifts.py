"""Opening, pausing and closing a counter. Here, because closing looks at the ticket in hand."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from mpp.clock import Clock
from mpp.counters.commands import shifts as commands
from mpp.counters.pages import ShiftOut, shift_out
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.queue.commands import call
from mpp.queue.routes.api.request_params import SlugIn, operated
from mpp.security import COUNTER_STAFF, Principal, requires
from mpp.web.problems import PROBLEMS
from mpp.web.request_params import BodyMayBeMissing, SaidIn, TextIn, json_from

Services = Annotated[list[SlugIn], msgspec.Meta(min_length=1)]


class OpenIn(msgspec.Struct, forbid_unknown_fields=True):
    """`services`: only these in this shift; all that the counter has, when left out."""

    services: Services | None = None


class PauseIn(msgspec.Struct, forbid_unknown_fields=True):
    """`reason`: leaders see it."""

    reason: SaidIn


class CloseIn(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing is needed. `reason` is taken as `pause` takes it, and not kept."""

    reason: TextIn | None = None


@post(
    "/counters/{counter_id:str}/open",
    status_code=200,
    responses=PROBLEMS,
    operation_class=BodyMayBeMissing,
    operation_id="openCounter",
)
async def open_counter(
    counter_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    data: JSONBody[OpenIn | None] = None,
) -> ShiftOut:
    """Begin a shift, or go on after a pause."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    wanted = operated(by, counter_id)
    services = data.services if data else None
    shift = await db.execute(
        commands.open_counter, mall, wanted, by=by, now=clock(), services=services
    )
    return shift_out(mall, wanted, shift)


@post(
    "/counters/{counter_id:str}/pause",
    status_code=200,
    responses=PROBLEMS,
    operation_id="pauseCounter",
)
async def pause_counter(
    counter_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    data: JSONBody[PauseIn],
) -> ShiftOut:
    """Stop calling for a while. The reason is asked for: leaders see it."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    wanted = operated(by, counter_id)
    shift = await db.execute(
        commands.pause_counter, mall, wanted, by=by, now=clock(), reason=data.reason
    )
    return shift_out(mall, wanted, shift)


@post(
    "/counters/{counter_id:str}/close",
    status_code=200,
    responses=PROBLEMS,
    operation_class=BodyMayBeMissing,
    operation_id="closeCounter",
)
async def close_counter(
    counter_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    data: JSONBody[CloseIn | None] = None,
) -> ShiftOut:
    """End the shift; refused while a ticket is in hand."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    wanted = operated(by, counter_id)
    await db.execute(call.close_counter, mall, wanted, by=by, now=clock())
    return shift_out(mall, wanted, None)


router = Router(
    "/api/v1",
    route_handlers=[open_counter, pause_counter, close_counter],
    guards=[json_from(requires(COUNTER_STAFF))],
    tags=["counters"],
)
