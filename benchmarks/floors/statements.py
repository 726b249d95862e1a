"""The floor of issuing and calling on PostgreSQL: the same one-statement transaction on asyncpg alone.

No HTTP, no rules, no answer: 32 tasks share a pool of 16 connections. Reads its task from the command
line; for every line on standard input it works for so many seconds (or through all counters
once) and writes one line of JSON. Issuing runs the product's own statement; calling runs the
cheapest one that still gives no ticket to two callers: the first few of every queue, the best of them
that nobody has locked, and its event.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import uvloop

from mpp.ids import IdMaker
from mpp.queue.commands.fast_paths import ISSUE

TASKS = 32
CONNECTIONS = 16
NODE = 28

CALL = """
WITH heads AS (
    SELECT h.* FROM counter_services c
    CROSS JOIN (VALUES (0), (1)) l (lane)
    CROSS JOIN LATERAL (
        SELECT w.id, w.rank_at FROM tickets w
        WHERE w.mall_id = $1 AND w.service_id = c.service_id AND w.day = $3 AND w.lane = l.lane
          AND w.state = 'waiting'
        ORDER BY w.rank_at, w.id LIMIT 4) h
    WHERE c.mall_id = $1 AND c.counter_id = $2
), pick AS (
    SELECT t.id FROM heads JOIN tickets t ON t.mall_id = $1 AND t.id = heads.id
    WHERE t.state = 'waiting'
    ORDER BY heads.rank_at, heads.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), t AS (
    UPDATE tickets SET state = 'called', counter_id = $2, calls = calls + 1, events = events + 1,
        called_at = $4
    WHERE mall_id = $1 AND id = (SELECT id FROM pick)
    RETURNING *
), e AS (
    INSERT INTO ticket_events (
        mall_id, id, ticket_id, seq, day, at, action, state, service_id, counter_id, device_id,
        priority, wait_s, data)
    SELECT $1, $5, t.id, t.events, t.day, $4, 'call', 'called', t.service_id, $2, $6, t.priority,
        extract(epoch FROM $4 - t.joined_at)::float8, '{"reason": "first come"}'
    FROM t
)
SELECT id, label FROM t
"""

Work = Callable[[int], Awaitable[Any]]


def issuing(pool: Any, told: Any) -> Work:
    """One issue: the product's statement with its parameters."""
    new_id = IdMaker(NODE)
    zone, services = ZoneInfo("Asia/Jakarta"), told["services"]

    def work(n: int) -> Awaitable[Any]:
        now = datetime.now(UTC)
        service_id, prefix = services[n % len(services)]
        return pool.fetchrow(
            ISSUE,
            told["mall"], prefix, now.astimezone(zone).date(), service_id, new_id(), new_id(), now, now,
            "regular", 0, secrets.token_urlsafe(16), "id", "kiosk", "device:1",
            secrets.token_urlsafe(16), "0" * 64, new_id(), None, 1,
        )  # fmt: skip

    return work


def calling(pool: Any, told: Any) -> Work:
    """One call at the next counter."""
    new_id = IdMaker(NODE)
    zone, counters = ZoneInfo("Asia/Jakarta"), told["counters"]

    async def work(n: int) -> None:
        now = datetime.now(UTC)
        day = now.astimezone(zone).date()
        counter_id = counters[n % len(counters)]
        while await pool.fetchrow(CALL, told["mall"], counter_id, day, now, new_id(), 1) is None:
            pass  # all that it saw were just taken by others: look again

    return work


async def measure(work: Work, numbers: Iterator[int], seconds: float) -> dict[str, Any]:
    """`TASKS` loops for so long, or until the numbers end."""
    latencies: list[float] = []
    began = time.perf_counter()
    until = began + seconds

    async def loop() -> None:
        for n in numbers:
            sent = time.perf_counter()
            if sent > until:
                return
            await work(n)
            latencies.append(time.perf_counter() - sent)

    await asyncio.gather(*(loop() for _ in range(TASKS)))
    return {"seconds": time.perf_counter() - began, "latencies": latencies}


async def as_it_is(_connection: object) -> None:
    """Spare the pool's clearing of a session that holds nothing: it is a round trip each time."""


async def run(told: Any) -> None:
    """Work for as long as each line of standard input says."""
    loop = asyncio.get_running_loop()
    size = {"min_size": CONNECTIONS, "max_size": CONNECTIONS}
    async with asyncpg.create_pool(told["dsn"], **size, reset=as_it_is) as pool:
        is_call = "counters" in told
        work = (calling if is_call else issuing)(pool, told)
        forever = count()
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            numbers = iter(range(len(told["counters"]))) if is_call else forever
            print(json.dumps(await measure(work, numbers, float(line))), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "told", help="JSON: dsn, mall, and services [[id, prefix]] or counters [id]"
    )
    uvloop.run(run(json.loads(parser.parse_args().told)))
