"""The queue's live sockets: a visitor's phone, an officer's desk."""

from typing import Any

from litestar import Router, WebSocket, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath

from mpp.clock import Clock
from mpp.counters.commands.shifts import counter_topic, service_topic
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.live.feed import Feeds
from mpp.live.kept import Kept
from mpp.live.sessions import Sessions
from mpp.queue.queries import visit_rows
from mpp.queue.readers import Forecasts
from mpp.queue.routes.api.request_params import operated, read_token
from mpp.queue.routes.api.visits import visit_topics
from mpp.queue.routes.snapshots import desk_snapshot, visit_snapshot
from mpp.security import COUNTER_STAFF, Principal, public, requires

VISIT_KEPT_S = 60.0
"""A phone shows one visitor's place, which topics tell of; a nation has thousands of them open."""


@websocket("/visits/{token:str}", guards=[public])
async def live_visit(
    token: FromPath[str],
    socket: WebSocket[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
) -> None:
    """The visitor's own view, now and after every change of their queues."""
    secret = read_token(token)
    visit = await db.read(visit_rows.visit, secret)
    topics = await visit_topics(db, visit)
    kept = Kept(VISIT_KEPT_S)

    async def snapshot(version: int) -> Any:
        mall, now = await malls.by_id(visit.mall_id), clock()
        return await kept.state(
            version,
            now,
            (feeds.hub.news(*topics), mall.revision, mall.day(now)),
            lambda: db.read(visit_snapshot, forecasts, mall, secret, version=version, now=now),
        )

    await socket.accept()
    await feeds.show(
        socket, lambda: socket.receive_data("text"), f"visit:{visit.id}", topics, snapshot
    )


@websocket("/counters/{counter_id:str}", guards=[requires(COUNTER_STAFF)])
async def live_counter(
    counter_id: FromPath[str],
    socket: WebSocket[Any, Any, Any],
    sessions: NamedDependency[Sessions],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
) -> None:
    """The officer's own view of the counter and of who waits for it."""
    by: Principal = socket.user
    wanted = operated(by, counter_id)
    counter = (await malls.by_id(by.mall_id)).counter(wanted)
    topics = [counter_topic(wanted), *map(service_topic, counter.weights)]

    async def snapshot(version: int) -> Any:
        mall = await malls.by_id(by.mall_id)
        return await db.read(
            desk_snapshot, forecasts, mall, mall.counter(wanted), version=version, now=clock()
        )

    await socket.accept()
    await feeds.show(
        socket,
        lambda: socket.receive_data("text"),
        f"desk:{wanted}",
        topics,
        snapshot,
        sessions.ended(by.token_hash),
    )


router = Router("/live", route_handlers=[live_visit, live_counter])
