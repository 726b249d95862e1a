"""`mpp migrate`, and `mpp backup` and `mpp restore` for the embedded database."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click

from mpp.cli.files import only_server, sqlite_file
from mpp.cli.progress import Progress
from mpp.clock import system_clock
from mpp.config import Settings
from mpp.db.mark import note_beside
from mpp.errors import Conflict, Invalid
from mpp.schema import migrate as migrate_database


@click.command()
def migrate() -> None:
    """Bring the database of MPP_DATABASE_URL to this release's schema.

    Safe to run again: it says from which revision to which it went.
    """
    settings = Settings.from_env(os.environ)
    progress = Progress()
    with progress.step("Memigrasi basis data"):
        before, after = asyncio.run(migrate_database(settings.database_url))
    if before == after:
        progress.say(f"Sudah pada revisi {after}.")
    else:
        progress.say(f"Dari revisi {before or '(kosong)'} ke {after}.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the embedded database to FILE while it is in use, and check the copy.

    FILE must not exist yet. For PostgreSQL use pg_dump.
    """
    path = _embedded("pg_dump")
    if not path.exists():
        raise Invalid(f"Belum ada basis data di {path}.")
    if file.exists():
        raise Conflict(f"{file} sudah ada; cadangan tidak menimpa apa pun.")
    file.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with progress.step("Menyalin"), _opened(path) as connection:
            connection.execute("VACUUM INTO ?", (str(partial),))
        with progress.step("Memeriksa salinan"):
            _check(partial)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    progress.say(f"Cadangan: {file} ({file.stat().st_size // 1024} KiB)")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in the place of the embedded database.

    Refused while a server runs. The database that stood there is kept beside it under another name.
    """
    path = _embedded("pg_restore")
    progress = Progress()
    with only_server(Settings.from_env(os.environ).database_url):
        with progress.step("Memeriksa cadangan"):
            _check(file)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with progress.step("Menyalin"):
                shutil.copyfile(file, partial)
                partial.chmod(0o600)
            aside = _put_aside(path)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    kept = f" Yang lama: {aside}" if aside else ""
    progress.say(f"{path} dipulihkan dari {file}.{kept}")


def _embedded(tool: str) -> Path:
    path = sqlite_file(Settings.from_env(os.environ).database_url)
    if path is None:
        raise Invalid(f"Perintah ini untuk SQLite. Untuk PostgreSQL pakai {tool}.")
    return path


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def _check(path: Path) -> None:
    """`Invalid` unless the file is a whole database of ours."""
    try:
        with _opened(path) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{path} bukan basis data mpp yang utuh: {error}") from error
    if answer != "ok" or revision is None:
        raise Invalid(f"{path} bukan basis data mpp yang utuh: {answer}")


def _put_aside(path: Path) -> Path | None:
    """Rename what stands there, its write-ahead log included; answers the new name."""
    if not path.exists():
        return None
    stamp = system_clock().strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.before-restore-{stamp}")
    note_beside(path).unlink(missing_ok=True)  # it is about what stands there no more
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside
