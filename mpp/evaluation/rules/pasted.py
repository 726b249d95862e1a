"""Users' answers to F-03 as they are pasted from a spreadsheet: one user a line."""

import re
from collections.abc import Sequence

from mpp.errors import Invalid
from mpp.evaluation.rules.instrument import TOP, Question
from mpp.texts import marked

MOST_ROWS = 2000
_BETWEEN = re.compile(r"[\t;,]")


def pasted_answers(text: str, questions: Sequence[Question]) -> list[list[int | None]]:
    """One row a user: answers 0–5 in the questions' order, apart by tab, semicolon or comma.

    A cell left empty is not answered. A first line without a single digit 0–5 alone is taken for headings.
    `Invalid` names the line and the column.
    """
    lines = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if lines and not any(_is_answer(cell) for cell in _cells(lines[0][1])):
        lines = lines[1:]
    if not lines:
        raise Invalid(marked("Tidak ada satu pun jawaban di sini."), field="answers")
    if len(lines) > MOST_ROWS:
        raise Invalid(f"Paling banyak {MOST_ROWS} pengguna sekaligus.", field="answers")
    return [_row(at, _cells(line), len(questions)) for at, line in lines]


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in _BETWEEN.split(line)]


def _is_answer(cell: str) -> bool:
    return len(cell) == 1 and cell in "012345"


def _row(at: int, cells: Sequence[str], wanted: int) -> list[int | None]:
    if len(cells) != wanted:
        raise Invalid(f"Baris {at}: {len(cells)} kolom, bukan {wanted}.", field="answers")
    for column, cell in enumerate(cells, start=1):
        if cell and not _is_answer(cell):
            raise Invalid(
                f"Baris {at}, kolom {column}: {cell[:20]!r} bukan jawaban 0–{TOP}.", field="answers"
            )
    if not any(cells):
        raise Invalid(f"Baris {at}: tidak ada jawaban.", field="answers")
    return [int(cell) if cell else None for cell in cells]
