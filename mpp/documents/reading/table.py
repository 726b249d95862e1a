"""The table in a file: where its headings stand, which rows are people, and what the other rows are.

Office tables come with titles above, a cover sheet before, two rows of headings, a row that numbers the
columns, sums and means below, and a signature at the foot. Nothing of that is somebody's answer, and no row
is left out without being named.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mpp.documents.reading.sheets import Line, Merge, Sheet
from mpp.errors import Invalid

HEADING_ROWS = 40
"""How far down headings are looked for."""
MOST_REMEMBERED = 4096
"""Texts whose meaning is kept at hand: a table says the same few words in all its rows."""
MOST_FAULTS = 50
"""Faults that are listed; a table with more of them is another table."""

Fault = tuple[int, str]
"""A row's number, and what is wrong in it."""

_SUMMARY = re.compile(
    r"(?:[σ∑]|(?:sub ?|grand ?)?total|jumlah|jml|rata ?rata|rata2|rerata|mean|average|sum|nrr|ikm|skm|nilai"
    r"|indeks|mutu|kinerja|bobot|tertimbang|minimum|maksimum|modus|median|simpangan|standar)"
    r"(?: (?:σ|∑|nilai|rata|rata2|jumlah|total|nrr|ikm|skm|indeks|index|unsur|unit|per|tiap|setiap|seluruh"
    r"|semua|yg|keseluruhan|responden|kuesioner|kuisioner|yang|terisi|dan|bobot|tertimbang|skor|mutu|kinerja|pelayanan"
    r"|layanan|kepuasan|masyarakat|konversi|interval|persepsi|hasil|akhir|deviasi|baku|x|[a-d]|\d+))*"
)
"""A label of sums and means: one of their names, and no word that does not belong to one."""
_WORDS = re.compile(r"[^\w σ∑]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a table must hold. `key_of`: the column that a heading names, None for none of ours.

    `columns`: those that must be there. `is_value`: whether a text could stand in one of them.
    `known`: other columns that are read; `filled`: those of them that a merged cell fills downwards.
    `hint`: what headings should be called.
    """

    columns: Sequence[str]
    key_of: Callable[[str], str | None]
    is_value: Callable[[str, str], bool]
    hint: str
    known: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()

    def rank(self, cells: Sequence[str]) -> int:
        """How many of the wanted columns this row names."""
        return len({key for key in map(self.key_of, cells) if key in self.columns})


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: for each column its key, or its heading in small letters.

    `notes`: rows left out, and why.
    """

    sheet: str
    columns: list[str]
    lines: list[Line]
    notes: list[str]
    faults: list[Fault]


@dataclass(slots=True)
class _Split:
    """Rows below the headings, parted into people and the rest."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    summed: bool = False


@lru_cache(MOST_REMEMBERED)
def plain(text: str) -> str:
    """In small letters, words apart by one space, without marks."""
    return " ".join(_WORDS.sub(" ", text.lower().replace("_", " ")).split())


@lru_cache(MOST_REMEMBERED)
def is_summary(text: str) -> bool:
    """A sum, a mean or an index: the label of a row that is nobody's."""
    return _SUMMARY.fullmatch(plain(text)) is not None


def find_table(sheets: Sequence[Sheet], wanted: Wanted, name: str) -> Table:
    """The only table with the wanted headings. `Invalid` names the headings that lack, or the sheets."""
    ranked = [(max(map(wanted.rank, _heads(each)), default=0), each) for each in sheets]
    whole = [each for _, each in ranked if _is_whole(each, wanted)]
    if len(whole) > 1:
        names = ", ".join(repr(each.name) for each in whole)
        raise Invalid(
            f"{name}: ada tabel di lembar {names}. Simpan tiap lembar sebagai berkas sendiri.",
            field="file",
        )
    best = (
        whole[0] if whole else max(ranked, key=lambda each: each[0], default=(0, Sheet("", [])))[1]
    )
    at, columns, below, notes = _headings(best, wanted)
    faults = list(_heading_faults(columns, wanted, at))
    if faults:
        raise_faults(name if not best.name or len(sheets) == 1 else f"{name} ({best.name})", faults)
    split = _split(below, columns, wanted, notes)
    lines = _merged(split.lines, best.merges, columns, wanted, faults)
    return Table(best.name, columns, lines, split.notes, faults)


def raise_faults(name: str, faults: Sequence[Fault]) -> None:
    """`Invalid` with every fault as `name:row: what`, up to a bound."""
    shown = [f"{name}:{at}: {said}" for at, said in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        shown.append(f"{name}: … dan {len(faults) - MOST_FAULTS} kesalahan lagi")
    raise Invalid("\n".join(shown), lines=[at for at, _ in faults], field="file")


def people_of(
    lines: Sequence[Line], columns: Sequence[str], wanted: Wanted
) -> tuple[list[Line], list[str]]:
    """Rows of a table without headings, and what was left out of them: sums, means, notes below."""
    split = _split(lines, columns, wanted, [])
    return split.lines, split.notes


def has_headings(sheets: Sequence[Sheet], wanted: Wanted) -> bool:
    """Whether some row names every wanted column."""
    return any(_is_whole(each, wanted) for each in sheets)


def _heads(sheet: Sheet) -> Iterator[list[str]]:
    return (line.cells for line in sheet.lines[:HEADING_ROWS])


def _is_whole(sheet: Sheet, wanted: Wanted) -> bool:
    _, columns, _, _ = _headings(sheet, wanted)
    return all(column in columns for column in wanted.columns)


def _headings(sheet: Sheet, wanted: Wanted) -> tuple[int, list[str], list[Line], list[str]]:
    """The headings' row, a key a column, the rows below, and what stands between."""
    lines = sheet.lines[:HEADING_ROWS]
    if not lines:
        return 1, [], [], []
    ranks = [wanted.rank(line.cells) for line in lines]
    top = max(range(len(lines)), key=ranks.__getitem__) if any(ranks) else 0
    head, rest = lines[top], sheet.lines[top + 1 :]
    titles = _titles(head, [line for line in lines[:top] if line.number >= head.number - 2])
    columns = [wanted.key_of(title) or plain(title) for title in titles]
    notes = []
    if rest and _is_second(rest[0], columns, wanted):
        columns = _second(rest[0], columns, wanted)
        rest = rest[1:]
    if rest and _is_numbering(rest[0]):
        notes.append(f"baris {rest[0].number}: nomor kolom, bukan responden")
        rest = rest[1:]
    return head.number, columns, rest, notes


def _titles(head: Line, above: Sequence[Line]) -> list[str]:
    """The headings; where one is empty, the one above it, as in a cell that is joined over two rows."""
    width = max(len(head.cells), *(len(line.cells) for line in above), 0)
    titles = []
    for column in range(width):
        stack = [line.cells[column] for line in (*above, head) if column < len(line.cells)]
        titles.append(next((text for text in reversed(stack) if text), ""))
    return titles


def _is_second(line: Line, columns: Sequence[str], wanted: Wanted) -> bool:
    """The next row holds headings too: names of the wanted columns, or headings where there was none."""
    keys = {at: wanted.key_of(cell) for at, cell in enumerate(line.cells)}
    at_wanted = [at for at, key in enumerate(columns) if key in wanted.columns and _cell(line, at)]
    if at_wanted:
        return all(keys[at] in wanted.columns for at in at_wanted)
    return any(key and key not in columns for key in keys.values())


def _second(line: Line, columns: Sequence[str], wanted: Wanted) -> list[str]:
    """Headings by both rows; the name of an element says more than its number."""
    width = max(len(columns), len(line.cells))
    found = []
    for at in range(width):
        before = columns[at] if at < len(columns) else ""
        found.append(wanted.key_of(_cell(line, at)) or before or plain(_cell(line, at)))
    return found


def _is_numbering(line: Line) -> bool:
    """1, 2, 3, … or (1), (2), (3), …: a row that numbers the columns."""
    texts = [cell.strip("()[]. ") for cell in line.cells if cell]
    if len(texts) < 6 or not all(
        text.isascii() and text.isdecimal() and len(text) < 4 for text in texts
    ):
        return False
    numbers = [int(text) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _heading_faults(columns: Sequence[str], wanted: Wanted, at: int) -> Iterator[Fault]:
    missing = [column for column in wanted.columns if column not in columns]
    if missing:
        yield at, f"kolom {', '.join(missing)} tidak ada; {wanted.hint}"
    known = {*wanted.columns, *wanted.known}
    twice = sorted({each for each in columns if each in known and columns.count(each) > 1})
    if twice:
        yield at, f"kolom {', '.join(twice)} ada lebih dari satu"


def _split(
    lines: Sequence[Line], columns: Sequence[str], wanted: Wanted, notes: Sequence[str]
) -> _Split:
    """People's rows apart from the others, which are named."""
    at = {column: number for number, column in enumerate(columns) if column in wanted.columns}
    split = _Split(notes=list(notes))
    for line in lines:
        said = {column: text for column, number in at.items() if (text := _cell(line, number))}
        good = [wanted.is_value(column, text) for column, text in said.items()]
        label = next((cell for cell in line.cells if cell and is_summary(cell)), None)
        if said and all(good) and label != _first(line):
            label = None  # somebody's answers, with such words among the rest
        if label is not None:
            split.summed = True
            split.notes.append(
                f"baris {line.number}: {label[:40]!r} bukan responden, tidak dihitung"
            )
        elif said and all(wanted.key_of(text) == column for column, text in said.items()):
            split.notes.append(f"baris {line.number}: kepala tabel yang berulang")
        elif not any(good) and (split.summed or _is_number_alone(line, columns, wanted)):
            shown = _first(line)
            split.notes.append(f"baris {line.number}: {shown[:40]!r}, tanpa jawaban")
        else:
            split.lines.append(line)
    return split


def _first(line: Line) -> str:
    return next(cell for cell in line.cells if cell)


def _is_number_alone(line: Line, columns: Sequence[str], wanted: Wanted) -> bool:
    """A form's prepared row: its number, and nothing else."""
    filled = [(column, cell) for column, cell in zip(columns, line.cells, strict=False) if cell]
    if len(filled) != 1 or any(line.cells[len(columns) :]):
        return False
    column, cell = filled[0]
    return column not in {*wanted.columns, *wanted.known} and cell.rstrip(".").isdecimal()


def _merged(
    lines: Sequence[Line],
    merges: Sequence[Merge],
    columns: Sequence[str],
    wanted: Wanted,
    faults: list[Fault],
) -> list[Line]:
    """Rows with what a joined cell says of each of them; joined answers are refused by their cells."""
    by_number = {line.number: line for line in lines}
    for merge in merges:
        inside = [
            by_number[row] for row in range(merge.first_row, merge.last_row + 1) if row in by_number
        ]
        keys = set(columns[merge.first_column : merge.last_column + 1])
        if not inside:
            continue
        if merge.first_column == merge.last_column and keys <= wanted.filled:
            _fill(inside, merge, by_number.get(merge.first_row))
        elif keys & {*wanted.columns, *wanted.known}:
            faults.append(
                (inside[0].number, f"sel {merge.place} digabung; pisahkan, lalu isi tiap sel")
            )
    return list(lines)


def _fill(lines: Sequence[Line], merge: Merge, first: Line | None) -> None:
    text = _cell(first, merge.first_column) if first else ""
    for line in lines:
        line.cells.extend([""] * (merge.first_column + 1 - len(line.cells)))
        line.cells[merge.first_column] = text


def _cell(line: Line, column: int) -> str:
    return line.cells[column] if column < len(line.cells) else ""
