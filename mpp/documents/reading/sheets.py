"""What a file of tables holds: sheets of texts, numbered as a spreadsheet numbers them, within bounds."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 128 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000
"""Of all sheets together, each taken as the rectangle that holds its content."""
MOST_SHEETS = 40

Rank = Callable[[Sequence[str]], int]
"""How well a row suits the table that is looked for; by it the separator of a text is found."""

_NOTHING = re.compile(r"[\s\-–—_=.*~|]*")


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells joined into one. Rows count from 1, columns from 0; the last ones belong to it."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def place(self) -> str:
        first = f"{column_letters(self.first_column)}{self.first_row}"
        return f"{first}:{column_letters(self.last_column)}{self.last_row}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row that holds something. `number`: as the spreadsheet shows it, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name`: "" where the file has but one. Rows without content are left out."""

    name: str
    lines: list[Line]
    merges: list[Merge] = field(default_factory=list)


def is_blank(cells: Iterable[str]) -> bool:
    """Nothing in it, or nothing but strokes that part one row from the next."""
    return all(_NOTHING.fullmatch(cell) for cell in cells)


def lines_of(rows: Iterable[tuple[int, Sequence[str]]]) -> list[Line]:
    """Rows by their numbers, without blanks around a cell and without rows of nothing else."""
    found = []
    for number, cells in rows:
        texts = [cell.strip() for cell in cells]
        while len(texts) > MOST_COLUMNS and not texts[-1]:
            texts.pop()
        if not is_blank(texts):
            found.append(Line(number, texts))
    return found


def column_letters(column: int) -> str:
    """
    >>> [column_letters(number) for number in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
