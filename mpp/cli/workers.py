"""Several worker processes under one parent: how many PostgreSQL can bear, and how they live and end.

uvicorn's supervisor starts a worker again that died. Ours goes further: one worker that cannot start does not
end those that serve, and workers end with their parent, however that ended.
"""

import multiprocessing
import os
import signal
import threading
import time
from socket import socket

import asyncpg
import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from mpp.cli.serving import Server
from mpp.db.postgres import asyncpg_dsn
from mpp.errors import Conflict, Unavailable

log = structlog.get_logger()

AGAIN_S = 2.0
"""A worker that could not start is tried again after so long."""
ORPHANED_S = 10.0
"""Workers whose parent is gone have so long to end by themselves."""

ROOM = """
SELECT current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int AS every,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'
        AND pid <> pg_backend_pid())::int AS used,
       (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)::int AS of_role,
       (SELECT count(*) FROM pg_stat_activity WHERE usename = current_user
        AND pid <> pg_backend_pid())::int AS used_by_role,
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database())::int AS of_database,
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid())::int AS used_here
"""


async def must_have_room(url: str, workers: int, each: int) -> None:
    """`Conflict` unless PostgreSQL has so many connections free for every worker.

    Counts the server's limit, the role's and the database's, whichever leaves least.
    """
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        row = await connection.fetchrow(ROOM)
    finally:
        await connection.close()
    assert row is not None  # noqa: S101 - an aggregate always answers
    limits = [
        (row["every"], row["used"]),
        (row["of_role"], row["used_by_role"]),
        (row["of_database"], row["used_here"]),
    ]
    most, used = min(((n, m) for n, m in limits if n >= 0), key=lambda pair: pair[0] - pair[1])
    if workers * each > most - used:
        raise Conflict(
            f"PostgreSQL menyediakan {most} sambungan dan {used} sudah terpakai, sedangkan {workers} "
            f"proses × {each} sambungan = {workers * each}. Kurangi --workers, kecilkan "
            "MPP_DATABASE_CONNECTIONS, atau naikkan max_connections di PostgreSQL."
        )


class Worker(Process):
    """A process that ends as one alone does."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket], drain_s: float) -> None:
        super().__init__(config, sockets)
        self._drain_s = drain_s

    @property
    def server(self) -> Server:
        if not isinstance(self._server, Server):
            self._server = Server(self.config, drain_s=self._drain_s)
        return self._server


class Workers(Multiprocess):
    """The supervisor, see the module. `run` raises `Unavailable` when not one worker could start."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket], *, drain_s: float = 0
    ) -> None:
        super().__init__(config, sockets)
        self._drain_s = drain_s
        self._one_served = False
        self._failed: set[int] = set()
        self._not_before: dict[int, float] = {}

    def init_processes(self) -> None:
        self.processes = [self._started() for _ in range(self.processes_num)]

    def _started(self) -> Worker:
        worker = Worker(self.config, self.sockets, self._drain_s)
        worker.start()
        return worker

    def run(self) -> None:
        super().run()
        if len(self._failed) == self.processes_num:
            raise Unavailable("Tidak satu pun proses dapat dimulai; sebabnya ada di log di atas.")

    def keep_subprocess_alive(self) -> None:
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if place in self._not_before:
                self._start_again(place)
            elif process.is_alive(timeout=self.config.timeout_worker_healthcheck):
                self._one_served = self._one_served or process.is_ready()
                if self._one_served:
                    self._failed.clear()
            else:
                self._ended(place, process)

    def _ended(self, place: int, process: Process) -> None:
        process.kill()  # it may hang rather than be gone
        process.join()
        could_not_start = process.exitcode == STARTUP_FAILURE
        log.warning("worker ended", process=process.pid, could_not_start=could_not_start)
        self._not_before[place] = time.monotonic() + (AGAIN_S if could_not_start else 0)
        if could_not_start and not self._one_served:
            self._failed.add(place)
            if len(self._failed) == self.processes_num:  # each would fail the same way for ever
                self.should_exit.set()

    def _start_again(self, place: int) -> None:
        if time.monotonic() >= self._not_before[place]:
            del self._not_before[place]
            self.processes[place] = self._started()

    def terminate_all(self) -> None:
        for place, process in enumerate(self.processes):
            if place not in self._not_before:
                process.terminate()


def end_with_parent() -> None:
    """In a worker: when the parent is gone, end as at SIGTERM, and by force if that takes too long.

    Orphans would hold the port and serve on, watched by nobody.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for_end_of, args=(parent,), daemon=True).start()


def _wait_for_end_of(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    log.error("parent process gone", process=os.getpid())
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORPHANED_S)
    os.kill(os.getpid(), signal.SIGKILL)
