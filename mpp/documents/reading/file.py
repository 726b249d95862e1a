"""A file that was sent in, whatever its name says, as sheets."""

from mpp.documents.reading.html_sheet import html_sheets
from mpp.documents.reading.sheets import MOST_BYTES, Rank, Sheet
from mpp.documents.reading.text_sheet import text_of, text_sheet
from mpp.documents.reading.workbook import workbook_sheets
from mpp.errors import Invalid

_ZIP = b"PK"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""Workbooks up to 2003, and those that need a password."""


def sheets_of(raw: bytes, name: str, rank: Rank) -> list[Sheet]:
    """The sheets of a CSV, an XLSX or a web page. `Invalid` says what it is instead, and what to do.

    `rank` says how well a row suits the wanted table, by which the separator of a CSV is found.
    """
    if len(raw) > MOST_BYTES:
        raise Invalid(f"{name}: paling besar {MOST_BYTES >> 20} MB; bagi berkasnya", field="file")
    if raw.startswith(_ZIP):
        return workbook_sheets(raw, name)
    if raw.startswith(_OLD_OFFICE):
        raise Invalid(
            f"{name}: buku kerja lama (.xls) atau bersandi. Buka di Excel, Simpan Sebagai XLSX tanpa"
            " kata sandi, lalu kirim lagi.",
            field="file",
        )
    text = text_of(raw, name)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return html_sheets(text, name)
    return [text_sheet(text, name, rank)]
