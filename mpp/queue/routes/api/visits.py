"""The API of a visitor's own visit, by its secret."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from mpp.clock import Clock
from mpp.counters.commands.shifts import service_topic
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.live.feed import Feeds
from mpp.queue.commands import end
from mpp.queue.commands.move import visit_topic
from mpp.queue.pages.wire import TicketOut, VisitOut, ticket_out
from mpp.queue.queries import visit_rows
from mpp.queue.readers import Forecasts
from mpp.queue.routes.api.request_params import read_token
from mpp.queue.routes.snapshots import visit_snapshot
from mpp.queue.rules.ticket import Visit
from mpp.security import (
    public,
)
from mpp.web.problems import NO_TOKEN_NEEDED, PROBLEMS
from mpp.web.request_params import BodyMayBeMissing, json_from, read_id


@get(
    "/visits/{token:str}",
    guards=[public],
    responses=PROBLEMS,
    security=NO_TOKEN_NEEDED,
    operation_id="getVisit",
)
async def get_visit(
    token: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    feeds: NamedDependency[Feeds],
) -> VisitOut:
    """The visitor's own view: position, people ahead, expected wait, where to go."""
    secret = read_token(token)
    visit = await db.read(visit_rows.visit, secret)
    mall = await malls.by_id(visit.mall_id)
    return await db.read(
        visit_snapshot,
        forecasts,
        mall,
        secret,
        version=feeds.hub.version(*await visit_topics(db, visit)),
        now=clock(),
    )


async def visit_topics(db: Database, visit: Visit) -> list[str]:
    """What changes a visitor's view: the visit itself, and the queues in which it stands."""
    theirs = await db.read(visit_rows.tickets_of_visit, visit.mall_id, visit.id)
    return [visit_topic(visit.id), *sorted({service_topic(each.service_id) for each in theirs})]


class CancelIn(msgspec.Struct, forbid_unknown_fields=True):
    """Which ticket of the visit; none: all that wait."""

    ticket: int | None = None


@post(
    "/visits/{token:str}/cancel",
    guards=[json_from(public)],
    security=NO_TOKEN_NEEDED,
    status_code=200,
    responses=PROBLEMS,
    operation_class=BodyMayBeMissing,
    operation_id="cancelVisit",
)
async def cancel_visit(
    token: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    data: JSONBody[CancelIn | None] = None,
) -> list[TicketOut]:
    """The visitor gives up waiting. The secret in the address is the right to do so."""
    visit = await db.read(visit_rows.visit, read_token(token))
    mall = await malls.by_id(visit.mall_id)
    wanted = None
    if data is not None and data.ticket is not None:
        wanted = read_id(str(data.ticket), "ticket")
    cancelled = await db.execute(
        end.cancel_by_visitor, mall, visit.id, now=clock(), ticket_id=wanted
    )
    return [ticket_out(mall, each) for each in cancelled]
