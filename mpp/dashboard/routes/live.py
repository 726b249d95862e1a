"""The live overview's socket."""

import asyncio
from typing import Any

from litestar import Router, WebSocket, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath

from mpp.clock import Clock
from mpp.counters.commands.shifts import mall_topic
from mpp.counters.readers import Malls
from mpp.dashboard.pages.overview import overview_out
from mpp.dashboard.readers.live import Pace, overview
from mpp.dashboard.readers.typical_day import Backgrounds
from mpp.db.seam import Database
from mpp.live.feed import Feeds
from mpp.live.sessions import Sessions
from mpp.metrics.readers.today import Days
from mpp.metrics.routes.request_params import led
from mpp.security import LEADERS, requires


@websocket("/malls/{mall_slug:str}/overview", guards=[requires(LEADERS)])
async def live_overview(
    mall_slug: FromPath[str],
    socket: WebSocket[Any, Any, Any],
    sessions: NamedDependency[Sessions],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    backgrounds: NamedDependency[Backgrounds],
) -> None:
    """The mall as it stands, now and after every change, at most once a second."""
    mall_id = (await led(malls, mall_slug, socket.user)).id
    pace = Pace()

    async def snapshot(version: int) -> Any:
        await pace.wait()
        mall, now = await malls.by_id(mall_id), clock()
        known = await backgrounds.of(db, mall, mall.day(now))
        seen = await overview(db, days, mall, now=now, known=known)
        return await asyncio.to_thread(overview_out, mall, seen, version=version, now=now)

    await socket.accept()
    await feeds.show(
        socket,
        lambda: socket.receive_data("text"),
        f"overview:{mall_id}",
        [mall_topic(mall_id)],
        snapshot,
        sessions.ended(socket.user.token_hash),
    )


routers = [Router("/live", route_handlers=[live_overview])]
