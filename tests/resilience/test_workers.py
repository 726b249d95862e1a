"""Several processes under one parent: what they may cost, what they share, how they live and end."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.resilience.screens import eventually
from tests.resilience.serving import Served

pytestmark = pytest.mark.postgres

FEW = 2 * 8 + 1
"""Room for two workers with 8 connections each, and for one more."""


@pytest.fixture
async def few(empty_postgres_url: str) -> AsyncIterator[str]:
    """The database as a role sees it that may open few connections."""
    admin = await asyncpg.connect(empty_postgres_url)
    await admin.execute(
        f"DROP ROLE IF EXISTS mpp_few; CREATE ROLE mpp_few LOGIN CONNECTION LIMIT {FEW};"
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO mpp_few"
    )
    yield empty_postgres_url.replace("://postgres@", "://mpp_few@")
    await admin.execute("DROP OWNED BY mpp_few; DROP ROLE mpp_few")
    await admin.close()


def served(url: str, folder: Path, **variables: str) -> Served:
    return Served(url, folder, workers=2, variables=variables)


async def test_more_connections_than_there_are_is_refused_with_both_numbers(
    few: str, tmp_path: Path
) -> None:
    server = served(few, tmp_path)
    with pytest.raises(AssertionError, match=r"menyediakan 17 sambungan .* 2 proses × 19 .* = 38"):
        await server.start()


async def test_one_worker_that_cannot_start_leaves_the_other_serving(
    few: str, tmp_path: Path
) -> None:
    server = served(few, tmp_path, MPP_DATABASE_CONNECTIONS="8")
    await server.start()
    try:
        await eventually(lambda: len(server.worker_pids()) == 2, 30)
        before = set(server.worker_pids())
        taken = [await asyncpg.connect(few)]
        server.kill_one_worker()
        for _ in range(6):  # what the killed one had, before the next can take it
            taken += [await _as_soon_as_there_is_room(few)]
        await eventually(lambda: 'could_not_start": true' in server.log.read_text(), 30)
        assert await answers(server)
        for each in taken:
            await each.close()
        await eventually(lambda: len(set(server.worker_pids()) - before) == 1, 30)
        assert server.process is not None
        assert server.process.poll() is None
    finally:
        server.kill()


async def _as_soon_as_there_is_room(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    while True:
        try:
            return await asyncpg.connect(url)
        except asyncpg.TooManyConnectionsError:
            await asyncio.sleep(0.02)


async def answers(server: Served) -> bool:
    async with httpx.AsyncClient(base_url=server.base, timeout=5) as http:
        return (await http.get("/health/ready")).is_success


async def test_workers_end_with_a_parent_that_was_killed(
    empty_postgres_url: str, tmp_path: Path
) -> None:
    server = served(empty_postgres_url, tmp_path)
    await server.start()
    assert server.process is not None
    await eventually(lambda: len(server.worker_pids()) == 2, 30)
    workers = server.worker_pids()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(5)
    await eventually(lambda: not any(Path(f"/proc/{each}").exists() for each in workers), 15)
