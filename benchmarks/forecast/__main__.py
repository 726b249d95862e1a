"""`python -m benchmarks.forecast`: how well ranges hold, on a file of calls or in a seeded hall."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.forecast.calls import UnreadableCalls, read_calls, replay, second_half
from benchmarks.forecast.closing import closing
from benchmarks.forecast.hall import DAYS, SEED, demo_hall
from benchmarks.forecast.score import score

DATA = "MPP_BENCH_DATA"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument(
        "--calls", type=Path, default=os.environ.get(DATA), metavar="FILE",
        help=f"calls in the form of the Anonymous Bank; the later half of its days is judged ({DATA})",
    )  # fmt: skip
    parser.add_argument("--days", type=int, default=DAYS, help="of the hall, without a file")
    parser.add_argument("--seed", type=int, default=SEED, help="of the hall, without a file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    try:
        found = _file(Path(asked.calls)) if asked.calls else _hall(asked.days, asked.seed)
    except (OSError, UnreadableCalls) as fault:
        sys.exit(f"forecast: {fault}")
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        _show(found)


def _file(path: Path) -> dict[str, Any]:
    calls = read_calls(path)
    judged_days = second_half(calls)
    judged = [found for call, found in replay(calls) if call.day in judged_days]
    return {"what": f"{path.name}, {len(judged_days)} days", **score(judged)}


def _hall(days: int, seed: int) -> dict[str, Any]:
    judged = asyncio.run(demo_hall(days, seed))
    what = f"the demo's mall, {days} days, seed {seed}"
    return {"what": what, **score(judged), "closing": closing()}


def _show(found: Mapping[str, Any]) -> None:
    table = Table(box=box.SIMPLE_HEAD, title=found["what"], title_justify="left")
    for column in ("", "n", "silent", "inside", "below", "above", "error", "width", "median"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("all", *_cells(found))
    for title, parts in (("ahead", "buckets"), ("hour", "hours"), ("service", "services")):
        for name, figures in found[parts].items():
            table.add_row(f"{title} {name}", *_cells(figures))
    console = Console()
    console.print(table)
    for tickets, inside in found.get("closing", {}).get("inside", {}).items():
        console.print(
            f"half of the counters closed, tickets {tickets} after it: {inside:.1%} inside"
        )


def _cells(figures: Mapping[str, Any]) -> list[str]:
    shares = [figures[name] for name in ("silent", "inside", "below", "above")]
    seconds = [figures[name] for name in ("error_s", "width_s", "median_width_s")]
    return [
        f"{figures['n']:,}",
        *("–" if share is None else f"{share:.1%}" for share in shares),
        *("–" if value is None else f"{value:,.1f} s" for value in seconds),
    ]


if __name__ == "__main__":
    main()
