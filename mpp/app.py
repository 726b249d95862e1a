"""The one place where the parts meet: settings in, application out."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import structlog
from litestar import Litestar, Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router

import mpp.dashboard.routes.all
import mpp.display.routes.screens
import mpp.evaluation.routes.pages
import mpp.kiosk.routes.screens
import mpp.metrics.routes.all
import mpp.reports.routes.all
import mpp.survey.routes.all
from mpp import housekeeping
from mpp.clock import Clock, system_clock
from mpp.config import Settings
from mpp.counters.pages import SignInHint
from mpp.counters.queries import sign_in_rows
from mpp.counters.readers import Malls
from mpp.counters.routes import api as counters_api
from mpp.counters.routes import health, signing
from mpp.counters.routes.limits import Limits, SignIns
from mpp.dashboard.readers.typical_day import Backgrounds
from mpp.db.connect import is_sqlite, open_database
from mpp.db.seam import BESIDE_POOLS, Database
from mpp.errors import MppError
from mpp.isolated import Isolated
from mpp.live.feed import Feeds
from mpp.live.hub import Hub
from mpp.live.sessions import Sessions
from mpp.metrics.readers.today import Days
from mpp.pools import Pool, Turns
from mpp.queue.commands.fast_paths import fast_paths
from mpp.queue.queries import clock_rows, line_rows
from mpp.queue.readers import Forecasts
from mpp.queue.routes import desk, live, phone, shifts
from mpp.queue.routes.api import tickets
from mpp.security import (
    LEADERS,
    Principal,
    Security,
    WaysIn,
    public,
    public_without_lookup,
    requires,
)
from mpp.web.api_schema import Bodies
from mpp.web.assets import keep_assets, static_folders
from mpp.web.handlers import one_at_a_time
from mpp.web.headers import careful, guard_inline
from mpp.web.pages import patterns
from mpp.web.problems import bug, http_problem, problem

log = structlog.get_logger()

MAX_BODY = 64 * 1024


def create_app(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    hints: list[SignInHint] | None = None,
    hub: Hub | None = None,
    db: Database | None = None,
) -> Litestar:
    """The application. `hints`: ways in that the front page offers (the demo's); may change later."""
    hub = hub or Hub()
    database = db or open_database(
        settings.database_url,
        hub.publish,
        fast_paths(),
        pool=(settings.database_connections - BESIDE_POOLS) // 2,
    )
    malls = Malls(database)
    feeds = Feeds(hub)

    async def find(hashed: str) -> Principal | None:
        return await database.read(sign_in_rows.principal, hashed, clock())

    ways_in = WaysIn(settings.public_url, settings.secure_cookies, bool(settings.trusted_proxies))
    security = Security(settings.secret_key, find, ways_in)

    async def still_let_in(hashes: frozenset[str]) -> frozenset[str]:
        found = await database.read(sign_in_rows.alive, hashes, clock())
        security.forget(*hashes - found)
        return found

    sessions = Sessions(still_let_in)
    parts: dict[str, Any] = {
        "db": database,
        "malls": malls,
        "feeds": feeds,
        "clock": clock,
        "settings": settings,
        "security": security,
        "forecasts": Forecasts(),
        "days": Days(),
        "backgrounds": Backgrounds(),
        "isolated": Isolated(),
        "turns": Turns(),
        "qr_codes": Pool("qr", threads=2, at_most=64),
        "sessions": sessions,
        "readiness": health.Readiness(database, clock),
        "limits": Limits(database),
        "sign_ins": SignIns(database, security),
        "hints": [] if hints is None else hints,
    }
    app = Litestar(
        route_handlers=[
            counters_api.router,
            signing.router,
            tickets.router,
            shifts.router,
            live.router,
            desk.router,
            phone.router,
            *mpp.kiosk.routes.screens.routers,
            *mpp.display.routes.screens.routers,
            *mpp.metrics.routes.all.routers,
            *mpp.survey.routes.all.routers,
            *mpp.evaluation.routes.pages.routers,
            *mpp.reports.routes.all.routers,
            *mpp.dashboard.routes.all.routers,
            Router("/", route_handlers=[health.alive, health.ready, prometheus, patterns]),
            *static_routers(),
        ],
        dependencies={name: _given(part) for name, part in parts.items()},
        exception_handlers={MppError: problem, HTTPException: http_problem, Exception: bug},
        lifespan=[_running(settings, database, hub, malls, clock, sessions)],
        openapi_config=openapi(),
        plugins=[Bodies()],
        request_max_body_size=MAX_BODY,
        logging_config=None,
    )
    one_at_a_time(app)
    app.state.going = False
    # A proxy squeezes as it is set up to, and where it ends TLS, sizes would tell of what pages hold.
    app.state.squeezes_pages = not settings.trusted_proxies and not settings.secure_cookies
    app.asgi_handler = careful(app.asgi_handler)
    app.state.db = database
    app.state.clock = clock
    app.state.trusted_proxies = settings.trusted_proxies
    app.state.security = security
    app.state.feeds = feeds
    app.state.malls = malls
    app.state.turns = parts["turns"]
    return app


def _given(part: Any) -> Provide:
    return Provide(lambda: part, sync_to_thread=False, use_cache=True)


def openapi() -> OpenAPIConfig:
    """The API's document, with a viewer served by us: a mall's network may have no Internet."""
    return OpenAPIConfig(
        title="mpp",
        version="1",
        description="Queue and service desk of a Mall of Public Service. Times are RFC 3339 in UTC, "
        "durations seconds, errors problem+json (RFC 9457).",
        openapi_router=Router(
            "/api/docs",
            route_handlers=[],
            guards=[public],
            include_in_schema=False,
            after_request=guard_inline,
        ),
        components=Components(
            security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}
        ),
        security=[{"token": []}],
        render_plugins=[
            SwaggerRenderPlugin(
                js_url="/static/vendor/swagger-ui-bundle.js",
                css_url="/static/vendor/swagger-ui.css",
                standalone_preset_js_url="/static/vendor/swagger-ui-bundle.js",
                favicon="",
            )
        ],
    )


# -- what runs beside the requests ---------------------------------------------------------------


def _running(
    settings: Settings, db: Database, hub: Hub, malls: Malls, clock: Clock, sessions: Sessions
) -> Any:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncGenerator[None, None]:
        await db.start()
        relay = None if is_sqlite(settings.database_url) else await _relay(settings, hub)
        chores = asyncio.gather(housekeeping.run(db, malls, clock), sessions.run())
        try:
            yield
        finally:
            chores.cancel()
            await asyncio.gather(chores, return_exceptions=True)
            if relay is not None:
                await relay.close()
            await db.close()

    return lifespan


async def _relay(settings: Settings, hub: Hub) -> Any:
    """What keeps the screens of several processes in step, started."""
    from mpp.db.postgres import asyncpg_dsn  # noqa: PLC0415 - an embedded database needs neither
    from mpp.live.relay import PostgresRelay  # noqa: PLC0415

    relay = PostgresRelay(asyncpg_dsn(settings.database_url), hub)
    await relay.start()
    return relay


@get("/internal/metrics", guards=[requires(LEADERS)], include_in_schema=False)
async def prometheus(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    feeds: NamedDependency[Feeds],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """For a Prometheus with a token, about the token's mall; docs/operations.md says how to read it.

    What is of a process says of which, since a Prometheus reaches any of them: its screens, its clock.
    Who waits is counted in the database and the same from each.
    """
    # Few ask, and it costs every start a tenth.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry()
    mall, now = await malls.by_id(request.user.mall_id), clock()
    counts = await db.read(line_rows.waiting_counts, mall.id, mall.day(now))
    behind = await db.read(clock_rows.behind, mall, now)

    def gauge(name: str, about: str, value: float, **labels: str) -> None:
        Gauge(name, about, list(labels), registry=registry).labels(**labels).set(value)

    process = str(db.node)
    gauge("mpp_screens", "Open live sockets of this process", feeds.screens, process=process)
    gauge("mpp_waiting", "Waiting tickets", sum(counts.values()), mall=mall.slug)
    gauge(
        "mpp_clock_behind_seconds",
        "By how much this process's clock is behind the mall's newest event",
        behind.total_seconds(),
        process=process,
        mall=mall.slug,
    )
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


# -- static files --------------------------------------------------------------------------------


def static_routers() -> list[Router]:
    """One router a folder. Addresses carry a hash of the content, so they may be kept for long."""
    return [
        create_static_files_router(
            path=path,
            directories=[folder],
            guards=[public_without_lookup],
            middleware=[keep_assets],
            include_in_schema=False,
            name=path.strip("/").replace("/", "-"),
        )
        for path, folder in static_folders().items()
    ]
