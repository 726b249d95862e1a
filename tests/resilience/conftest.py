"""The application on a real port, on both databases in turn; and a way to lose the connection to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from worlds import a_world

from mpp.config import Settings
from mpp.db.seam import Database
from tests.resilience.sweep import Sweep, rows
from tests.resilience.wire import Wire


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Whatever asks for the application or its server here runs on SQLite and on PostgreSQL."""
    return Settings(data_dir=tmp_path, database_url=database_url, secret_key="only for this test")


@pytest.fixture
def live_db(app: Litestar, server: str) -> Database:
    """The running application's database."""
    db: Database = app.state.db
    return db


@pytest.fixture
def wire(server: str) -> Wire:
    return Wire.to(server)


@pytest.fixture
async def http(server: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server, timeout=60, verify=False) as client:
        yield client


@pytest.fixture
async def sweep(app: Litestar, http: httpx.AsyncClient, live_db: Database) -> AsyncIterator[Sweep]:
    """At the end: every refusal was right, and no table holds more or fewer rows than before."""
    sweep = Sweep(http, await a_world(app, http))
    sweep.before = await live_db.read(rows)
    yield sweep
    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert await live_db.read(rows) == sweep.before
