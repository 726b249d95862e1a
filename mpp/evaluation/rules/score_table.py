"""Users' answers to F-03 in a table: pasted from a spreadsheet, or a CSV or XLSX file. One user a row.

Run it isolated: what is sent is hostile. A first row is taken for headings only if it names every question
(q1, q2, … or the questions' own words); anything else that is no answer is refused by row and column.
"""

import hashlib
import re
from collections.abc import Sequence

import msgspec

from mpp.documents.reading.file import sheets_of
from mpp.documents.reading.sheets import Line, Rank, Sheet
from mpp.documents.reading.table import Wanted, find_table, has_headings, people_of, plain
from mpp.documents.reading.text_sheet import text_sheet
from mpp.errors import Invalid
from mpp.evaluation.rules.instrument import TOP, Question
from mpp.texts import marked

MOST_ROWS = 2000
MOST_PASTED = 100_000
"""Characters."""
PASTED = marked("tempelan")
"""What a table is called that came without a file."""
_NUMBERED = re.compile(
    r"(?:q|p|u|no|nomor|pertanyaan|soal|butir|f ?03|f ?03 no) ?0*([1-9]\d?)(?!\d)(?: .*)?"
)


class ScoreFile(msgspec.Struct):
    """What somebody has sent. `name`: "" for what was pasted."""

    raw: bytes
    name: str
    questions: list[Question]


class ScoresRead(msgspec.Struct):
    """`rows`: a user each, answers 0–5 in the questions' order. `notes`: rows left out, and why.

    `digest`: the same for the same answers, whatever the form and the order of the rows.
    """

    rows: list[list[int | None]]
    notes: list[str]
    digest: str


def read_scores(file: ScoreFile) -> ScoresRead:
    """All users of a table. `Invalid` names the row and the column, or what the file is instead."""
    wanted = wanted_of(file.questions)
    if file.name:
        sheets, where, field = sheets_of(file.raw, file.name, rank_of(wanted)), file.name, "file"
    else:
        text = file.raw.decode()
        if len(text) > MOST_PASTED:
            raise Invalid(f"Paling banyak {MOST_PASTED} huruf sekaligus.", field="answers")
        sheets, where, field = [text_sheet(text, PASTED, rank_of(wanted))], PASTED, "answers"
    try:
        return _read(sheets, wanted, where)
    except Invalid as refused:
        raise Invalid(refused.wording, field=field) from None


def _read(sheets: Sequence[Sheet], wanted: Wanted, name: str) -> ScoresRead:
    lines, at, notes = _people(sheets, wanted, name)
    if len(lines) > MOST_ROWS:
        raise Invalid(f"Paling banyak {MOST_ROWS} pengguna sekaligus.")
    if not lines:
        raise Invalid(marked("Tidak ada satu pun jawaban di sini."))
    rows = [_row(line, at) for line in lines]
    return ScoresRead(rows, notes, digest_of(rows))


def digest_of(rows: Sequence[Sequence[int | None]]) -> str:
    """SHA-256 over the users' answers in the order of their values."""
    return hashlib.sha256(
        b"\n".join(sorted(msgspec.json.encode(list(row)) for row in rows))
    ).hexdigest()


def wanted_of(questions: Sequence[Question]) -> Wanted:
    """The columns `q1`, `q2`, … in the questions' order, by number or by the question's words."""
    keys = [f"q{each.number}" for each in questions]
    words = {plain(each.text): key for each, key in zip(questions, keys, strict=True)}
    codes = {plain(each.code): key for each, key in zip(questions, keys, strict=True) if each.code}

    def key_of(text: str) -> str | None:
        said = plain(text)
        bare = re.sub(r"^\d{1,2} ", "", said)
        numbered = _NUMBERED.fullmatch(said)
        key = words.get(said) or words.get(bare) or codes.get(said)
        return key or (f"q{numbered[1]}" if numbered and f"q{numbered[1]}" in keys else None)

    return Wanted(
        columns=keys,
        key_of=key_of,
        is_value=lambda _, text: _answer(text) is not None,
        hint=f"kepala tabel: q1 … q{len(keys)}",
    )


def rank_of(wanted: Wanted) -> Rank:
    """Headings by what they name; a row without headings by its answers, if it has as many cells as asked."""
    width = len(wanted.columns)

    def rank(cells: Sequence[str]) -> int:
        answered = sum(_answer(cell.strip()) is not None for cell in cells)
        return max(wanted.rank(cells), answered if len(cells) == width else answered // 2)

    return rank


def _people(
    sheets: Sequence[Sheet], wanted: Wanted, name: str
) -> tuple[list[Line], list[int], list[str]]:
    """Users' rows, the places of the questions in them, and what was left out."""
    if has_headings(sheets, wanted):
        table = find_table(sheets, wanted, name)
        if table.faults:
            at, said = table.faults[0]
            raise Invalid(f"Baris {at}: {said}.")
        return table.lines, [table.columns.index(key) for key in wanted.columns], table.notes
    filled = [each for each in sheets if each.lines]
    if len(filled) > 1:
        raise Invalid(f"{name}: beberapa lembar terisi, dan tak satu pun berkepala q1, q2, ….")
    lines, notes = people_of(filled[0].lines if filled else [], wanted.columns, wanted)
    for line in lines:
        if len(line.cells) < len(wanted.columns) or any(line.cells[len(wanted.columns) :]):
            raise Invalid(
                f"Baris {line.number}: {len(line.cells)} kolom, bukan {len(wanted.columns)}."
            )
    return lines, list(range(len(wanted.columns))), notes


def _row(line: Line, places: Sequence[int]) -> list[int | None]:
    """The answers of a row; an empty cell is not answered."""
    found: list[int | None] = []
    for place in places:
        cell = line.cells[place] if place < len(line.cells) else ""
        answer = _answer(cell)
        if cell and answer is None:
            raise Invalid(
                f"Baris {line.number}, kolom {place + 1}: {cell[:20]!r} bukan jawaban 0–{TOP}."
                f" Bila baris ini kepala tabel, tulis q1 … q{len(places)}."
            )
        found.append(answer)
    if all(each is None for each in found):
        raise Invalid(f"Baris {line.number}: tidak ada jawaban.")
    return found


def _answer(cell: str) -> int | None:
    """0–5; a spreadsheet may write 4 as 4.0 or 4,0."""
    whole, _, fraction = cell.replace(",", ".").partition(".")
    return int(whole) if len(whole) == 1 and whole in "012345" and not fraction.strip("0") else None
