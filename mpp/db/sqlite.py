"""The embedded database: one writer thread with group commit, readers on connections of their own.

Whatever is queued when the writer is free shares one BEGIN IMMEDIATE ... COMMIT, so one fsync. The
batch runs without savepoints; when a command fails after it has written, the batch is rolled back
and every command of it is run alone. A refusal raised before any write just leaves the batch.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from mpp.db import mark
from mpp.db.schema import EVENTS, dumps, highest_id, loads
from mpp.db.seam import Command, Database, P, Publish, R, Transaction
from mpp.errors import Unavailable
from mpp.ids import IdMaker

log = structlog.get_logger()

AWAY = (OperationalError, sqlite3.OperationalError)
"""The file or the disk fails: from Core wrapped, from compiled statements as the driver says it."""
BATCH = 256  # most commands in one commit: bounds how long the first of them waits
READERS = 4
WRITER_KIB, READER_KIB = 32_768, 8_192
"""Of the file, kept in memory by each connection. A reader forgets its part after every write anyway."""
CHECKPOINT_PAGES = 4_000
"""16 MiB of log before its pages go into the file: at SQLite's 1,000 a busy mall's checkpoints, which write
the same pages again and again, cost a tenth of the writer's time. What is committed is on the disk
either way."""
BUSY_TIMEOUT_MS = 10_000  # another process (`mpp load`, a backup) may hold the write lock a while


@dataclass(slots=True)
class _Job:
    run: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    topics: frozenset[str] = frozenset()


def engine(url: str, *, writes: bool) -> Engine:
    """An engine whose transactions begin IMMEDIATE (the writer) or cannot write (readers)."""
    built = create_engine(
        url,
        json_serializer=dumps,
        json_deserializer=loads,
        hide_parameters=True,  # an error that is logged must not tell whose secret was looked up
    )

    @event.listens_for(built, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if writes:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{WRITER_KIB if writes else READER_KIB}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(built, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred BEGIN that writes later fails at once when another got in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return built


class SqliteDatabase(Database):
    """See the module."""

    def __init__(self, url: str, publish: Publish) -> None:
        self.url = url
        self._publish = publish
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._new_id = IdMaker()

    async def start(self) -> None:
        path = make_url(self.url).database
        self._file = Path(path) if path and path != ":memory:" else None
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        self._write_engine = engine(self.url, writes=True)
        with self._write_engine.connect() as conn:  # WAL must be on before a reader may open
            self._new_id = IdMaker(above=_highest_id(conn))
            if self._file is not None:
                mark.must_hold(self._file, _highest_id(conn, EVENTS))
        self._read_engine = engine(self.url, writes=False)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="mpp-reader")
        self._writer = threading.Thread(target=self._write, name="mpp-writer", daemon=True)
        self._writer.start()

    async def close(self) -> None:
        """Finish what is queued, then stop."""
        if self._writer is None:
            return
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._read_engine.dispose()
        self._write_engine.dispose()
        self._writer = None

    async def execute(self, command: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        job = _Job(lambda tx: command(tx, *args, **kwargs), loop, loop.create_future())
        self._jobs.put(job)
        return await job.future  # type: ignore[no-any-return]

    async def read(self, query: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, partial(self._read, query, *args, **kwargs)
        )

    def _read(self, query: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with self._read_engine.begin() as conn:
                return query(Transaction(conn, self._new_id), *args, **kwargs)
        except AWAY as error:
            if "readonly database" in str(error):
                raise  # a query that writes is a bug of ours, not an outage
            log.exception("database does not answer", error=str(error))
            raise Unavailable(
                "Basis data sedang tidak dapat dibaca. Coba lagi sebentar."
            ) from error

    # -- the writer's thread ---------------------------------------------------------------------

    def _write(self) -> None:
        with self._write_engine.connect() as conn:
            last, noted_at = False, time.monotonic()
            while not last:
                batch, last = self._next_batch()
                if batch:
                    self._run_batch(conn, batch)
                    self._answer(batch)
                if last or time.monotonic() - noted_at > mark.EVERY_S:
                    self._note(conn)
                    noted_at = time.monotonic()

    def _note(self, conn: Connection) -> None:
        """What is on the disk now; nobody waits for it."""
        if self._file is None:
            return
        with contextlib.suppress(DBAPIError):
            with conn.begin():
                highest = _highest_id(conn, EVENTS)
            if highest:
                mark.write(self._file, highest)

    def _next_batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == BATCH:
                return batch, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _run_batch(self, conn: Connection, batch: list[_Job]) -> None:
        try:
            transaction = conn.begin()
        except DBAPIError as error:
            # Somebody else holds the file. We have waited for it; waiting again for each would add up.
            refusal = _refusal(error)
            for job in batch:
                job.error = refusal
            return
        try:
            with transaction:
                for job in batch:
                    self._run(conn, job)
            return
        except _Tainted:
            pass  # somebody failed after writing: undo all, then one by one
        except DBAPIError as error:
            log.exception("commit failed", error=str(error.orig), commands=len(batch))
        for job in batch:
            self._run_alone(conn, job)

    def _run(self, conn: Connection, job: _Job) -> None:
        """One command inside a batch; its refusal stays its own unless it had written."""
        before = _raw(conn).total_changes
        try:
            self._call(conn, job)
        except Exception as error:
            # A full disk makes SQLite end the whole transaction by itself.
            if _raw(conn).total_changes != before or not _raw(conn).in_transaction:
                raise _Tainted from error
            job.error = _refusal(error)

    def _run_alone(self, conn: Connection, job: _Job) -> None:
        job.error = None
        try:
            with conn.begin():
                self._call(conn, job)
        except Exception as error:
            job.error = _refusal(error)

    def _call(self, conn: Connection, job: _Job) -> None:
        tx = Transaction(conn, self._new_id)
        job.result = job.run(tx)
        job.topics = frozenset(tx.topics)

    def _answer(self, batch: list[_Job]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in batch:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, jobs in by_loop.items():
            try:
                loop.call_soon_threadsafe(self._resolve, jobs)
            except RuntimeError:
                log.warning("nobody left to answer", commands=len(jobs))  # its loop is closed

    def _resolve(self, jobs: list[_Job]) -> None:
        """On the event loop, after the commit: wake the screens, then answer."""
        topics = frozenset[str]().union(*(job.topics for job in jobs if job.error is None))
        if topics:
            self._publish(topics)
        for job in jobs:
            if job.future.done():
                continue  # its asker went away; the command stands
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)


class _Tainted(Exception):
    """A command failed after it had written."""


def _raw(conn: Connection) -> sqlite3.Connection:
    return conn.connection.driver_connection  # type: ignore[return-value]


def _refusal(error: Exception) -> Exception:
    """What the asker is told: 503 for trouble with the file or the disk, else the error itself."""
    if not isinstance(error, AWAY):
        return error
    log.error("database does not answer", exc_info=error)
    return Unavailable("Basis data sedang tidak dapat ditulis. Coba lagi sebentar.")


def _highest_id(conn: Connection, *only: str) -> int:
    """The highest id stored, in these tables or in any; 0 before the first migration."""
    there = set(conn.dialect.get_table_names(conn))
    statement = highest_id(there.intersection(only) if only else there)
    return 0 if statement is None else conn.scalar(text(statement)) or 0
