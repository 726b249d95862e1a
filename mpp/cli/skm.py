"""`mpp skm`: the satisfaction index of a table of answers, without a database."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from mpp.documents.reading.file import sheets_of
from mpp.documents.reading.sheets import Sheet
from mpp.documents.reading.table import find_table, raise_faults
from mpp.errors import Invalid
from mpp.number_format import format_exact
from mpp.survey.rules import import_rows, index, interval
from mpp.survey.rules.unsur import CODES, QUESTIONS, Unsur


@click.command()
@click.argument("answers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--weights",
    type=click.Choice([each.value for each in index.Weights]),
    default=index.Weights.EXACT.value,
    show_default=True,
    help="1/9 for each unsur, or as an older report prints it, to make that again.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def skm(*, answers: Path, weights: str, as_json: bool) -> None:
    """Compute the SKM index (IKM) of the table ANSWERS.

    ANSWERS is CSV or XLSX with the header u1 … u9: one respondent a row, values 1 to 4, an empty cell
    where a question was not answered. Every cell that cannot be read and every row with fewer cells than
    the header is named by its line; a table without a respondent is refused. Rows of sums and means are
    left out and named on standard error.
    """
    raw, name = answers.read_bytes(), str(answers)
    sheets = sheets_of(raw, name, import_rows.WANTED.rank)
    read = import_rows.respondents_of(sheets, name)
    if not raw.startswith(b"PK"):  # a workbook leaves out empty cells at the end of a row
        refuse_torn_rows(sheets, name)
    if not read.rows:
        raise Invalid(f"{name}: tidak ada responden di bawah kepala tabel", lines=[])
    for note in read.notes:
        click.echo(f"{name}: {note}", err=True)
    respondents = [row.answers for row in read.rows]
    rule = index.Weights(weights)
    found = index.index_of(respondents, rule)
    sure = interval.interval_of(respondents, rule)
    facts = figures(found, sure)
    click.echo(json.dumps(facts, indent=2) if as_json else table(found, facts))


def refuse_torn_rows(sheets: Sequence[Sheet], name: str) -> None:
    """`Invalid` names rows with fewer cells than the header: which answer is missing, nobody can tell."""
    found = find_table(sheets, import_rows.WANTED, name)
    columns = len(found.columns)
    torn = [
        (line.number, f"{len(line.cells)} sel, kepala tabel {columns}")
        for line in found.lines
        if len(line.cells) < columns
    ]
    if torn:
        raise_faults(name, torn)


def figures(found: index.Index, sure: interval.Interval | None) -> dict[str, Any]:
    """The result as outside programs read it; nrr with four decimals, null where nobody answered."""
    grade = found.grade
    return {
        "n": found.n,
        "nrr": {
            CODES[unsur]: None if mean is None else float(index.round_half_up(mean, 4))
            for unsur, mean in found.nrr.items()
        },
        "ikm": None if found.ikm is None else float(found.ikm),
        "grade": grade.letter if grade else None,
        "performance": grade.performance if grade else None,
        "interval": None if sure is None else [float(end) for end in sure],
        "weights": found.weights.value,
        "answered": {CODES[unsur]: count for unsur, count in found.answered.items()},
        "not_distinguishable_from": [
            each.letter for each in (index.indistinguishable(grade, sure) if grade and sure else [])
        ],
    }


def table(found: index.Index, facts: dict[str, Any]) -> str:
    """The result for a person."""
    lines = [f"{'':4}{'Unsur':24}{'Menjawab':>9}{'NRR':>9}"]
    for unsur in Unsur:
        mean = found.nrr[unsur]
        said = "–" if mean is None else format_exact(index.round_half_up(mean, 3))
        name = QUESTIONS[unsur].name
        lines.append(f"{CODES[unsur].upper():4}{name:24}{found.answered[unsur]:>9}{said:>9}")
    lines += ["", f"Responden  {found.n}"]
    if found.ikm is None:
        return "\n".join([*lines, "IKM        tidak dapat dihitung: ada unsur tanpa jawaban"])
    grade = index.grade_of(found.ikm)
    lines.append(f"IKM        {format_exact(found.ikm)}  (bobot {facts['weights']})")
    lines.append(f"Mutu       {grade.letter} – {grade.performance}")
    if facts["interval"] is not None:
        low, high = facts["interval"]
        lines.append(f"Selang 95 %  {format_exact(f'{low:.2f}')} – {format_exact(f'{high:.2f}')}")
    others = facts["not_distinguishable_from"]
    if others:
        lines.append(f"           tidak dapat dibedakan dari {' dan '.join(others)}")
    weakest = [QUESTIONS[unsur].name for unsur in found.weakest_first[:3]]
    lines.append(f"Terlemah   {', '.join(weakest)}")
    return "\n".join(lines)
