"""Issue through HTTP on SQLite, beside a bare handler that stores one raw row durably."""

from benchmarks.context import Bench
from benchmarks.databases import SQLITE
from benchmarks.figures import Line, Series, rate_line
from benchmarks.rows.load import issue_for, issue_round
from benchmarks.servers import product, serving
from benchmarks.worlds import HALL, open_day


async def measure(bench: Bench) -> list[Line]:
    """32 kiosks, group commit, synchronous FULL on both sides."""
    url = await bench.databases.fresh(SQLITE, "issue")
    mall = await open_day(url, HALL)
    folder, core = bench.databases.folder, bench.cores.server
    bare = ["benchmarks.floors.rows", "--file", str(folder / "rows.sqlite3")]
    ours, floor = Series(), Series()
    async with product(url, folder, core) as server, serving(bare, core=core) as rows:
        for n in range(bench.rounds):
            bench.say(f"issue on SQLite, round {n + 1} of {bench.rounds}")
            await issue_for(bench, rows, "/rows", bench.warm_up)
            floor.rounds.append(await issue_for(bench, rows, "/rows", bench.seconds))
            ours.rounds.append(await issue_round(bench, server, url, mall))
    what = "issue through HTTP, SQLite FULL, 32 clients"
    return [rate_line(what, ours, floor, at_least=0.45, p99_ms=12)]
