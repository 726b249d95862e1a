"""`mpp serve`: the server of an installation."""

import asyncio
import os
import sys
from pathlib import Path

import click
import structlog
from litestar import Litestar

from mpp.app import create_app
from mpp.cli import logs
from mpp.cli.connections import raise_file_limit
from mpp.cli.files import only_server, sqlite_file
from mpp.cli.loading import loading
from mpp.cli.serving import (
    Server,
    base_address,
    leads_home,
    listen,
    run_until_signal,
    uvicorn_config,
)
from mpp.cli.session import must_be_current
from mpp.config import Settings
from mpp.counters.commands.secret import must_share
from mpp.db.connect import is_sqlite, open_database
from mpp.errors import Conflict
from mpp.schema import migrate
from mpp.security import fingerprint

log = structlog.get_logger()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes any that is free.")
@click.option(
    "--workers",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    help="Processes; more than one needs PostgreSQL.",
)
def serve(*, host: str, port: int, workers: int) -> None:
    """Serve kiosks, displays, desks, phones and the API.

    Writes one JSON line per event to standard error. SIGINT and SIGTERM end it in order.
    """
    logs.set_up()
    settings = Settings.from_env(os.environ)
    if workers > 1 and is_sqlite(settings.database_url):
        raise Conflict(
            "Satu berkas SQLite melayani satu proses. Untuk --workers lebih dari 1 pakai PostgreSQL: "
            "isi MPP_DATABASE_URL dengan postgresql://…"
        )
    raise_file_limit()
    with listen(host, port) as listening, only_server(settings.database_url):
        asyncio.run(_bring_up(settings, workers))
        log.info("listening", address=base_address(listening), workers=workers)
        warn_of_private_address(settings, base_address(listening))
        if workers == 1:
            with loading():
                app = create_app(settings)
            server = Server(uvicorn_config(app), drain_s=settings.drain_seconds)
            run_until_signal(lambda: server.serve(sockets=[listening]), server)
        else:
            from mpp.cli.workers import Workers  # noqa: PLC0415 - rare

            config = uvicorn_config("mpp.cli.serve:app_factory", workers=workers, factory=True)
            Workers(config, [listening], drain_s=settings.drain_seconds).run()


def warn_of_private_address(settings: Settings, address: str) -> None:
    """Say loudly that the QR on a ticket leads to wherever a kiosk found us, which phones may not reach."""
    if settings.public_url is not None and not leads_home(settings.public_url):
        return
    leads_to = settings.public_url or address
    log.warning("MPP_PUBLIC_URL is not set for visitors", tickets_may_lead_to=leads_to)
    if sys.stderr.isatty():
        click.echo(PRIVATE.format(address=leads_to), err=True)


PRIVATE = """
!!  MPP_PUBLIC_URL belum diisi dengan alamat untuk pengunjung.
!!  Kode QR pada tiket dapat mengarah ke {address}, yang tidak terbuka di ponsel pengunjung.
!!  Jalankan dengan, misalnya: MPP_PUBLIC_URL=https://antrean.example.go.id mpp serve
"""


def app_factory() -> Litestar:
    """The application of one of several worker processes, by its environment."""
    from mpp.cli.workers import end_with_parent  # noqa: PLC0415 - rare

    end_with_parent()
    logs.set_up()
    with loading():
        return create_app(Settings.from_env(os.environ))


async def _bring_up(settings: Settings, workers: int) -> None:
    """The database as the server needs it, or a refusal that says what to do.

    An embedded database that is not there yet is made; any other must be at this schema. PostgreSQL must have
    room for every process, and all processes must share one secret.
    """
    url = settings.database_url
    path = sqlite_file(url)
    if path is not None and _is_new(path):
        _, after = await migrate(url)
        log.info("database created", path=str(path), revision=after)
    else:
        await must_be_current(url)
    if path is None:
        from mpp.cli.workers import must_have_room  # noqa: PLC0415 - an embedded database has no limit

        await must_have_room(url, workers, settings.database_connections)
    db = open_database(url, lambda _topics: None, pool=1)
    await db.start()
    try:
        await db.execute(must_share, fingerprint(settings.secret_key))
    finally:
        await db.close()


def _is_new(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0
