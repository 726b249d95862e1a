"""A nation on one machine: the busiest quarter of an hour of 305 malls on PostgreSQL and two workers.

The load: `benchmarks.nation.arrivals`. 305 malls with 30 counters each, 915 displays, and a phone for
everybody who has taken a number and does not sit yet. The two workers and PostgreSQL run where the system
puts them, on both cores; the load generator keeps to its own. Every latency counts from the moment at
which the request should have been sent. Afterwards `mpp verify` goes through the books of all
malls, and every acknowledged ticket and call must be in them once.
"""

import asyncio
import gc
import os
import sys
import time
from dataclasses import dataclass

import asyncpg

from benchmarks.context import Bench
from benchmarks.figures import Line, not_measured
from benchmarks.nation import world
from benchmarks.nation.arrivals import QUARTER_S
from benchmarks.nation.play import Play
from benchmarks.nation.seen import ACTIONS, Seen, told
from benchmarks.servers import Server, cpu_s, product

WHAT = "a nation's busiest quarter hour"
WORKERS = 2
SLICE_S = 60.0  # of a quick run, and of more than the usual load
ACTION_MS, BOARD_MS = 100, 250
SEED = 20_260
UP_S = 30.0


@dataclass(frozen=True)
class Stretch:
    """One stretch of load and what came of it."""

    pace: float
    seconds: float
    seen: Seen
    displays: int
    used: list[float]
    """CPU time of each worker, then of the database's sessions, seconds."""
    memory: tuple[float, ...]
    """MiB of each worker at the end."""
    sockets: tuple[int, ...]
    faults: list[str]

    @property
    def is_met(self) -> bool:
        """All aims."""
        return self.action_ms <= ACTION_MS and self.board_ms <= BOARD_MS and not self.faults

    @property
    def action_ms(self) -> float:
        return self.seen.worst_p99() * 1e3

    @property
    def board_ms(self) -> float:
        return self.seen.board_p99() * 1e3


async def measure(bench: Bench) -> list[Line]:
    """The quarter of an hour (quickly: a minute of it), then a minute each of so many times as much."""
    if bench.databases.postgres is None:
        return [not_measured(WHAT, "no PostgreSQL answers")]
    usual = await stretch(bench, 1.0, SLICE_S if bench.is_quick else QUARTER_S)
    more = [await stretch(bench, times, SLICE_S) for times in bench.times]
    return lines(usual, more)


async def stretch(bench: Bench, pace: float, seconds: float, malls: int = world.MALLS) -> Stretch:
    """A fresh nation, filled as in the middle of a morning, under load for so long."""
    url = await world.nation(bench.databases, bench.say, malls)
    folder = bench.databases.folder
    about = f"{malls} malls, {pace:g} times the usual load"
    async with product(url, folder, bench.cores.both, workers=WORKERS) as server:
        workers = await _both(server, url)
        play = Play(await world.malls_of(url), server.port, SEED, pace)
        try:
            bench.say(f"{about}: they fill")
            displays = await play.fill()
            gc.collect()
            gc.freeze()  # what is open by now stays open
            bench.say(f"{about}: {seconds:.0f} s")
            before = await _used(workers, url)
            await play.run(seconds)
            after = await _used(workers, url)
            memory, sockets = zip(*((w.memory_mib(), w.sockets()) for w in workers), strict=True)
            faults = _faults(play)
        finally:
            await play.close()
            gc.unfreeze()
    faults += await _wrong_books(play, url) + await _verified(url)
    await bench.databases.drop(url)
    used = _between(before, after, [each.pid for each in workers])
    return Stretch(pace, seconds, play.seen, displays, used, memory, sockets, faults)


async def _both(server: Server, url: str) -> list[Server]:
    """The workers, once each of them listens to the others: it takes requests then."""
    connection = await asyncpg.connect(url)
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND query LIKE 'LISTEN%'"
    )
    try:
        until = time.perf_counter() + UP_S
        while await connection.fetchval(query) < WORKERS:
            if time.perf_counter() > until:
                raise RuntimeError(f"not {WORKERS} workers within {UP_S:.0f} s")
            await asyncio.sleep(0.05)
    finally:
        await connection.close()
    await asyncio.sleep(0.5)
    return server.workers()


async def _sessions(url: str) -> dict[int, float]:
    """CPU seconds of this database's sessions so far, by process."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
    return {row["pid"]: cpu_s(row["pid"]) for row in rows}


async def _used(workers: list[Server], url: str) -> dict[int, float]:
    """CPU seconds so far of each worker, then of the database's sessions."""
    return {each.pid: each.cpu_s() for each in workers} | await _sessions(url)


def _between(before: dict[int, float], after: dict[int, float], workers: list[int]) -> list[float]:
    """Seconds of each worker, then of all sessions together; of those that ended nothing is known."""
    used = {pid: cpu - before.get(pid, 0.0) for pid, cpu in after.items()}
    return [*(used.pop(pid) for pid in workers), sum(used.values())]


# -- whether all is well -------------------------------------------------------------------------


def _faults(play: Play) -> list[str]:
    found = [f"{count} × {error}" for error, count in play.seen.errors.most_common()]
    if play.ears.lost.lost:
        found.append(f"{play.ears.lost.lost} sockets were dropped")
    if play.ears.missing:
        found.append(f"{play.ears.missing} times a display or a phone did not hear of a call")
    return found


async def _wrong_books(play: Play, url: str) -> list[str]:
    books = await world.books(url)
    issued, called = play.acknowledged["issue"], play.acknowledged["call"]
    is_right = books.tickets == books.numbers == issued and books.calls == called
    return [] if is_right else [f"{issued} issued, {called} called, but {books}"]


async def _verified(url: str) -> list[str]:
    """What `mpp verify` finds in all malls."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mpp", "verify"),
        env={**os.environ, "MPP_DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode == 0:
        return []
    return [f"mpp verify ended with {process.returncode}: {output[-300:].decode()}"]


# -- telling -------------------------------------------------------------------------------------


def lines(usual: Stretch, more: list[Stretch]) -> list[Line]:
    """One line for the actions, one for the boards."""
    how = "no error, books right"
    return [
        Line(
            f"{WHAT}: issue, call, start, complete, phone",
            ours=f"p99 {usual.action_ms:.1f} ms",
            aim=f"p99 ≤ {ACTION_MS} ms, {how}",
            is_met=usual.action_ms <= ACTION_MS and not usual.faults,
            details=tuple(detail for each in [usual, *more] for detail in _details(each)),
        ),
        Line(
            f"{WHAT}: call → its displays",
            ours=f"p99 {usual.board_ms:.1f} ms",
            aim=f"p99 ≤ {BOARD_MS} ms, {how}",
            is_met=usual.board_ms <= BOARD_MS and not usual.faults,
        ),
    ]


def _details(each: Stretch) -> list[str]:
    seen, name = each.seen, f"× {each.pace:g}"
    actions = sum(map(len, seen.actions.values())) - len(seen.actions["phone opens"])
    many = ", ".join(f"{len(seen.actions[action]):,} {action}" for action in ACTIONS)
    waits = ", ".join(told(action, seen.actions[action]) for action in ACTIONS)
    workers = ", ".join(
        f"{used / each.seconds:.0%} of a core, {memory:.0f} MiB, {sockets:,} sockets"
        for used, memory, sockets in zip(each.used, each.memory, each.sockets, strict=False)
    )
    return [
        f"{name}, {each.seconds:.0f} s: {many} ({actions / each.seconds:.0f} requests/s), "
        f"{each.displays} displays, {min(seen.phones):,}–{max(seen.phones):,} phones",
        f"{name}, ms, p50 / p99 / most: {waits}",
        f"{name}, ms, p50 / p99 / most: {told('call → its displays', seen.board)}, "
        f"{told('from the answer', seen.after_answer)}, {told('call → its phone', seen.phone)}; "
        f"{told('load generator late by', seen.late)}; {seen.nobody} calls found nobody",
        f"{name}: workers: {workers}; PostgreSQL {each.used[-1] / each.seconds:.0%} of a core",
        f"{name}: " + ("; ".join(each.faults) or "no error, no socket dropped, `mpp verify` clean"),
    ]
