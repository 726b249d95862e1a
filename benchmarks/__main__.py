"""`python -m benchmarks`: measure and print the table."""

import argparse
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import uvloop
from rich.console import Console

from benchmarks import history, table
from benchmarks.context import Bench
from benchmarks.databases import databases
from benchmarks.figures import Line, not_measured
from benchmarks.machine import describe, split_cores
from benchmarks.nation import world
from benchmarks.rows import (
    fanout,
    growth,
    issue_sqlite,
    kiosk,
    nation,
    pages,
    postgres,
    report,
    start,
)
from mpp.clock import system_clock

Row = Callable[[Bench], Awaitable[list[Line]]]
ROWS: Mapping[str, Row] = {
    "issue-sqlite": issue_sqlite.measure,
    "issue-postgres": postgres.measure_issue,
    "call-postgres": postgres.measure_call,
    "fanout": fanout.measure,
    "nation": nation.measure,
    "kiosk": kiosk.measure,
    "growth": growth.measure,
    "report": report.measure,
    "pages": pages.measure,
    "start": start.measure,
}
ROOT = Path(__file__).resolve().parent.parent
WIDTH = 160  # of what is no terminal
PAGE = ROOT / "docs" / "performance.md"


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(ROWS), metavar="ROW",
                        help=f"this row only (may be repeated): {', '.join(ROWS)}")  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="few and short rounds, a small history"
    )
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}")
    parser.add_argument(
        "--forget", action="store_true", help="remove kept databases, measure nothing"
    )
    parser.add_argument("--times", action="append", type=float, default=[], metavar="N",
                        help="the nation with N times its load, too (may be repeated)")  # fmt: skip
    parser.add_argument("--data", type=Path, default=Path("var/bench"), help="folder for databases")
    given = parser.parse_args()
    if given.write and (given.only or given.quick):
        parser.error("--write takes the whole table, measured in full")
    return given


async def run(asked: argparse.Namespace, console: Console) -> int:
    """Measure and show; the exit status."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    began = time.perf_counter()
    cores = split_cores()
    folder = data_folder(asked)
    async with databases(folder) as made:
        about = await describe(made.postgres, cores)
        with console.status("") as status:
            bench = Bench(folder, made, cores, asked.quick, status.update, tuple(asked.times))
            if asked.forget:
                await history.forget(bench)
                await world.forget(made)
                return 0
            lines, failed = await _rows(bench, asked.only or list(ROWS), console)
    about.append(_how(bench) + f"; the whole took {time.perf_counter() - began:.0f} s")
    table.show(console, about, lines)
    if failed:
        return 1
    if asked.write:
        table.write(PAGE, table.markdown(about, lines, f"{system_clock():%Y-%m-%d}"))
    return 0


def data_folder(asked: argparse.Namespace) -> Path:
    """Where databases go, made where it is not there yet."""
    folder: Path = asked.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _rows(bench: Bench, names: Sequence[str], console: Console) -> tuple[list[Line], bool]:
    """The lines of these rows, and whether any row failed; the others are worth having all the same."""
    lines: list[Line] = []
    failed = False
    for name in names:
        began = time.perf_counter()
        try:
            lines += await ROWS[name](bench)
        except Exception as error:
            console.print_exception()
            lines.append(not_measured(name, f"it failed: {error!r}"))
            failed = True
        mark = "[red]✗[/]" if failed else "[green]✓[/]"
        console.print(f"{mark} {name} [dim]({time.perf_counter() - began:.0f} s)[/]")
    return lines, failed


def _how(bench: Bench) -> str:
    kind = "quick run: " if bench.is_quick else ""
    return (
        f"{kind}{bench.rounds} rounds of {bench.seconds} s, floor and ours in turn; "
        "medians, ranges in brackets"
    )


def main(asked: argparse.Namespace) -> None:
    console = Console()
    console = console if console.is_terminal else Console(width=WIDTH)
    sys.exit(uvloop.run(run(asked, console)))


if __name__ == "__main__":
    main(arguments())
