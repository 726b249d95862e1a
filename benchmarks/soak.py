"""Does memory stand still? `make soak`: a hall under steady load with forty screens, watched for an hour.

A kiosk issues and officers call, start and complete, `--per-second` of these together, while boards hang
on their sockets. Exit status 1 when memory still rises in the second half by more than `RISE` MiB a minute.
The overview is left out: it keeps the day's tickets in memory, so that grows with them by design.
"""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import worlds
from benchmarks.client import Talk, request, talk
from benchmarks.databases import SQLITE, databases
from benchmarks.screens import Screens
from benchmarks.servers import Server, product
from benchmarks.worlds import HALL, SERVICES
from mpp.counters.rules.mall import Mall
from mpp.security import Role

RISE = 0.2
SCREENS = 40
SAMPLES = 30


async def serve_one(talking: Talk, counter: int, n: int) -> int:
    """Issue a number, call whoever is next, start and complete; answers how many of these were done."""
    kiosk, leader = worlds.token(Role.KIOSK, HALL), worlds.token(Role.MANAGER, HALL)
    body = json.dumps({"service": f"s{n % SERVICES:02}", "priority": "regular"}).encode()
    path = f"/api/v1/malls/{HALL}/tickets"
    await talking.ask(request("POST", path, token=kiosk, body=body, key=secrets.token_hex(12)))
    path = f"/api/v1/counters/{counter}/call-next"
    status, said = await talking.ask(request("POST", path, token=leader))
    if status != 200:
        return 2
    ticket = json.loads(said)["id"]
    for action in ("start", "complete"):
        await talking.ask(request("POST", f"/api/v1/tickets/{ticket}/{action}", token=leader))
    return 4


async def soak(server: Server, mall: Mall, minutes: float, per_second: float) -> list[float]:
    """MiB at the beginning, and after each `SAMPLES`th part of the time."""
    talking = await talk(server.port)
    counters = [each.id for each in mall.counters]
    began, done, n, seen = time.monotonic(), 0, 0, [server.memory_mib()]
    every = minutes * 60 / SAMPLES
    while (passed := time.monotonic() - began) < minutes * 60:
        if passed >= every * len(seen):
            seen.append(server.memory_mib())
            print(f"{passed / 60:6.1f} min  {done:8,} done  {seen[-1]:7.1f} MiB", flush=True)
        if done > passed * per_second:
            await asyncio.sleep(0.01)
            continue
        done += await serve_one(talking, counters[n % len(counters)], n)
        n += 1
    talking.close()
    return [*seen, server.memory_mib()]


def slope(values: list[float]) -> float:
    """Of the straight line through them, by least squares: a step of one to the right."""
    middle = (len(values) - 1) / 2
    spread = sum((n - middle) ** 2 for n in range(len(values)))
    return sum((n - middle) * value for n, value in enumerate(values)) / spread if spread else 0.0


async def run(minutes: float, per_second: float) -> float:
    """MiB a minute in the second half."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with databases(folder) as made:
            url = await made.fresh(SQLITE, "soak")
            mall = await worlds.open_day(url, HALL)
            async with product(url, folder, None) as server:
                screens = Screens()
                await screens.connect(server.port, f"/live/malls/{HALL}/board", SCREENS)
                seen = await soak(server, mall, minutes, per_second)
                screens.close()
    return slope(seen[len(seen) // 2 :]) * SAMPLES / minutes


def main() -> int:
    asked = argparse.ArgumentParser(prog="make soak", description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--per-second", type=float, default=47)
    given = asked.parse_args()
    rise = asyncio.run(run(given.minutes, given.per_second))
    print(f"second half: {rise:+.2f} MiB a minute (at most {RISE})")
    return int(rise > RISE)


if __name__ == "__main__":
    sys.exit(main())
