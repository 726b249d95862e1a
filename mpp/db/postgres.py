"""PostgreSQL: the same commands under `run_sync` on an asyncpg pool, for several workers or nodes."""

import asyncio
import contextlib
from typing import Any

import asyncpg
import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mpp.db.lease import NodeLease
from mpp.db.schema import dumps, loads
from mpp.db.seam import (
    NO_FAST_PATHS,
    POOL,
    Command,
    Database,
    FastPathContext,
    FastPaths,
    NotCovered,
    P,
    Publish,
    R,
    Transaction,
)
from mpp.errors import Unavailable
from mpp.ids import IdMaker

log = structlog.get_logger()

ATTEMPTS = 5
PLANNED_ONCE = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
}
"""How fast paths are planned: once a connection, since planning costs as much as running. By indexes,
always: a plan made while the tables were small is kept when they have grown."""
RACES_LOST = {"40001", "40P01", "23505"}
"""serialization_failure, deadlock_detected, unique_violation: running again sees the winner."""
FAST_RACES_LOST = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
)
"""The same as a fast path meets them: the command itself then finds the winner."""
AWAY = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection ended while it was being handed back
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


def async_url(url: str) -> str:
    """The URL with asyncpg named as its driver: the bare scheme means another one."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def asyncpg_dsn(url: str) -> str:
    """The URL as asyncpg itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class PostgresDatabase(Database):
    """See the module."""

    def __init__(
        self,
        url: str,
        publish: Publish,
        fast_paths: FastPaths = NO_FAST_PATHS,
        *,
        pool: int = POOL,
    ) -> None:
        self.url = url
        self._pool = pool
        self._publish = publish
        self._fast_paths = fast_paths
        self._engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool,
            max_overflow=0,
            json_serializer=dumps,
            json_deserializer=loads,
            hide_parameters=True,  # an error that is logged must not tell whose secret was looked up
        )
        event.listen(self._engine.sync_engine, "checkout", _replace_if_ended)
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # Both pools hand a connection that becomes free to whoever asks at that moment, so that under load
        # some wait for seconds while others come again and again. Those who wait here are let in in turn.
        self._turns = asyncio.Semaphore(pool)
        self._new_id = IdMaker()
        self._lease: NodeLease | None = None

    async def start(self) -> None:
        self._lease = lease = NodeLease(asyncpg_dsn(self.url), self._new_id)
        try:
            await lease.start()
            pool = await asyncpg.create_pool(
                asyncpg_dsn(self.url),
                min_size=self._pool,
                max_size=self._pool,
                init=_set_up,
                reset=_as_it_is,
                server_settings=PLANNED_ONCE,
            )
            self._context = FastPathContext(_InTurn(pool, self._pool), self._new_id, {})
            await self._warm()
        except AWAY as error:
            await lease.close()
            raise Unavailable(f"PostgreSQL tidak menjawab: {error}") from error

    async def close(self) -> None:
        if self._lease is not None:
            await self._lease.close()
            self._lease = None
            with contextlib.suppress(*AWAY, TimeoutError):
                await asyncio.wait_for(self._context.pool.close(), 5)
        await self._engine.dispose()

    async def execute(self, command: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        path = self._fast_paths.get(command)
        if path is not None:
            with contextlib.suppress(NotCovered, *FAST_RACES_LOST):
                return await self._fast(path, *args, **kwargs)  # type: ignore[no-any-return]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                result, topics = await self._once(command, *args, **kwargs)
            except DBAPIError as error:
                if _sqlstate(error) in RACES_LOST and attempt < ATTEMPTS:
                    continue
                raise _outage(error) from error
            except AWAY as error:
                raise _outage(error) from error
            if topics:
                self._publish(topics)
            return result
        raise AssertionError("unreachable")

    async def _fast(self, path: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            result, topics = await path(self._context, *args, **kwargs)
        except AWAY as error:
            raise _outage(error) from error
        self._publish(topics)
        return result

    async def _once(
        self, command: Command[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[R, set[str]]:
        def run(conn: Connection) -> tuple[R, set[str]]:
            tx = Transaction(conn, self._new_id)
            return command(tx, *args, **kwargs), tx.topics

        async with self._turns, self._engine.begin() as conn:
            return await conn.run_sync(run)

    async def read(self, query: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        def run(conn: Connection) -> R:
            return query(Transaction(conn, self._new_id), *args, **kwargs)

        try:
            async with self._turns, self._reader.connect() as conn:
                return await conn.run_sync(run)
        except (DBAPIError, *AWAY) as error:
            raise _outage(error) from error

    @property
    def node(self) -> int:
        return self._new_id.node

    async def leads(self) -> bool:
        return self._lease is not None and await self._lease.leads()

    async def _warm(self) -> None:
        """Open every pooled connection now: a cold one costs the first callers a tenth of a second."""

        async def touch() -> None:
            async with self._engine.connect() as conn:
                await conn.exec_driver_sql("SELECT 1")

        await asyncio.gather(*(touch() for _ in range(self._pool)))


class _InTurn:
    """The pool of fast paths, by its connections' statements, first come first served."""

    def __init__(self, pool: "asyncpg.Pool[Any]", size: int) -> None:
        self._pool = pool
        self._turns = asyncio.Semaphore(size)

    async def fetchrow(self, statement: str, *args: object) -> Any:
        async with self._turns:
            return await self._pool.fetchrow(statement, *args)

    async def fetch(self, statement: str, *args: object) -> Any:
        async with self._turns:
            return await self._pool.fetch(statement, *args)

    async def close(self) -> None:
        await self._pool.close()


async def _set_up(connection: "asyncpg.Connection[Any]") -> None:
    """JSON columns read and written as everywhere else."""
    await connection.set_type_codec("jsonb", encoder=dumps, decoder=loads, schema="pg_catalog")


async def _as_it_is(_connection: object) -> None:
    """Fast paths leave nothing behind in a session; the pool's own clearing is a round trip each time."""


def _replace_if_ended(connection: Any, _record: object, _handed_out: object) -> None:
    """A pooled connection that the server has ended meanwhile is replaced, not given to a command.

    The driver has heard of it already, so asking costs no round trip, unlike the pool's own ping.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _outage(error: Exception) -> Exception:
    """What to raise for a database error: 503 when it is away, the error itself when it is a bug."""
    if isinstance(error, DBAPIError):
        if isinstance(error, IntegrityError):
            return error
        away = error.connection_invalidated or (_sqlstate(error) or "08")[:2] in {"08", "57", "53"}
        if not away:
            return error
    log.error("database does not answer", error=repr(error))
    return Unavailable("Basis data sedang tidak menjawab. Coba lagi sebentar.")
