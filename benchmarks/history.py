"""A million old tickets: made once by DuckDB's SQL, loaded into both databases, kept for later runs.

Every ticket has its visit, its number, its events and its final state, and they agree; days and
services are as uneven as in a hall. The hall's tickets come from 250 working days. The callers' mall gets a
fifth as many more, so that its counters have a past too. Kept under the data folder as Parquet (what
DuckDB reports from) and as a SQLite database, and on the PostgreSQL server as a database.
"""

import asyncio
import csv
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import asyncpg
import duckdb

from benchmarks import worlds
from benchmarks.context import Bench
from benchmarks.databases import POSTGRES
from benchmarks.worlds import CALLERS, HALL, SERVICES
from mpp import migrations
from mpp.clock import system_clock
from mpp.counters.rules.mall import Mall
from mpp.ids import COUNTER_BITS, EPOCH_MS, NODE_BITS

DAYS = 250
PREFIX = "mpp_bench_history_"
TABLES = ("visits", "tickets", "ticket_events", "number_series")
CHUNK = 50_000
SQL = Path(__file__).with_suffix(".sql")
MOMENTS = ("created_at", "joined_at", "rank_at", "called_at", "started_at", "ended_at", "at")


@dataclass(frozen=True)
class History:
    """Where the old tickets are."""

    folder: Path
    """Parquet files, one a table."""
    sqlite: str
    postgres: str | None
    last_day: date


async def history(bench: Bench) -> History:
    """The history, made where it is not there yet."""
    folder = bench.folder / f"history-{bench.history}-{_fingerprint()}"
    for stale in bench.folder.glob(f"history-{bench.history}-*"):
        if stale != folder:
            shutil.rmtree(stale)
    sqlite = f"sqlite:///{folder / 'mpp.sqlite3'}"
    if not (folder / "done").exists():
        await _make(bench, folder, sqlite)
    last_day = date.fromisoformat((folder / "done").read_text())
    return History(folder, sqlite, await _on_postgres(bench, folder), last_day)


def _fingerprint() -> str:
    """Changes with the schema and with this module."""
    sources = sorted(Path(migrations.__path__[0]).glob("versions/*.py"))
    read = b"".join(
        each.read_bytes() for each in [*sources, Path(__file__), SQL, Path(worlds.__file__)]
    )
    return hashlib.sha256(read).hexdigest()[:10]


async def forget(bench: Bench) -> None:
    """Remove every kept history."""
    for folder in bench.folder.glob("history-*"):
        shutil.rmtree(folder)
    if bench.databases.postgres is not None:
        await bench.databases.drop_kept(PREFIX)


# -- making --------------------------------------------------------------------------------------


async def _make(bench: Bench, folder: Path, url: str) -> None:
    _emptied(folder)
    bench.say(f"making {bench.history:,} old tickets (once; later runs use them again)")
    await worlds.found(url)
    last_day = system_clock().date() - timedelta(days=2)
    connection = duckdb.connect(str(folder / "making.duckdb"))
    try:
        for slug, count in ((HALL, bench.history), (CALLERS, bench.history // 5)):
            mall = await worlds.mall_of(url, slug)
            await asyncio.to_thread(_invent, connection, mall, count, last_day)
        for table in TABLES:
            order = "ORDER BY mall_id, day, id" if table != "number_series" else ""
            connection.execute(
                f"COPY (SELECT * FROM {table} {order}) TO '{folder / table}.parquet' (FORMAT parquet)"
            )
            await asyncio.to_thread(_into_sqlite, connection, folder, table, bench.say)
    finally:
        connection.close()
    _finish(folder, last_day)


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _finish(folder: Path, last_day: date) -> None:
    (folder / "making.duckdb").unlink()
    (folder / "done").write_text(last_day.isoformat())


def _invent(db: duckdb.DuckDBPyConnection, mall: Mall, count: int, last_day: date) -> None:
    """Tickets of one mall, in tables of the database's own names and columns."""
    counters_of: dict[int, list[int]] = {each.id: [] for each in mall.services}
    for counter in mall.counters:
        for service_id in counter.weights:
            counters_of[service_id].append(counter.id)
    db.execute(
        "CREATE OR REPLACE TABLE offered (n INTEGER, id BIGINT, prefix TEXT, counters BIGINT[])"
    )
    db.executemany(
        "INSERT INTO offered VALUES (?, ?, ?, ?)",
        [(n, each.id, each.prefix, counters_of[each.id]) for n, each in enumerate(mall.services)],
    )
    values = {"mall": mall.id, "count": count, "days": DAYS, "services": SERVICES}
    known = {"last": last_day, "epoch": EPOCH_MS, "shift": NODE_BITS + COUNTER_BITS}
    for statement in SQL.read_text().split(";\n"):
        db.execute(_filled(statement, values | known))


def _filled(statement: str, values: Mapping[str, object]) -> str:
    for name, value in values.items():
        statement = statement.replace(f"${name}", str(value))
    return statement


# -- loading -------------------------------------------------------------------------------------


def _columns(db: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    rows = db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return [str(row[0]) for row in rows]


def _csv(
    db: duckdb.DuckDBPyConnection, source: str, path: Path, names: Sequence[str], how: str
) -> None:
    """Write a table as the other database reads it; `how`: a moment in its own form."""
    shown = [how.format(f'"{name}"') if name in MOMENTS else name for name in names]
    order = "ORDER BY mall_id, id" if "id" in names else ""
    db.execute(f"COPY (SELECT {', '.join(shown)} FROM {source} {order}) TO '{path}' (HEADER false)")


def _into_sqlite(
    db: duckdb.DuckDBPyConnection, folder: Path, table: str, say: Callable[[str], None]
) -> None:
    names = _columns(db, table)
    count = db.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    path = folder / f"{table}.csv"
    _csv(db, table, path, names, "epoch_us({0}) AS {0}")
    connection = sqlite3.connect(folder / "mpp.sqlite3", isolation_level=None)
    # A file that is thrown away when this fails need not survive a power cut meanwhile.
    for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {setting}")
    places = ", ".join("nullif(?, '')" for _ in names)
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"
    # Indexes are quicker made at the end than kept up to date row by row.
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOTNULL",
        (table,),
    ).fetchall()
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    with path.open(newline="") as file:
        for n, rows in enumerate(_chunks(csv.reader(file))):
            say(f"old tickets into SQLite: {table}, {n * CHUNK:,} of {count:,} rows")
            connection.executemany(insert, rows)
    say(f"old tickets into SQLite: indexes of {table}")
    for _, index in indexes:
        connection.execute(index)
    connection.execute("COMMIT")
    connection.close()
    path.unlink()


def _chunks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while some := list(islice(rows, CHUNK)):
        yield some


async def _on_postgres(bench: Bench, folder: Path) -> str | None:
    if bench.databases.postgres is None:
        return None
    name = PREFIX + folder.name.removeprefix("history-").replace("-", "_")
    kept = await bench.databases.kept(name)
    if kept is not None:
        return kept
    await bench.databases.drop_kept(f"{PREFIX}{bench.history}_")
    url = await bench.databases.empty(POSTGRES, "history")
    await worlds.found(url)
    connection = await asyncpg.connect(url)
    db = duckdb.connect()
    try:
        # References hold by construction; checking five million rows takes minutes.
        await connection.execute("SET session_replication_role = replica")
        for n, table in enumerate(TABLES):
            bench.say(f"old tickets into PostgreSQL: {table} ({n + 1} of {len(TABLES)})")
            source, path = f"'{folder / table}.parquet'", folder / f"{table}.csv"
            names = _columns(db, source)
            await asyncio.to_thread(
                _csv, db, source, path, names, "strftime({0}, '%Y-%m-%d %H:%M:%S.%f+00') AS {0}"
            )
            await connection.copy_to_table(table, source=path, columns=names, format="csv")
            path.unlink()
        bench.say("PostgreSQL looks through the old tickets")
        await connection.execute("VACUUM ANALYZE")
    finally:
        db.close()
        await connection.close()
    return await bench.databases.keep(url, name)
