"""What the rows with load share: issuing and calling through HTTP, one round at a time."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from benchmarks import worlds
from benchmarks.client import drive, request
from benchmarks.context import Bench
from benchmarks.figures import Round, round_of
from benchmarks.servers import Server
from benchmarks.worlds import CALLERS, EACH, HALL, SERVICES
from mpp.counters.rules.mall import Mall
from mpp.security import Role

CLIENTS = 32
WAITING = 10_000


def wishes(path: str, client: int) -> Iterator[bytes]:
    """Endless wishes for numbers, each with a key of its own, over all services in turn."""
    token, started = worlds.token(Role.KIOSK, HALL), secrets.token_hex(8)
    bodies = [
        json.dumps({"service": f"s{n:02}", "priority": "regular"}).encode() for n in range(SERVICES)
    ]
    n = client * 7
    while True:
        key = f"{started}-{client}-{n}"
        yield request("POST", path, token=token, body=bodies[n % SERVICES], key=key)
        n += 1


ISSUE_PATH = f"/api/v1/malls/{HALL}/tickets"


async def issue_for(bench: Bench, server: Server, path: str, seconds: float) -> Round:
    """`CLIENTS` kiosks take numbers for so long."""
    used = server.cpu_s()
    load = await drive(server.port, [wishes(path, n) for n in range(CLIENTS)], seconds)
    load.must_be(201)
    return round_of(load, server.cpu_s() - used)


async def issue_round(bench: Bench, server: Server, url: str, mall: Mall) -> Round:
    """A warm-up, a measured round, the books checked and cleared."""
    warm = await issue_for(bench, server, ISSUE_PATH, bench.warm_up)
    measured = await issue_for(bench, server, ISSUE_PATH, bench.seconds)
    counted = await worlds.clear(url, mall)
    acknowledged = len(warm.latencies) + len(measured.latencies)
    if not counted.tickets == counted.numbers == acknowledged:
        raise RuntimeError(f"{acknowledged} acknowledged, but the books say {counted}")
    return measured


async def call_round(server: Server, url: str, mall: Mall) -> Round:
    """Every counter calls once, 32 officers at a time; the books checked, everybody waits again."""
    counters = in_turn(mall)
    token = worlds.token(Role.MANAGER, CALLERS)
    calls = [
        request("POST", f"/api/v1/counters/{each}/call-next", token=token) for each in counters
    ]
    used = server.cpu_s()
    load = await drive(server.port, [iter(calls[n::CLIENTS]) for n in range(CLIENTS)])
    load.must_be(200)
    measured = round_of(load, server.cpu_s() - used)
    counted = await worlds.rewind_calls(url, mall)
    if not counted.in_hand == counted.calls == len(counters):
        raise RuntimeError(f"{len(counters)} acknowledged, but the books say {counted}")
    return measured


def in_turn(mall: Mall) -> list[int]:
    """The callers' counters, so that 32 officers of one moment are of all agencies.

    Neighbours in the list share no service; the step is odd, so it comes by each of 1,024 once.
    """
    step = SERVICES // EACH + 2
    return [mall.counters[n * step % len(mall.counters)].id for n in range(len(mall.counters))]


def told_of(mall: Mall, dsn: str, **more: Any) -> str:
    """What a floor on the database alone must know."""
    return json.dumps({"dsn": dsn, "mall": mall.id, **more})
