"""Answers from paper: rows of a table, read with every fault named by its row and column.

The headings name the columns: `u1` … `u9` in the customary order (unsur.py) or by the elements' names, one
respondent a row, an empty cell = not answered. Other columns (`PROFILE`) are read where they are known and
left alone where not. Rows of sums and means are no respondents; they are named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mpp.documents.reading.sheets import MOST_ROWS, Line, Sheet, lines_of
from mpp.documents.reading.table import Fault, Table, Wanted, find_table, raise_faults
from mpp.documents.reading.text_sheet import text_sheet
from mpp.survey.rules.import_heading import KNOWN, column_of, is_value, value_of
from mpp.survey.rules.unsur import BY_CODE, Answers, Unsur

WANTED = Wanted(
    columns=tuple(BY_CODE),
    key_of=column_of,
    is_value=is_value,
    hint="kepala tabel: u1 … u9",
    known=KNOWN,
    filled=frozenset({"layanan", "tanggal"}),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: as the spreadsheet shows it, the header being 1."""

    number: int
    answers: Answers
    rest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Respondents:
    """`notes`: rows that were left out, and why."""

    rows: list[Row]
    notes: list[str]
    sheet: str = ""


def read_csv(text: str, name: str) -> list[Row]:
    """The respondents of a CSV file, with commas, semicolons or tabs between the cells.

    `Invalid` lists every fault as `name:line: what`.
    """
    return respondents_of([text_sheet(text, name, WANTED.rank)], name).rows


def read_rows(table: Iterable[tuple[int, Sequence[str]]], name: str) -> list[Row]:
    """The respondents of a table: numbered rows of texts."""
    return respondents_of([Sheet("", lines_of(table))], name).rows


def respondents_of(sheets: Sequence[Sheet], name: str) -> Respondents:
    """The respondents of a file's sheets. `Invalid` lists every fault as `name:row: what`."""
    table = find_table(sheets, WANTED, name)
    faults = list(table.faults)
    if len(table.lines) > MOST_ROWS:
        at = table.lines[MOST_ROWS].number
        raise_faults(name, [(at, f"lebih dari {MOST_ROWS} responden; bagi berkasnya")])
    rows = [_row(line, table, faults) for line in table.lines]
    if faults:
        raise_faults(name, sorted(faults, key=lambda fault: fault[0]))
    return Respondents(rows, table.notes, table.sheet)


def _row(line: Line, table: Table, faults: list[Fault]) -> Row:
    if any(line.cells[len(table.columns) :]):
        faults.append(
            (line.number, f"{len(line.cells)} kolom, kepala tabel hanya {len(table.columns)}")
        )
    values: dict[Unsur, int] = {}
    rest: dict[str, str] = {}
    for column, cell in zip(table.columns, line.cells, strict=False):
        if column not in BY_CODE:
            rest[column] = cell
        elif cell:
            value = value_of(column, cell)
            if value is None:
                faults.append((line.number, f"{column}: {cell[:20]!r} bukan 1, 2, 3, atau 4"))
            else:
                values[BY_CODE[column]] = value
    return Row(line.number, Answers(values), rest)
