"""Rows as CSV that an Indonesian spreadsheet opens by a double click.

UTF-8 with a byte order mark, semicolons between cells, a decimal comma, lines that end in CR LF. Raw values:
whole seconds, shares in per cent, dates as ISO 8601 writes them.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date

from mpp.documents.document import Cell, Kind, Table, Value
from mpp.documents.values import PLACES, seconds
from mpp.number_format import format_decimal

BOM = "\ufeff"
_PERCENT = {Kind.SHARE, Kind.POINTS}
_SECONDS = {Kind.DURATION, Kind.HOURS}


def csv_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The file's text; every cell is written as it is given."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return BOM + text.getvalue()


def table_csv(table: Table) -> str:
    """A document's table; a total is its last row."""
    rows = [*table.rows, *([] if table.total is None else [table.total])]
    return csv_of(
        [safe_cell(each.title) for each in table.columns],
        [
            [_cell(column.value(cell)) for cell, column in zip(row, table.columns, strict=True)]
            for row in rows
        ],
    )


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: a leading apostrophe where it could."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def decimal_comma(value: float, places: int = 1) -> str:
    return format_decimal(value, places)


def _cell(value: Value) -> str:
    raw: Cell = value.value
    if raw is None:
        return ""
    if isinstance(raw, str):
        return safe_cell(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, Value):
        raise TypeError(raw)
    number = seconds(raw)
    if value.kind in _SECONDS or value.kind is Kind.INTEGER:
        return format_decimal(number, 0)
    places = PLACES[value.kind] if value.places is None else value.places
    return decimal_comma(number * 100 if value.kind in _PERCENT else number, places)
