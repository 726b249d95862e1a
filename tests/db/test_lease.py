"""The node number in every id belongs to one live process, whatever happens to the session that holds it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from factories import a_device, a_mall
from sqlalchemy import select, update

from mpp.counters.models import devices
from mpp.db import lease
from mpp.db.connect import open_database
from mpp.db.seam import Database, Transaction
from mpp.errors import Unavailable
from mpp.ids import COUNTER_BITS, NODES, IdMaker
from mpp.security import Role
from tests.display.proxy import BadLine
from tests.resilience.screens import eventually

pytestmark = pytest.mark.postgres


@pytest.fixture
async def opened(empty_postgres_url: str) -> AsyncIterator[list[Database]]:
    """Processes on one database: whoever opens one more appends it, and all are closed."""
    databases: list[Database] = []
    yield databases
    for each in databases:
        await each.close()


async def a_process(opened: list[Database], url: str) -> Database:
    process = open_database(url, lambda _topics: None, pool=1)
    opened.append(process)
    await process.start()
    return process


def some_ids(tx: Transaction) -> list[int]:
    """As a command does: with a statement, in whose time others have their turn."""
    tx.conn.execute(select(1))
    return [tx.new_id() for _ in range(50)]


async def ids_of(process: Database) -> list[int]:
    """New ids, asked for until they are given."""
    while True:
        try:
            return await process.execute(some_ids)
        except Unavailable:
            await asyncio.sleep(0.01)


def nodes(ids: list[int]) -> set[int]:
    return {(each >> COUNTER_BITS) & (NODES - 1) for each in ids}


async def end_leases(url: str) -> int:
    connection = await asyncpg.connect(url)
    ended = await connection.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'mpp node'"
    )
    await connection.close()
    return int(ended)


async def test_a_number_that_another_process_took_meanwhile_is_not_used_on(
    opened: list[Database], empty_postgres_url: str
) -> None:
    """Its session is ended under load, and somebody waits for the number to be free."""
    process = await a_process(opened, empty_postgres_url)
    made: list[int] = []
    over = asyncio.Event()

    async def press() -> None:
        while not over.is_set():
            made.extend(await ids_of(process))

    pressing = [asyncio.create_task(press()) for _ in range(4)]
    assert nodes(await ids_of(process)) == {0}
    other = await asyncpg.connect(empty_postgres_url)
    taking = asyncio.create_task(other.execute("SELECT pg_advisory_lock($1, $2)", lease.LEASES, 0))
    await end_leases(empty_postgres_url)
    await taking
    assert nodes(await ids_of(process)) == {1}
    since = len(made)
    while len(made) < since + 1000:
        await ids_of(process)
    over.set()
    await asyncio.gather(*pressing)
    await other.close()
    assert nodes(made[since:]) == {1}
    assert len(set(made)) == len(made)


async def test_a_number_nobody_took_meanwhile_is_taken_again(
    opened: list[Database], empty_postgres_url: str
) -> None:
    processes = [await a_process(opened, empty_postgres_url) for _ in range(2)]
    before = [nodes(await ids_of(each)) for each in processes]
    assert await end_leases(empty_postgres_url) == 2
    after = [nodes(await ids_of(each)) for each in processes]
    assert before == after == [{0}, {1}]


async def test_a_session_whose_line_died_in_silence_is_given_up(
    empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "SIGN_OF_LIFE_S", 0.1)
    monkeypatch.setattr(lease, "SILENT_S", 0.3)
    port = int(empty_postgres_url.rpartition(":")[2].partition("/")[0])
    line = BadLine(port)
    behind = (await line.start()).rpartition(":")[2]
    new_id = IdMaker()
    held = lease.NodeLease(empty_postgres_url.replace(f":{port}/", f":{behind}/"), new_id)
    await held.start()
    try:
        line.freeze()
        await eventually(lambda: not makes_ids(new_id), 5)
        line.heal()
        await eventually(lambda: makes_ids(new_id), 5)
    finally:
        await held.close()
        await line.stop()


def makes_ids(new_id: IdMaker) -> bool:
    try:
        return new_id() > 0
    except Unavailable:
        return False


async def test_ids_rise_above_what_a_clock_that_was_ahead_has_stored(
    opened: list[Database], empty_postgres_url: str
) -> None:
    first = await a_process(opened, empty_postgres_url)
    mall = await a_mall(first)

    def ahead(tx: Transaction) -> int:
        far = IdMaker(7, milliseconds=lambda: 3_000_000_000_000)()
        tx.conn.execute(update(devices).values(id=far))
        return far

    await a_device(first, mall, Role.KIOSK)
    far = await first.execute(ahead)
    second = await a_process(opened, empty_postgres_url)
    assert min(await ids_of(second)) > far


async def test_one_process_of_several_does_the_chores_and_another_when_it_is_gone(
    opened: list[Database], empty_postgres_url: str
) -> None:
    processes = [await a_process(opened, empty_postgres_url) for _ in range(3)]
    assert [await each.leads() for each in processes] == [True, False, False]
    assert [await each.leads() for each in reversed(processes)] == [False, False, True]
    await processes[0].close()
    assert [await each.leads() for each in processes] == [False, True, False]
    await end_leases(empty_postgres_url)
    for each in processes[1:]:
        await ids_of(each)  # each has a session again
    assert [await each.leads() for each in processes].count(True) == 1
