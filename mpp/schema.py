"""Bring a database to the schema of this release, or say that it is not there yet."""

import re
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from mpp.db import sqlite
from mpp.db.connect import is_sqlite
from mpp.errors import Unavailable

Revisions = tuple[str | None, str | None]
SCRIPTS = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"^(down_revision|revision)\b[^=]*= [\"'](\w+)[\"']", re.MULTILINE)


PATIENCE_S = 5.0
IN_USE = "55P03"
"""lock_not_available"""


async def migrate(url: str, *, patience_s: float = PATIENCE_S) -> tuple[str | None, str | None]:
    """Upgrade to the newest revision; answers the revisions before and after.

    On PostgreSQL the release before may be serving. A change that waits for a long report makes everybody
    else wait behind it, so it is given up after `patience_s`: `Unavailable`, and nothing is changed.
    """
    return await _on_connection(url, lambda connection: _upgrade(connection, patience_s))


async def is_current(url: str) -> bool:
    """Whether the database stands at this release's schema."""
    return await _on_connection(url, lambda c: (_revision(c), _newest())) == (_newest(), _newest())


def _upgrade(connection: Connection, patience_s: float) -> tuple[str | None, str | None]:
    # Alembic takes as long to import as half a server, and only migrating needs it.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    before = _revision(connection)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    config.attributes["patience_s"] = patience_s
    command.upgrade(config, "head")
    return before, _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _newest() -> str:
    """The one revision on which no other is based."""
    lines: list[dict[str, str]] = [
        dict(_REVISION.findall(path.read_text(encoding="utf-8")))
        for path in (SCRIPTS / "versions").glob("*.py")
    ]
    (newest,) = {each["revision"] for each in lines} - {each.get("down_revision") for each in lines}
    return newest


async def _on_connection(url: str, work: Callable[[Connection], Revisions]) -> Revisions:
    if is_sqlite(url):
        engine = sqlite.engine(url, writes=True)
        Path(engine.url.database or ".").parent.mkdir(parents=True, exist_ok=True)
        try:
            with engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()
    return await _on_postgres(url, work)


async def _on_postgres(url: str, work: Callable[[Connection], Revisions]) -> Revisions:
    # A tenth of a small mall's start, which an embedded database can do without.
    import asyncpg  # noqa: PLC0415 - see above
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - see above
    from sqlalchemy.pool import NullPool  # noqa: PLC0415 - see above

    from mpp.db.postgres import async_url  # noqa: PLC0415 - see above

    engine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        async with engine.begin() as aconnection:
            return await aconnection.run_sync(work)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidCatalogNameError) as error:
        raise Unavailable(f"PostgreSQL tidak menjawab: {error}") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != IN_USE:
            raise
        raise Unavailable(
            "Sebuah tabel sedang dipakai, mungkin oleh laporan yang panjang; tidak ada yang diubah. "
            "Jalankan `mpp migrate` lagi sebentar."
        ) from error
    finally:
        await engine.dispose()
