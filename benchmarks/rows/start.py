"""From the start of the process to its first answer, and its memory then, beside bare Litestar.

Ours is `mpp serve` on a migrated database, answering /health/ready, which asks the database.
"""

from benchmarks.context import Bench
from benchmarks.databases import SQLITE
from benchmarks.figures import Line, cost_line
from benchmarks.servers import product, serving

BARE = ["benchmarks.floors.bare"]


async def measure(bench: Bench) -> list[Line]:
    """Each side starts again every round; the first round fills the file cache and does not count."""
    url = await bench.databases.fresh(SQLITE, "start")
    folder, core = bench.databases.folder, bench.cores.server
    started: tuple[list[float], list[float]] = [], []
    memory: tuple[list[float], list[float]] = [], []
    for n in range(-1, bench.rounds):
        bench.say(f"starting, round {n + 1} of {bench.rounds}")
        for side, starting in enumerate((product(url, folder, core), serving(BARE, core=core))):
            async with starting as server:
                if n >= 0:
                    started[side].append(server.started_s)
                    memory[side].append(server.memory_mib())
    seconds = ", ".join(f"{each:.2f}" for each in started[0])
    return [
        cost_line(
            "start to first answer",
            *started,
            at_most=2.5,
            show=lambda value: f"{value:.2f} s",
            details=[f"ours, s: {seconds}"],
        ),
        cost_line(
            "memory of a process", *memory, at_most=1.6, show=lambda value: f"{value:.0f} MiB"
        ),
    ]
