"""A document as a workbook: a summary, then a sheet a table; every cell the value itself, typed."""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from mpp.documents.document import Cell, Column, Document, Kind, Table, Value
from mpp.documents.labels import LABELS
from mpp.documents.marks import mark
from mpp.documents.values import PLACES, seconds

DAY_S = 86_400
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WRAPPED = {"text_wrap": True, "valign": "top"}
_WIDTHS = {Kind.TEXT: 34, Kind.DATE: 14}


def xlsx(document: Document, *, is_synthetic: bool = False) -> bytes:
    """The file. Numbers are numbers, times are times, texts are texts whatever they begin with."""
    import xlsxwriter  # noqa: PLC0415 - needed when somebody asks for a file

    file = io.BytesIO()
    safely = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    safely |= {"strings_to_numbers": False}
    with xlsxwriter.Workbook(file, safely) as book:
        # Else the file would say when it was made, and no two would be alike.
        title = f"{document.title} – {document.letterhead.organisation}"
        mark(book, title, is_synthetic=is_synthetic, created=_moment(document.date))
        sheets = Sheets(book)
        sheets.summary(document)
        for each in document.tables():
            sheets.table(each)
    return file.getvalue()


class Sheets:
    """The sheets of one workbook, each format made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[str, bool], Any] = {}
        self._head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self._names: set[str] = set()

    def summary(self, document: Document) -> None:
        """What the paper is, its sentences, its figures and its definitions."""
        words = LABELS[document.language]
        sheet = self._book.add_worksheet(self._named(words["summary"]))
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 1, 60)
        sheet.write_string(0, 0, document.title, self._head)
        sheet.write_string(0, 1, document.subtitle, self._head)
        rows: list[tuple[str, Value]] = [
            ("", Value(Kind.TEXT, document.letterhead.organisation)),
            (words["number"], Value(Kind.TEXT, document.number)),
            (words["date"], Value(Kind.DATE, document.date)),
            *(
                ("", Value(Kind.TEXT, each))
                for each in (document.notice, *document.summary)
                if each
            ),
            *((each.label, each.value) for each in document.figures()),
            *((each.term, Value(Kind.TEXT, each.meaning)) for each in document.definitions),
        ]
        for line, (label, value) in enumerate(rows, 1):
            sheet.write_string(line, 0, label)
            self._write(sheet, line, 1, value)

    def table(self, table: Table) -> None:
        """A frozen head, then a row a row; the total last."""
        sheet = self._book.add_worksheet(self._named(table.caption))
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _WIDTHS.get(column.kind, 16))
            sheet.write_string(0, place, column.title, self._head)
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(table.rows, 1):
            self._row(sheet, line, table.columns, row)
        if table.total is not None:
            self._row(sheet, len(table.rows) + 1, table.columns, table.total, is_total=True)

    def _row(
        self,
        sheet: Any,
        line: int,
        columns: Sequence[Column],
        row: Sequence[Cell],
        *,
        is_total: bool = False,
    ) -> None:
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            self._write(sheet, line, place, column.value(cell), is_total=is_total)

    def _write(
        self, sheet: Any, line: int, place: int, value: Value, *, is_total: bool = False
    ) -> None:
        raw: Any = value.value
        if raw is None or raw == "":
            return
        style = self._format(pattern_of(value), is_total=is_total)
        if isinstance(raw, str):
            sheet.write_string(line, place, raw, self._format("", is_total=is_total))
        elif isinstance(raw, date):
            sheet.write_datetime(line, place, _moment(raw), style)
        elif value.kind in {Kind.DURATION, Kind.HOURS}:
            sheet.write_number(line, place, seconds(raw) / DAY_S, style)
        else:
            sheet.write_number(line, place, float(raw), style)

    def _format(self, pattern: str, *, is_total: bool) -> Any:
        if (pattern, is_total) not in self._formats:
            wanted: dict[str, Any] = {"num_format": pattern} if pattern else dict(_WRAPPED)
            wanted |= {"bold": True, "top": 1} if is_total else {}
            self._formats[pattern, is_total] = self._book.add_format(wanted)
        return self._formats[pattern, is_total]

    def _named(self, caption: str) -> str:
        """The caption as a sheet's name: short, of allowed letters, and no two alike."""
        plain = _FORBIDDEN.sub(" ", caption).strip("' ") or "-"
        name, count = plain[:_LONGEST_NAME].strip(), 1
        while name.casefold() in self._names:
            count += 1
            end = f" {count}"
            name = plain[: _LONGEST_NAME - len(end)].strip() + end
        self._names.add(name.casefold())
        return name


def pattern_of(value: Value) -> str:
    """The spreadsheet's format of a value; empty for text."""
    places = PLACES.get(value.kind, 0) if value.places is None else value.places
    fine = "." + "0" * places if places else ""
    if value.kind in {Kind.SHARE, Kind.POINTS}:
        return f"0{fine}%"
    if value.kind in {Kind.DURATION, Kind.HOURS}:
        return "[h]:mm:ss"
    if value.kind is Kind.DATE:
        return "d mmm yyyy"
    return "" if value.kind is Kind.TEXT else f"#,##0{fine}"


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())
