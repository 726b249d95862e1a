"""Choose the database by its URL."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from mpp.db.seam import NO_FAST_PATHS, POOL, Database, FastPaths, Publish
from mpp.db.sqlite import SqliteDatabase
from mpp.errors import Invalid


def is_sqlite(url: str) -> bool:
    """Whether the URL names the embedded database."""
    return backend(url) == "sqlite"


def backend(url: str) -> str:
    """`sqlite` or `postgresql`; `Invalid` for any other or a malformed URL."""
    try:
        name = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise Invalid(
            f"MPP_DATABASE_URL tidak dapat dibaca: {error}", field="database_url"
        ) from error
    if name not in {"sqlite", "postgresql"}:
        raise Invalid(
            f"MPP_DATABASE_URL: {name} tidak didukung; pakai sqlite:/// atau postgresql://.",
            field="database_url",
        )
    return name


def open_database(
    url: str, publish: Publish, fast_paths: FastPaths = NO_FAST_PATHS, *, pool: int = POOL
) -> Database:
    """The database behind `url`, not yet started. `fast_paths` and `pool` are for PostgreSQL alone."""
    if is_sqlite(url):
        return SqliteDatabase(url, publish)
    from mpp.db.postgres import PostgresDatabase  # noqa: PLC0415 - a tenth of a small mall's start

    return PostgresDatabase(url, publish, fast_paths, pool=pool)
