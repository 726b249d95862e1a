"""Answers from paper: rows of a table, read with every fault named by its row and column.

The header names the columns: `u1` … `u9` in the customary order (unsur.py), one respondent a row, an empty
cell = not answered. Other columns (`PROFILE`) are read where they are known and left alone where not.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mpp.errors import Invalid
from mpp.survey.rules.unsur import BY_CODE, Answers, Unsur

BYTE_ORDER_MARK = "\ufeff"
DELIMITERS = ",;\t"
MOST_ROWS = 200_000
MOST_FAULTS = 50
"""Faults that are listed; a table with more of them is another table."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: as the spreadsheet shows it, the header being 1."""

    number: int
    answers: Answers
    rest: Mapping[str, str] = field(default_factory=dict)


def read_csv(text: str, name: str) -> list[Row]:
    """The respondents of a CSV file, with commas, semicolons or tabs between the cells.

    `Invalid` lists every fault as `name:line: what`.
    """
    told = text.lstrip(BYTE_ORDER_MARK)
    header = told.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    # Lines end where CSV ends them, not at every character that Unicode knows to end a line.
    lines = io.StringIO(told, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        table = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise Invalid(f"{name}:{reader.line_num}: bukan CSV: {error}", file=name) from error
    return read_rows(table, name)


def read_rows(table: Iterable[tuple[int, Sequence[str]]], name: str) -> list[Row]:
    """The respondents of a table whose first row that is not empty is the header."""
    rows = ((number, [cell.strip() for cell in cells]) for number, cells in table)
    filled = ((number, cells) for number, cells in rows if cells)
    number, header = next(filled, (1, []))
    columns = [cell.lower() for cell in header]
    faults = list(_header_faults(columns, number))
    found: list[Row] = []
    if not faults:
        for number, cells in filled:
            if len(found) >= MOST_ROWS:
                faults.append((number, f"lebih dari {MOST_ROWS} responden; bagi berkasnya"))
                break
            found.append(_row(number, columns, cells, faults))
    if faults:
        shown = [f"{name}:{at}: {said}" for at, said in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            shown.append(f"{name}: … dan {len(faults) - MOST_FAULTS} kesalahan lagi")
        raise Invalid("\n".join(shown), lines=[at for at, _ in faults])
    return found


def _header_faults(columns: Sequence[str], number: int) -> Iterator[tuple[int, str]]:
    missing = [code for code in BY_CODE if code not in columns]
    if missing:
        yield number, f"kolom {', '.join(missing)} tidak ada; kepala tabel: u1 … u9"
    twice = sorted({code for code in columns if code and columns.count(code) > 1})
    if twice:
        yield number, f"kolom {', '.join(twice)} ada lebih dari satu"


def _row(
    number: int, columns: Sequence[str], cells: Sequence[str], faults: list[tuple[int, str]]
) -> Row:
    if any(cells[len(columns) :]):
        faults.append((number, f"{len(cells)} kolom, kepala tabel hanya {len(columns)}"))
    values: dict[Unsur, int] = {}
    rest: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column not in BY_CODE:
            rest[column] = cell
        elif cell:
            value = _value(cell)
            if value is None:
                faults.append((number, f"{column}: {cell[:20]!r} bukan 1, 2, 3, atau 4"))
            else:
                values[BY_CODE[column]] = value
    return Row(number, Answers(values), rest)


def _value(cell: str) -> int | None:
    """1–4; a spreadsheet may write 3 as 3.0 or 3,0."""
    whole, _, fraction = cell.replace(",", ".").partition(".")
    if whole in {"1", "2", "3", "4"} and not fraction.strip("0"):
        return int(whole)
    return None


def read_day(text: str) -> date | None:
    """YYYY-MM-DD or DD/MM/YYYY; None for anything else."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None
