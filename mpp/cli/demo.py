"""`mpp demo`: prepare the mall, serve it, say where everything is, and let people come."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import httpx

from mpp import schema
from mpp.app import create_app
from mpp.cli import demo_table, logs, simulate
from mpp.cli.files import only_server
from mpp.cli.progress import Progress
from mpp.cli.serving import (
    Server,
    base_address,
    listen,
    run_until_signal,
    uvicorn_config,
)
from mpp.clock import system_clock
from mpp.config import Settings, secret_from
from mpp.db.connect import open_database
from mpp.db.seam import Database
from mpp.demo import tokens
from mpp.demo.api import Pace
from mpp.demo.life import live
from mpp.demo.past.plan import Model
from mpp.demo.today import expect_today
from mpp.demo.visitors import Seen
from mpp.demo.world import World, load, prepare, typical
from mpp.queue.commands.fast_paths import fast_paths

HISTORY_VISITORS = 420.0


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    data: Path
    speed: float
    has_visitors: bool
    tokens: Path | None
    history: int


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes any that is free.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Folder of the demo's database; a second run goes on with it.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 1000),
    default=10.0,
    show_default=True,
    help="How many times faster than life people arrive and are served.",
)
@click.option(
    "--history",
    type=click.IntRange(0, 4000),
    default=0,
    metavar="DAYS",
    help="Live through so many made-up days first, as `mpp simulate` does.",
)
@click.option("--no-visitors", is_flag=True, help="Counters stand open, nobody comes by itself.")
@click.option(
    "--tokens",
    "tokens_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write this run's tokens and sign-ins to FILE as JSON, once the server answers.",
)
def demo(
    *,
    host: str,
    port: int,
    data: Path,
    speed: float,
    history: int,
    no_visitors: bool,
    tokens_file: Path | None,
) -> None:
    """Run a demo mall that is alive.

    Simulated citizens take numbers at kiosks and officers call and serve them, through the public
    API. Every run makes new sign-ins. Ctrl-C ends it; the database stays in the data folder.
    """
    options = Options(data, speed, not no_visitors, tokens_file, history)
    settings = Settings(
        data_dir=data,
        database_url=f"sqlite:///{data / 'mpp.sqlite3'}",
        secret_key=secret_from(data),
    )
    logs.set_up(level=logging.WARNING, as_json=False)
    server = Server(uvicorn_config(None))
    progress = Progress()
    with listen(host, port) as listening, only_server(settings.database_url):
        base = base_address(listening)

        async def work() -> None:
            world = await _prepared(settings, base, progress, options)
            hints = demo_table.hints(world)
            server.config.app = create_app(settings, hints=hints)
            seen = demo_table.follow(hints, base, progress.say)
            async with _alive(server, _beside(world, options, progress, seen)):
                await server.serve(sockets=[listening])

        run_until_signal(work, server)
    progress.say("Demo berakhir. Basis datanya tetap di " + str(data))


async def _prepared(settings: Settings, base: str, progress: Progress, options: Options) -> World:
    with progress.step("Menyiapkan basis data"):
        await schema.migrate(settings.database_url)
    db = open_database(settings.database_url, lambda _topics: None, fast_paths())
    await db.start()
    try:
        if options.history:
            await _live_through(db, options.history)
        with progress.step("Memuat mal dan membuat tanda masuk"):
            world = await prepare(db, system_clock, base)
            if options.has_visitors:
                await expect_today(db, world.mall, options.speed, now=system_clock())
            return world
    finally:
        await db.close()


async def _live_through(db: Database, days: int) -> None:
    mall = await load(db, system_clock)
    model = Model(mall, typical(), HISTORY_VISITORS)
    yesterday = mall.day(system_clock()) - timedelta(days=1)
    await simulate.with_a_bar(db, model, yesterday, days, seed=1)


@contextlib.asynccontextmanager
async def _alive(server: Server, life: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let `life` go on beside the server, and end with it; when it fails, the server ends, too."""
    beside = asyncio.create_task(life)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            server.should_exit = True

    beside.add_done_callback(ended)
    try:
        yield
    finally:
        beside.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beside


async def _beside(world: World, options: Options, progress: Progress, seen: Seen) -> None:
    async with httpx.AsyncClient(base_url=world.tokens.base, timeout=30) as client:
        await _ready(client)
    if options.tokens is not None:
        tokens.write(world.tokens, options.tokens)
    progress.show(demo_table.table(world, options.data, options.tokens))
    if options.has_visitors:
        await live(world, Pace(options.speed), system_clock, seen)


async def _ready(client: httpx.AsyncClient) -> None:
    while True:
        with contextlib.suppress(httpx.TransportError):
            if (await client.get("/health/ready")).is_success:
                return
        await asyncio.sleep(0.05)
