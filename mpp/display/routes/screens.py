"""The board: as JSON, as a live socket, as the page on the wall. All of it is public."""

from typing import Any

import structlog
from litestar import Request, Response, Router, WebSocket, get, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from mpp.clock import Clock
from mpp.counters.commands.shifts import mall_topic
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.display.pages.hall import ChoosePage, display_page
from mpp.display.pages.wire import BoardOut
from mpp.display.routes.boards import Boards
from mpp.errors import NotFound, Unavailable
from mpp.live.feed import Feeds
from mpp.queue.readers import Forecasts
from mpp.security import Principal, Role, public
from mpp.web.language import locale_of
from mpp.web.pages import html
from mpp.web.problems import NO_TOKEN_NEEDED, PROBLEMS, problem

log = structlog.get_logger()

RETRY_S = 5  # a screen that finds no database when it starts asks again by itself


@get(
    "/malls/{mall_slug:str}/board",
    guards=[public],
    responses=PROBLEMS,
    security=NO_TOKEN_NEEDED,
    operation_id="getBoard",
)
async def get_board(
    mall_slug: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    zone: FromQuery[str | None] = None,
) -> BoardOut:
    """What hangs on the wall of a zone; without `zone`, of all the mall."""
    boards = Boards(mall_slug, zone or None, db, malls, forecasts, clock)
    area = await boards.area()
    return await boards.read(feeds.hub.version(mall_topic(area.mall.id)))


@websocket("/malls/{mall_slug:str}/board", guards=[public])
async def live_board(
    mall_slug: FromPath[str],
    socket: WebSocket[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    zone: FromQuery[str | None] = None,
) -> None:
    """The same, now and after every change: each message is a whole board."""
    boards = Boards(mall_slug, zone or None, db, malls, forecasts, clock)
    topic = mall_topic((await boards.area()).mall.id)
    await socket.accept()
    await feeds.show(
        socket,
        lambda: socket.receive_data("text"),
        f"board:{mall_slug}:{zone or ''}",
        [topic],
        lambda version: boards.read(version, feeds.hub.news(topic)),
    )


@get("/display", guards=[public], include_in_schema=False)
async def display(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    mall: FromQuery[str | None] = None,
    zone: FromQuery[str | None] = None,
) -> Response[str]:
    """The page on the wall. A display that is signed in shows its own zone unless told otherwise."""
    here = await _which(malls, request.scope.get("user"), mall, zone)
    if here is None:
        return html(request, ChoosePage(malls=await malls.all()))
    boards = Boards(here[0].slug, here[1], db, malls, forecasts, clock)
    area = await boards.area()
    try:
        board = await boards.read(feeds.hub.version(mall_topic(area.mall.id)))
    except Unavailable as error:
        log.warning("display starts without a board", error=error.detail)
        board = None  # the page says so and fetches it as soon as it can
    page = display_page(area, board, locale=locale_of(request), now=clock())
    return html(request, page, mall=area.mall)


async def _which(
    malls: Malls, who: Principal | None, mall: str | None, zone: str | None
) -> tuple[Mall, str | None] | None:
    """Whose board: as the address says, else the device's own, else the only mall's; None: choose."""
    if who is not None and who.role is Role.DISPLAY and not mall:
        return await malls.by_id(who.mall_id), zone or who.zone
    if mall:
        return await malls.get(mall), zone or None
    known = await malls.all()
    if not known:
        raise NotFound("Belum ada mal; muat berkasnya dahulu.", field="mall")
    return (known[0], zone or None) if len(known) == 1 else None


def start_later(request: Request[Any, Any, Any], error: Unavailable) -> Response[Any]:
    """A screen switched on before the database answers: the page comes back by itself."""
    answer = problem(request, error)
    answer.headers["Refresh"] = str(RETRY_S)
    return answer


routers: list[Router] = [
    Router("/api/v1", route_handlers=[get_board], tags=["board"]),
    Router("/live", route_handlers=[live_board]),
    Router(
        "/",
        route_handlers=[display],
        exception_handlers={Unavailable: start_later},
    ),
]
