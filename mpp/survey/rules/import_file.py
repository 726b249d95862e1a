"""A file of paper surveys, from its bytes to its forms, within bounds. Run it isolated: files are hostile."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO

import msgspec

from mpp.errors import Invalid
from mpp.survey.rules.import_rows import MOST_ROWS, Row, read_csv, read_rows
from mpp.survey.rules.import_table import Assumed, ImportedAnswer, read_questionnaires

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 128 * 1024 * 1024
MOST_COLUMNS = 200
SHEETS = "xl/worksheets/"
PLACE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
"""A cell and where it says it stands."""


class PaperFile(msgspec.Struct):
    """What a leader has sent. `services`: ids by slug."""

    raw: bytes
    name: str
    services: dict[str, int]
    assumed: Assumed
    today: date


def read_paper(file: PaperFile) -> list[ImportedAnswer]:
    """Every form of the file. `Invalid` lists every fault as `name:line: what`."""
    return read_questionnaires(
        read_table(file.raw, file.name),
        file.name,
        services=file.services,
        assumed=file.assumed,
        today=file.today,
    )


def read_table(raw: bytes, name: str) -> list[Row]:
    """The rows of a CSV or XLSX file. `Invalid` says what is wrong, row by row."""
    if raw.startswith(b"PK"):
        return read_rows(_workbook(raw, name), name)
    try:
        return read_csv(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise Invalid(f"{name}: bukan CSV UTF-8 dan bukan XLSX", field="file") from None


def _workbook(raw: bytes, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The first sheet's rows, numbered as the spreadsheet shows them."""
    import python_calamine  # noqa: PLC0415 - for one form of the manager's

    try:
        _check_size(raw, name)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, zipfile.BadZipFile, IndexError, OSError) as error:
        raise Invalid(f"{name}: bukan XLSX yang terbaca", field="file") from error
    for number, cells in enumerate(table, start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _check_size(raw: bytes, name: str) -> None:
    """Refuse what a reader would need too much memory for, before it reads.

    A sheet is read as a rectangle up to its last cell: one value in the last of all cells makes it
    17 thousand million cells large. Sheets are counted as they unpack; of other parts the file's own word
    is taken, and the limits of the process hold.
    """
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        for each in packed.infolist():
            if not each.filename.startswith(SHEETS):
                left -= each.file_size
        for each in packed.infolist():
            if each.filename.startswith(SHEETS) and left >= 0:
                left -= _check_places(packed.open(each), left, name)
    if left < 0:
        raise Invalid(f"{name}: isinya terlalu besar setelah dibuka", field="file")


def _check_places(sheet: IO[bytes], most: int, name: str) -> int:
    """Read a sheet once for where its cells stand; answers its bytes, at most a little over `most`."""
    size, rest = 0, b""
    while size <= most and (part := sheet.read(1 << 16)):
        size += len(part)
        text = rest + part
        for column, row in PLACE.findall(text):
            if int(row) > MOST_ROWS + 1 or _column(column) > MOST_COLUMNS:
                place = (column + row).decode()
                raise Invalid(
                    f"{name}: ada isi di sel {place}; paling banyak {MOST_ROWS} baris dan"
                    f" {MOST_COLUMNS} kolom. Hapus baris dan kolom di luar tabel, lalu simpan lagi.",
                    field="file",
                    cell=place,
                )
        rest = text[-64:]  # a cell may lie across two parts
    return size


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
    return str(cell).strip()
