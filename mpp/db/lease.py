"""A process's node number, leased from PostgreSQL for as long as its session lives.

The number is part of every id that the process makes, so no two live processes may have the same. It is held
by an advisory lock: it is free at once when the process is gone, however it went. What ends the session alone
(an administrator, a restart of the database, a broken line) frees the number while the process lives: from
that moment it makes no ids and its commands are refused as while the database is away, until it has a number
again, the same if nobody took it. The session is asked for a sign of life every few seconds, since one whose
line died in silence would hold for ever.
"""

import asyncio
import contextlib
from typing import Any

import asyncpg
import structlog

from mpp.db.schema import highest_id
from mpp.errors import Unavailable
from mpp.ids import NODES, IdMaker

log = structlog.get_logger()

LEASES = 0x6D7070  # "mpp": the class of advisory locks that lease node numbers
LEADER = 0x6D7071
"""The class of the lock of the one process that does the chores."""
SIGN_OF_LIFE_S = 2.0
SILENT_S = 5.0
"""A session that does not answer for so long is given up."""
AGAIN_S = 0.25
SETTINGS = {
    "application_name": "mpp node",
    # The server forgets a machine that fell silent after 25 s, so that its number is free again.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""How a session ends, or cannot be begun."""


class NodeLease:
    """Gives `new_id` a node number, and takes it away while the lease is lost."""

    def __init__(self, dsn: str, new_id: IdMaker) -> None:
        self._dsn = dsn
        self._new_id = new_id
        self._session: asyncpg.Connection[Any] | None = None
        self._leads = False
        self._asking = asyncio.Lock()
        self._lost = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """`Unavailable` when every number is taken; the driver's errors when the database is away."""
        await self._take()
        self._keeping = asyncio.create_task(self._keep())

    async def close(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(*LOST):
                await session.close(timeout=1)

    async def leads(self) -> bool:
        """Whether this process is the one of all that does the chores; settled when it is asked first.

        It stays so as long as its session lives; then another process may.
        """
        session = self._session
        if session is None:
            return False
        if not self._leads:
            try:
                async with self._asking:
                    mine = await session.fetchval(
                        "SELECT pg_try_advisory_lock($1, $2)", LEADER, 0, timeout=SILENT_S
                    )
            except LOST:
                return False
            self._leads = mine and session is self._session
        return self._leads

    async def _keep(self) -> None:
        while True:
            await self._until_lost()
            self._new_id.suspend()
            self._give_up()
            log.warning("node lost", node=self._new_id.node)
            await self._take_again()
            log.info("node leased again", node=self._new_id.node)

    async def _until_lost(self) -> None:
        while not self._lost.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._lost.wait(), SIGN_OF_LIFE_S)
                return
            assert self._session is not None  # noqa: S101 - it is taken before it is kept
            try:
                async with self._asking:
                    await self._session.fetchval("SELECT 1", timeout=SILENT_S)
            except LOST:
                return

    async def _take_again(self) -> None:
        while True:
            try:
                return await self._take()
            except (*LOST, Unavailable):
                await asyncio.sleep(AGAIN_S)

    async def _take(self) -> None:
        session = await asyncpg.connect(self._dsn, timeout=SILENT_S, server_settings=SETTINGS)
        try:
            node = await self._free_number(session)
            above = await _highest_id(session)
        except BaseException:
            session.terminate()
            raise
        self._lost.clear()
        self._session = session
        session.add_termination_listener(self._ended)
        if session.is_closed():  # between the last answer and the listener
            raise ConnectionError("the session ended at once")
        self._new_id.take(node, above=above)

    async def _free_number(self, session: "asyncpg.Connection[Any]") -> int:
        """The number we had, or the lowest that is free; nobody else has it while the session lives."""
        for node in sorted(range(NODES), key=lambda each: each != self._new_id.node):
            if await session.fetchval("SELECT pg_try_advisory_lock($1, $2)", LEASES, node):
                return node
        raise Unavailable(f"Sudah {NODES} proses memakai basis data ini; hentikan salah satunya.")

    def _ended(self, session: object) -> None:
        if session is self._session:
            self._new_id.suspend()
            self._leads = False
            self._lost.set()

    def _give_up(self) -> None:
        session, self._session = self._session, None
        self._leads = False
        if session is not None:
            session.terminate()


async def _highest_id(session: "asyncpg.Connection[Any]") -> int:
    """The highest id stored, so that a clock set back cannot repeat one."""
    there = await session.fetch(
        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
    )
    statement = highest_id([row[0] for row in there])
    return 0 if statement is None else await session.fetchval(statement) or 0
