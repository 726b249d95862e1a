"""The embedded database's file, and the lock that gives it to one server process."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from mpp.db.connect import is_sqlite
from mpp.errors import Conflict


def sqlite_file(url: str) -> Path | None:
    """The embedded database's file; None for PostgreSQL."""
    return Path(make_url(url).database or "") if is_sqlite(url) else None


@contextlib.contextmanager
def only_server(url: str) -> Iterator[None]:
    """Hold the embedded database's lock: one file belongs to one server process.

    Raises `Conflict` while another process holds it. The kernel lets go of it however a process ends.
    """
    path = sqlite_file(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                f"Basis data {path} sedang dipakai oleh server lain. Satu berkas SQLite melayani "
                "satu proses; untuk beberapa proses pakai PostgreSQL (MPP_DATABASE_URL)."
            ) from error
        yield
    finally:
        os.close(descriptor)
