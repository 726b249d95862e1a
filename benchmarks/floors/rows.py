"""The floor of issuing on SQLite: a bare Litestar handler that stores one raw row, durably.

One thread owns one connection; whatever is queued shares a commit (synchronous FULL). That is the least
that a server can do which answers only for what is on the disk.
"""

import argparse
import asyncio
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import uvicorn
from litestar import Litestar, get, post
from litestar.params import JSONBody

BATCH = 256

Job = tuple[tuple[str, str], "asyncio.Future[int]"]


class IssueBody(msgspec.Struct):
    """The body that the product's kiosk sends."""

    service: str
    priority: str = "regular"


class Stored(msgspec.Struct):
    """The row's number."""

    id: int


class Writer(threading.Thread):
    """Stores rows in groups."""

    def __init__(self, path: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._loop = loop
        self.jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, service TEXT, priority TEXT)"
        )
        while True:
            batch = [self.jobs.get()]
            while len(batch) < BATCH and not self.jobs.empty():
                batch.append(self.jobs.get())
            connection.execute("BEGIN IMMEDIATE")
            done = []
            for row, future in batch:
                made = connection.execute("INSERT INTO rows (service, priority) VALUES (?, ?)", row)
                done.append((future, made.lastrowid or 0))
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_answer, done)


def _answer(done: list[tuple["asyncio.Future[int]", int]]) -> None:
    for future, number in done:
        if not future.done():
            future.set_result(number)


def create(path: str) -> Litestar:
    """The application on this file."""
    writers: list[Writer] = []

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        writers.append(Writer(path, asyncio.get_running_loop()))
        writers[0].start()
        yield

    @post("/rows")
    async def store(data: JSONBody[IssueBody]) -> Stored:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        writers[0].jobs.put(((data.service, data.priority), future))
        return Stored(await future)

    @get("/health/ready", sync_to_thread=False)
    def ready() -> str:
        return "ok"

    return Litestar([store, ready], lifespan=[running], logging_config=None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    uvicorn.run(
        create(arguments.file),
        port=arguments.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
    )
