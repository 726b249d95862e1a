"""A workbook (XLSX), measured before it is read."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from mpp.documents.reading.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    MOST_UNPACKED,
    Merge,
    Sheet,
    lines_of,
)
from mpp.errors import Invalid

SHEETS = "xl/worksheets/"
OPEN_DOCUMENT = "mimetype"
"""A part that OpenDocument files begin with, and XLSX files do not have."""
PLACE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
"""A cell and where it says it stands."""


def workbook_sheets(raw: bytes, name: str) -> list[Sheet]:
    """Every sheet, hidden ones too, numbered as the spreadsheet shows its rows."""
    import python_calamine  # noqa: PLC0415 - for one form of the manager's

    try:
        _check_size(raw, name)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = book.sheet_names[:MOST_SHEETS]
        return [_sheet(book.get_sheet_by_name(each), each) for each in names]
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise Invalid(f"{name}: bukan XLSX yang terbaca", field="file") from error


def _sheet(sheet: Any, name: str) -> Sheet:
    table = sheet.to_python(skip_empty_area=False)
    merges = [
        Merge(top + 1, bottom + 1, left, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Sheet(name, lines_of(_rows(table)), merges)


def _rows(table: list[list[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(table, start=1):
        yield number, [_text(cell) for cell in cells]


def check_unpacked(raw: bytes, name: str) -> None:
    """Refuse a packed file whose parts, by its own word, are too large; `BadZipFile` when it is none."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
            raise Invalid(f"{name}: isinya terlalu besar setelah dibuka", field="file")


def _check_size(raw: bytes, name: str) -> None:
    """Refuse what a reader would need too much memory for, before it reads.

    A sheet is read as a rectangle up to its last cell: one value in the last of all cells makes it
    17 thousand million cells large. Sheets are counted as they unpack; of other parts the file's own word
    is taken, and the limits of the process hold.
    """
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if OPEN_DOCUMENT in packed.namelist():
            raise Invalid(
                f"{name}: bukan XLSX. Simpan Sebagai XLSX, lalu kirim lagi.", field="file"
            )
        for each in packed.infolist():
            if not each.filename.startswith(SHEETS):
                left -= each.file_size
        cells = 0
        for each in packed.infolist():
            if each.filename.startswith(SHEETS) and left >= 0:
                size, area = _measured(packed.open(each), left, name)
                left, cells = left - size, cells + area
    if left < 0:
        raise Invalid(f"{name}: isinya terlalu besar setelah dibuka", field="file")
    if cells > MOST_CELLS:
        raise Invalid(f"{name}: {cells} sel; paling banyak {MOST_CELLS}. {_CLEAR}", field="file")


_CLEAR = "Hapus baris dan kolom di luar tabel, lalu simpan lagi."


def _measured(sheet: IO[bytes], most: int, name: str) -> tuple[int, int]:
    """Read a sheet once for where its cells stand: its bytes, at most a little over `most`, and its cells."""
    size, rest = 0, b""
    rows, columns = 0, 0
    while size <= most and (part := sheet.read(1 << 16)):
        size += len(part)
        text = rest + part
        for letters, digits in PLACE.findall(text):
            row, column = int(digits), _column(letters)
            if row > MOST_ROWS + 1 or column > MOST_COLUMNS:
                place = (letters + digits).decode()
                raise Invalid(
                    f"{name}: ada isi di sel {place}; paling banyak {MOST_ROWS} baris dan"
                    f" {MOST_COLUMNS} kolom. {_CLEAR}",
                    field="file",
                    cell=place,
                )
            rows, columns = max(rows, row), max(columns, column)
        rest = text[-64:]  # a cell may lie across two parts
    return size, rows * columns


def _column(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
