"""Bring a database to the schema of this release, or say that it is not there yet."""

from collections.abc import Callable
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from mpp.db import sqlite
from mpp.db.connect import is_sqlite
from mpp.db.postgres import async_url
from mpp.errors import Unavailable

Revisions = tuple[str | None, str | None]
SCRIPTS = Path(__file__).parent / "migrations"


async def migrate(url: str) -> tuple[str | None, str | None]:
    """Upgrade to the newest revision; answers the revisions before and after."""
    return await _on_connection(url, _upgrade)


async def is_current(url: str) -> bool:
    """Whether the database stands at this release's schema."""
    return await _on_connection(url, lambda c: (_revision(c), _newest())) == (_newest(), _newest())


def _upgrade(connection: Connection) -> tuple[str | None, str | None]:
    before = _revision(connection)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, _revision(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return ScriptDirectory.from_config(config).get_current_head()


async def _on_connection(url: str, work: Callable[[Connection], Revisions]) -> Revisions:
    if is_sqlite(url):
        engine = sqlite.engine(url, writes=True)
        Path(engine.url.database or ".").parent.mkdir(parents=True, exist_ok=True)
        try:
            with engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()
    aengine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        async with aengine.begin() as aconnection:
            return await aconnection.run_sync(work)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidCatalogNameError) as error:
        raise Unavailable(f"PostgreSQL tidak menjawab: {error}") from error
    finally:
        await aengine.dispose()
