"""The table on the terminal and in the documentation."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.figures import Line

BEGIN = "<!-- figures: written by python -m benchmarks --write -->"
END = "<!-- /figures -->"
COLUMNS = ("What", "Ours", "Floor", "Ours / floor", "Aim", "Met")
MET = {True: "yes", False: "no", None: "–"}
STYLE = {True: "green", False: "red", None: "dim"}


def show(console: Console, about: Iterable[str], lines: Sequence[Line]) -> None:
    """Print it."""
    console.print()
    for each in about:
        console.print(Text(each, "dim"))
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column in COLUMNS:
        table.add_column(column)
    for line in lines:
        table.add_row(
            *(line.what, line.ours, line.floor, line.ratio, line.aim),
            Text(MET[line.is_met], STYLE[line.is_met]),
        )
    console.print(table)
    for line in lines:
        for detail in line.details:
            console.print(Text.assemble((f"{line.what}: ", "bold dim"), (detail, "dim")))


def markdown(about: Iterable[str], lines: Sequence[Line], when: str) -> str:
    """The same as Markdown."""
    rows = [
        (line.what, line.ours, line.floor, line.ratio, line.aim, MET[line.is_met]) for line in lines
    ]
    table = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    details = [f"- {line.what}: {detail}" for line in lines for detail in line.details]
    return "\n".join(
        [
            f"Measured {when}.",
            "",
            *(f"- {each}" for each in about),
            "",
            *("| " + " | ".join(row) + " |" for row in table),
            "",
            *details,
        ]
    )


def write(path: Path, text: str) -> None:
    """Put the figures between the marks of the page; what stands around them stays."""
    page = path.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for figures: {BEGIN} … {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
