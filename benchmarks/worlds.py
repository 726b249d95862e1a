"""The malls that are measured, the same in every database, and the state that a round begins with.

The hall is shaped like a large real mall: 20 agencies, 75 services, 32 counters with five services each.
Calls are measured in a second mall with the same services and 1,024 counters, because a counter
calls once and then has somebody in hand: so 32 officers can call on end, and what is measured is the
call alone. Ids and tokens are fixed, the databases are thrown away.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, text, update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from benchmarks.crowd import queue_up
from mpp import schema
from mpp.clock import system_clock
from mpp.counters.commands import people
from mpp.counters.commands.load import load_mall
from mpp.counters.models import counter_services, counters, shift_events, shifts
from mpp.counters.queries import mall_rows
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall, ShiftState
from mpp.db import sqlite
from mpp.db.connect import is_sqlite, open_database
from mpp.db.postgres import async_url
from mpp.db.schema import dumps, loads
from mpp.db.seam import Database, Transaction
from mpp.ids import IdMaker
from mpp.queue.models import number_series, ticket_events, tickets, visits
from mpp.security import Role, token_hash

R = TypeVar("R")

AGENCIES = 20
SERVICES = 75
EACH = 5  # services a counter
LOADER_NODE = 29  # servers lease low ones: ids made here never meet theirs
HALL, CALLERS = "hall", "callers"
COUNTERS = {HALL: 32, CALLERS: 1024}
TOKENS = {
    Role.KIOSK: "bench-kiosk",
    Role.DISPLAY: "bench-display",
    Role.MANAGER: "bench-manager",
}
LONG_AGO_MS = 1_735_700_000_000  # 2025-01-01, for the ids of reference data
TYPICAL = 1_500  # waiting in the hall at a busy time, 20 a service


def mall_file(slug: str) -> MallFile:
    """A mall that is open day and night."""
    services = [
        {"slug": f"s{n:02}", "name": f"Layanan {n}", "prefix": prefix(n)} for n in range(SERVICES)
    ]
    promises = {"promised_minutes": 10, "promised_wait_minutes": 30}
    document = {
        "mall": {"slug": slug, "name": "MPP Ukur", "time_zone": "Asia/Jakarta", "hours": {}},
        "zone": [{"slug": "a", "name": "Zona A"}],
        "agency": [
            {"slug": f"a{n:02}", "name": f"Instansi {n}", "short": f"I{n}", "zone": "a"}
            | {"service": [each | promises for each in services[n::AGENCIES]]}
            for n in range(AGENCIES)
        ],
        "counter": [
            {"label": str(n + 1), "zone": "a"}
            | {"services": [{"service": f"s{s:02}"} for s in served_by(n)]}
            for n in range(COUNTERS[HALL] if slug == HALL else 0)
        ],
    }
    return msgspec.convert(document, MallFile)


def prefix(service: int) -> str:
    """A, B … Z, AA, AB …: one number series a service."""
    first, second = divmod(service, 26)
    return ("" if not first else chr(64 + first)) + chr(65 + second)


def served_by(counter: int) -> list[int]:
    """The five services of the counter with this running number; all counters together cover all."""
    return [(counter * EACH + n) % SERVICES for n in range(EACH)]


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The product's own seam on this database."""
    db = open_database(url, lambda _topics: None)
    await db.start()
    try:
        yield db
    finally:
        await db.close()


async def at_once(url: str, command: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Run one command on a connection of its own: a pool would open sixteen for it."""

    def run(conn: Connection) -> R:
        return command(Transaction(conn, IdMaker(LOADER_NODE)), *args, **kwargs)

    if is_sqlite(url):
        engine = sqlite.engine(url, writes=True)
        try:
            with engine.begin() as conn:
                return run(conn)
        finally:
            engine.dispose()
    aengine = create_async_engine(
        async_url(url), poolclass=NullPool, json_serializer=dumps, json_deserializer=loads
    )
    async with aengine.begin() as aconn:
        return await aconn.run_sync(run)


async def found(url: str) -> None:
    """An empty database with both malls and the devices; counters are closed."""
    await schema.migrate(url)
    await at_once(url, _load)


def _load(tx: Transaction) -> None:
    tx.new_id = IdMaker(LOADER_NODE, milliseconds=lambda: LONG_AGO_MS)
    for slug in (HALL, CALLERS):
        file = mall_file(slug)
        load_mall(tx, file)
        mall = mall_rows.mall(tx, slug)
        if slug == CALLERS:
            _add_counters(tx, mall)
        for role, token in TOKENS.items():
            people.enrol_device(
                tx,
                mall,
                role=role,
                name=str(role),
                hashed=token_hash(f"{token}-{slug}"),
                now=system_clock(),
                unrestricted=True,
            )


def _add_counters(tx: Transaction, mall: Mall) -> None:
    """The callers' counters in two statements: a mall's file is read for dozens, not for a thousand."""
    of = {"mall_id": mall.id}
    rows = [
        of | {"id": tx.new_id(), "label": str(n + 1), "zone": "a", "position": n, "is_active": True}
        for n in range(COUNTERS[CALLERS])
    ]
    by_slug = mall.service_by_slug
    theirs = [
        of | {"counter_id": row["id"], "service_id": by_slug[f"s{s:02}"].id, "weight": 1}
        for n, row in enumerate(rows)
        for s in served_by(n)
    ]
    tx.conn.execute(insert(counters), rows)
    tx.conn.execute(insert(counter_services), theirs)


def token(role: Role, slug: str) -> str:
    """The token of the device with this role in this mall."""
    return f"{TOKENS[role]}-{slug}"


@dataclass(frozen=True)
class Count:
    """What the books say of today."""

    tickets: int
    numbers: int
    """Sum of the last number of every series: equals `tickets` when there is no gap and no double."""
    in_hand: int
    calls: int


async def mall_of(url: str, slug: str) -> Mall:
    return await at_once(url, mall_rows.mall, slug)


async def open_day(url: str, slug: str, waiting: int = 0) -> Mall:
    """A mall in the morning: every counter open, so many people waiting and nothing else of today.

    Where nobody waits some did while PostgreSQL looked, so that it plans for a day at work.
    """
    mall, now = await mall_of(url, slug), system_clock()
    await at_once(url, _sweep, mall, now=now)
    await at_once(url, open_all, mall, now=now)
    await at_once(url, queue_up, mall, waiting or TYPICAL, now=now)
    if not waiting:
        await at_once(url, _clear, mall, now=now)
    return mall


async def close_day(url: str, mall: Mall) -> None:
    """Nothing of today any more, counters closed: what is kept for later runs is as it was."""
    await at_once(url, _sweep, mall, now=system_clock())


def _sweep(tx: Transaction, mall: Mall, *, now: datetime) -> None:
    """Take away today's tickets; the history of earlier days stays."""
    today = mall.day(now)
    for table in (ticket_events, tickets, visits, number_series):
        tx.conn.execute(delete(table).where(table.c.mall_id == mall.id, table.c.day >= today))
    for table in (shift_events, shifts):
        tx.conn.execute(delete(table).where(table.c.mall_id == mall.id))


async def clear(url: str, mall: Mall) -> Count:
    """Count today's books, then take today's tickets away for the next round; counters stay open."""
    return await at_once(url, _clear, mall, now=system_clock())


def _clear(tx: Transaction, mall: Mall, *, now: datetime) -> Count:
    counted = _count(tx, mall, now)
    today = mall.day(now)
    for table in (ticket_events, tickets, visits, number_series):
        tx.conn.execute(delete(table).where(table.c.mall_id == mall.id, table.c.day == today))
    return counted


def _count(tx: Transaction, mall: Mall, now: datetime) -> Count:
    row = tx.conn.execute(
        text(
            """
            SELECT (SELECT count(*) FROM tickets WHERE mall_id = :mall AND day = :day),
                   (SELECT coalesce(sum(last_number), 0) FROM number_series
                    WHERE mall_id = :mall AND day = :day),
                   (SELECT count(*) FROM tickets WHERE mall_id = :mall AND day = :day AND state = 'called'),
                   (SELECT count(DISTINCT ticket_id) FROM ticket_events
                    WHERE mall_id = :mall AND day = :day AND action = 'call')
            """
        ).bindparams(mall=mall.id),
        {"day": mall.day(now) if tx.is_postgres else mall.day(now).isoformat()},
    ).one()
    return Count(*(int(each) for each in row))


async def rewind_calls(url: str, mall: Mall) -> Count:
    """Count the calls, then make everybody wait again."""
    return await at_once(url, _rewind, mall, now=system_clock())


def _rewind(tx: Transaction, mall: Mall, *, now: datetime) -> Count:
    counted = _count(tx, mall, now)
    t, e = tickets.c, ticket_events.c
    today = mall.day(now)
    tx.conn.execute(
        delete(ticket_events).where(e.mall_id == mall.id, e.day == today, e.action == "call")
    )
    tx.conn.execute(
        update(tickets)
        .where(t.mall_id == mall.id, t.day == today, t.state == "called")
        .values(state="waiting", counter_id=None, calls=0, events=1, called_at=None, reason=None)
    )
    return counted


def open_all(tx: Transaction, mall: Mall, *, now: datetime) -> None:
    """Open every counter of a mall where all are closed."""
    rows = [
        {
            "mall_id": mall.id,
            "id": tx.new_id(),
            "counter_id": counter.id,
            "state": ShiftState.OPEN,
            "day": mall.day(now),
            "opened_at": now,
        }
        for counter in mall.counters
    ]
    tx.conn.execute(insert(shifts), rows)
