"""Databases, a clock, the application, and clients of it. Nothing is faked: both databases are real."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
import uvicorn
from factories import TestClock
from hypothesis import settings as hypothesis_settings
from litestar import Litestar
from litestar.testing import AsyncTestClient

from mpp import schema
from mpp.app import create_app
from mpp.cli.serving import base_address, listen, uvicorn_config
from mpp.config import Settings
from mpp.db.connect import open_database
from mpp.db.schema import metadata
from mpp.db.seam import Database
from mpp.live.hub import Hub
from mpp.queue.commands.fast_paths import fast_paths

pytest_plugins = ["lived_days"]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through it for garbage took a tenth of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


# The same examples every time, and no limit that a busy machine would break.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None, max_examples=50)
hypothesis_settings.load_profile("house")

structlog.configure(
    processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)
POSTGRES = os.environ.get("MPP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """A name that no other test process has."""
    return f"{getattr(request.config, 'workerinput', {}).get('workerid', 'main')}_{os.getpid()}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy."""
    path = tmp_path_factory.mktemp("template") / "mpp.sqlite3"
    asyncio.run(schema.migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_url(worker: str) -> Iterator[str]:
    """A migrated database of our own on the real server, dropped at the end."""
    name = f"mpp_test_{worker}"

    async def manage(*statements: str) -> None:
        connection = await asyncpg.connect(POSTGRES)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    try:
        asyncio.run(
            manage(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        )
    except OSError as error:
        pytest.fail(f"PostgreSQL does not answer at MPP_TEST_POSTGRES ({POSTGRES}): {error}")
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    asyncio.run(schema.migrate(url))
    yield url
    asyncio.run(manage(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh embedded database."""
    shutil.copy(sqlite_template, tmp_path / "mpp.sqlite3")
    return f"sqlite:///{tmp_path / 'mpp.sqlite3'}"


@pytest.fixture
async def empty_postgres_url(postgres_url: str) -> str:
    """The PostgreSQL database with every table emptied."""
    connection = await asyncpg.connect(postgres_url)
    # Twenty times faster than TRUNCATE, which makes new files for every table and index.
    emptied = (f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
    await connection.execute("; ".join(emptied))
    await connection.close()
    return postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both databases."""
    name = "sqlite_url" if request.param == "sqlite" else "empty_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
async def db(database_url: str, hub: Hub) -> AsyncIterator[Database]:
    """A started database, SQLite and PostgreSQL in turn."""
    database = open_database(database_url, hub.publish, fast_paths(), pool=4)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=sqlite_url, secret_key="only for this test")


@pytest.fixture
def app(settings: Settings, clock: TestClock, hub: Hub) -> Litestar:
    """The application on SQLite; it starts and stops its database itself."""
    return create_app(settings, clock=clock, hub=hub)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[AsyncTestClient[Litestar]]:
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        yield client


@pytest.fixture
async def server(app: Litestar) -> AsyncIterator[str]:
    """The application behind a real uvicorn on a free port, in the test's own event loop.

    Answers its base address. Sockets, sessions and headers are those of a mall's machine.
    """
    running = uvicorn.Server(uvicorn_config(app))
    with listen("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(running.serve(sockets=[listening]))
        while not running.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait on
            await asyncio.sleep(0.01)
        yield base_address(listening)
        running.should_exit = True
        await serving


@pytest.fixture
def app_db(app: Litestar) -> Any:
    """The application's own database; it runs while `client` or `server` does."""
    return app.state.db
