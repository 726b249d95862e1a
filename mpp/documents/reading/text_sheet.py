"""A table as text: whatever an office's programs write for a CSV."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from mpp.documents.reading.sheets import MOST_COLUMNS, Rank, Sheet, lines_of
from mpp.errors import Invalid

DELIMITERS = ";,\t|"
TRIED_ROWS = 60
TRIED_CHARACTERS = 100_000
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SEP = re.compile(r"sep=(.)[;,\t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
"""The line by which a spreadsheet is told its separator; the spreadsheet does not show it."""


def text_of(raw: bytes, name: str) -> str:
    """UTF-8, UTF-16 or Windows-1252, whichever it is. `Invalid` names the byte that is none of them."""
    for mark, coding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], coding, name)
    if (head := raw[:4096]) and head.count(0) >= len(head) // 4:
        return _decoded(
            raw, "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", name
        )
    try:
        return _checked(raw.decode(), name)
    except UnicodeDecodeError:
        return _decoded(raw, "cp1252", name)


def _decoded(raw: bytes, coding: str, name: str) -> str:
    try:
        return _checked(raw.decode(coding), name)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Invalid(
            f"{name}:{line}: bukan CSV UTF-8 dan bukan XLSX (byte {error.start + 1})."
            " Simpan lagi sebagai XLSX atau CSV UTF-8.",
            field="file",
        ) from None


def _checked(text: str, name: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Invalid(
            f"{name}:{line}: bukan CSV UTF-8 dan bukan XLSX (ada byte kosong)", field="file"
        )
    return text


def text_sheet(text: str, name: str, rank: Rank) -> Sheet:
    """The only sheet of a CSV. `Invalid` names the row in which it is none."""
    told = text.lstrip("\ufeff")
    said = _SEP.match(told)
    if said:
        told = told[said.end() :]
    delimiter = said[1] if said else _delimiter(told, rank)
    reader = csv.reader(_lines(told), delimiter=delimiter, strict=True)
    try:
        lines = lines_of(enumerate(reader, start=1))
    except csv.Error as error:
        raise Invalid(
            f"{name}:{reader.line_num}: bukan CSV: {error}", file=name, field="file"
        ) from error
    for line in lines:
        if len(line.cells) > MOST_COLUMNS:
            raise Invalid(
                f"{name}:{line.number}: {len(line.cells)} kolom; paling banyak {MOST_COLUMNS}",
                field="file",
            )
    return Sheet("", lines)


def _lines(text: str) -> Iterator[str]:
    # Lines end where CSV ends them, not at every character that Unicode knows to end a line.
    return io.StringIO(text, newline="")


def _delimiter(text: str, rank: Rank) -> str:
    """The one that makes the row that suits best, and of those the one that makes the most cells."""
    head = text[:TRIED_CHARACTERS]

    def worth(delimiter: str) -> tuple[int, int]:
        rows = list(islice(_tried(head, delimiter), TRIED_ROWS))
        return max(map(rank, rows), default=0), max(map(len, rows), default=0)

    return max(DELIMITERS, key=worth)


def _tried(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:
        return
