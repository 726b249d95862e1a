"""From a call to the last of 1,000 displays, beside a bare `websockets.broadcast` of as many bytes.

Ours begins when the officer's request is sent: it holds the request, the commit, the reading of the
board and the sending. The floor begins when one client sends the message that the server passes on to all.
"""

import gc
import itertools
import json
import secrets
import statistics
import time
from dataclasses import dataclass, field

from benchmarks import worlds
from benchmarks.client import Talk, request, talk
from benchmarks.context import Bench
from benchmarks.databases import SQLITE
from benchmarks.figures import Line, cost_line, milliseconds, percentile
from benchmarks.screens import Screens
from benchmarks.servers import product, serving
from benchmarks.worlds import HALL, TYPICAL
from mpp.counters.rules.mall import Mall
from mpp.security import Role

DISPLAYS = 1000
BOARD = f"/live/malls/{HALL}/board?zone=a"


@dataclass
class Calls:
    """What was seen of the calls of all rounds, seconds after the request was sent."""

    answered: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)


async def measure(bench: Bench) -> list[Line]:
    """1,000 sockets on each side; one call at a time, at one counter after the other."""
    url = await bench.databases.fresh(SQLITE, "fanout")
    mall = await worlds.open_day(url, HALL, TYPICAL)
    samples = 4 if bench.is_quick else 16
    core, ours, theirs = bench.cores.server, Screens(), Screens()
    rounds: tuple[list[float], list[float]] = [], []
    calls = Calls()
    async with (
        product(url, bench.databases.folder, core) as server,
        serving(["benchmarks.floors.broadcast"], core=core) as bare,
    ):
        bench.say(f"connecting {DISPLAYS} displays to each server")
        await theirs.connect(bare.port, "/", DISPLAYS)
        await ours.connect(server.port, BOARD, DISPLAYS)
        line = await talk(server.port)
        officers = _Officers(line, mall)
        await officers.begin(mall)
        await _calls(officers, ours, 2, Calls())
        size = len(ours.all[0].heard[-1][1])
        gc.collect()
        gc.freeze()  # what is open by now stays open: nothing to look through at every collection
        for n in range(bench.rounds):
            bench.say(f"calls to {DISPLAYS} displays, round {n + 1} of {bench.rounds}")
            rounds[1].append(statistics.median(await _broadcasts(theirs, size, samples)))
            rounds[0].append(statistics.median(await _calls(officers, ours, samples, calls)))
        for each in (ours, theirs, line):
            each.close()
        gc.unfreeze()
    detail = (
        f"after the request: answered {_middle(calls.answered)}, first display "
        f"{_middle(calls.first)}, last {_middle(calls.last)} (p90 "
        f"{milliseconds(percentile(calls.last, 0.9))}); {len(calls.last)} calls, {size:,} bytes a board"
    )
    what = f"call → last of {DISPLAYS:,} displays"
    return [cost_line(what, *rounds, at_most=1.4, show=milliseconds, details=[detail])]


def _middle(seconds: list[float]) -> str:
    return milliseconds(statistics.median(seconds))


async def _broadcasts(screens: Screens, size: int, samples: int) -> list[float]:
    took = []
    for _ in range(samples):
        await screens.quiet()
        mark = secrets.token_hex(16).encode()
        sent = time.perf_counter()
        screens.all[0].say(mark.ljust(size, b"."))
        took.append(max(await screens.times(mark)) - sent)
    return took


class _Officers:
    """All counters at work: each lets its visitor go just before it calls the next."""

    def __init__(self, talk: Talk, mall: Mall) -> None:
        self._talk = talk
        self._token = worlds.token(Role.MANAGER, HALL)
        self._counters = itertools.cycle(each.id for each in mall.counters)
        self._in_hand: dict[int, int] = {}

    async def begin(self, mall: Mall) -> None:
        """Everybody calls once."""
        for _ in mall.counters:
            await self.call(next(self._counters))

    async def free(self) -> int:
        """The next counter, ready to call."""
        counter = next(self._counters)
        await self._post(f"/api/v1/tickets/{self._in_hand[counter]}/miss")
        return counter

    async def call(self, counter: int) -> bytes:
        """Call; answers what a board then holds."""
        ticket = json.loads(await self._post(f"/api/v1/counters/{counter}/call-next"))
        self._in_hand[counter] = ticket["id"]
        return f'"label":"{ticket["label"]}","counter":{counter}'.encode()

    async def _post(self, path: str) -> bytes:
        status, body = await self._talk.ask(request("POST", path, token=self._token))
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}: {body[:300]!r}")
        return body


async def _calls(officers: _Officers, screens: Screens, samples: int, calls: Calls) -> list[float]:
    for _ in range(samples):
        counter = await officers.free()
        await screens.quiet()
        sent = time.perf_counter()
        mark = await officers.call(counter)
        calls.answered.append(time.perf_counter() - sent)
        heard = await screens.times(mark)
        calls.first.append(min(heard) - sent)
        calls.last.append(max(heard) - sent)
    return calls.last[-samples:]
