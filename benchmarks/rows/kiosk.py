"""A visitor's choice to the ticket's page, 32 kiosks at once, while strangers try passwords.

The floor is the same without the strangers. They come from ever new addresses, so that no limit on one
address keeps them out: each try would be a password to check.
"""

import asyncio
import contextlib
import itertools
import statistics
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from benchmarks import worlds
from benchmarks.client import Talk, form, request, talk
from benchmarks.context import Bench
from benchmarks.databases import SQLITE
from benchmarks.figures import Line, cost_line, milliseconds, percentile
from benchmarks.servers import product
from benchmarks.worlds import HALL, SERVICES
from mpp.security import Role

KIOSKS = 32
TRIES = 200  # wrong sign-ins a second
STRANGERS = 100  # connections that they come on


async def measure(bench: Bench) -> list[Line]:
    """Quiet and beset in turn, on one server."""
    url = await bench.databases.fresh(SQLITE, "kiosk")
    await worlds.open_day(url, HALL)
    quiet: list[array[float]] = []
    beset: list[array[float]] = []
    answers: Counter[int] = Counter()
    folder, core = bench.databases.folder, bench.cores.server
    async with product(url, folder, core, MPP_TRUSTED_PROXIES="1") as server:
        kiosks = [await talk(server.port) for _ in range(KIOSKS)]
        await _visits(kiosks, bench.warm_up)
        for n in range(bench.rounds):
            bench.say(f"kiosks beside wrong sign-ins, round {n + 1} of {bench.rounds}")
            quiet.append(await _visits(kiosks, bench.seconds))
            async with _trying(server.port, answers):
                await _visits(kiosks, bench.warm_up)
                beset.append(await _visits(kiosks, bench.seconds))
        for each in kiosks:
            each.close()
    ours, floor = ([statistics.median(each) for each in side] for side in (beset, quiet))
    told = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
    p99 = [milliseconds(percentile(itertools.chain(*side), 0.99)) for side in (beset, quiet)]
    return [
        cost_line(
            f"kiosk: choice → ticket page, {KIOSKS} at once, {TRIES} wrong sign-ins/s beside",
            ours,
            floor,
            at_most=2,
            show=milliseconds,
            details=[f"p99 {p99[0]}, without the sign-ins {p99[1]}; they were answered {told}"],
        )
    ]


async def _visits(kiosks: list[Talk], seconds: float) -> "array[float]":
    """How long each visitor waited, from the choice sent to the ticket's page."""
    took = array("d")
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_kiosk(each, n, until, took) for n, each in enumerate(kiosks)))
    return took


async def _kiosk(line: Talk, n: int, until: float, took: "array[float]") -> None:
    """One visitor after the other."""
    token = worlds.token(Role.KIOSK, HALL)
    for service in itertools.count(n):
        began = time.perf_counter()
        if began >= until:
            return
        key = f"kiosk-{n:02}-{time.time_ns()}"
        path = f"/kiosk/service/s{service % SERVICES:02}"
        body = urlencode({"key": key, "priority": "regular"}).encode()
        status, _ = await line.ask(form(path, body, token=token))
        if status != 303:
            raise RuntimeError(f"the choice was answered {status}")
        status, page = await line.ask(request("GET", line.location, token=token))
        if status != 200:
            raise RuntimeError(f"the ticket's page was answered {status}: {page[:300]!r}")
        took.append(time.perf_counter() - began)


@contextlib.asynccontextmanager
async def _trying(port: int, answers: Counter[int]) -> AsyncIterator[None]:
    """`TRIES` a second as long as the block lasts; whoever still waits for an answer tries nothing else."""
    lines = [await talk(port) for _ in range(STRANGERS)]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_stranger(each, n / TRIES, answers)) for n, each in enumerate(lines)
        ]
        yield
        for each in tasks:
            each.cancel()
    for line in lines:
        line.close()


async def _stranger(line: Talk, delay: float, answers: Counter[int]) -> None:
    await asyncio.sleep(delay)
    due = time.perf_counter()
    while True:
        unique = time.time_ns()
        address = f"10.{unique >> 16 & 255}.{unique >> 8 & 255}.{unique & 255}"
        body = urlencode({"username": f"officer{unique}", "password": "guess"}).encode()
        status, _ = await line.ask(form("/sign-in", body, address=address))
        answers[status] += 1
        due += STRANGERS / TRIES
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
