"""A report as CSV, as a spreadsheet and as Parquet: the same columns, the total apart.

Whoever sums a column must not count everything twice, and medians do not add up: so the total stands in a
file, on a sheet or in the metadata of its own.
"""

import io
from typing import Any

import msgspec

from mpp.documents.csv_text import csv_of, decimal_comma, safe_cell
from mpp.documents.marks import mark
from mpp.errors import Conflict
from mpp.metrics.pages.columns import COLUMNS, SHARES, heads
from mpp.metrics.pages.wire import FiguresOut, MetricsOut
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.spans import Kind
from mpp.texts import marked
from mpp.web.language import translated

TOTAL_NAME = marked("Jumlah")
_SHARE_COLUMNS = tuple(f"{name}_pct" for name in SHARES)
_OWN_NAMES = {By.SERVICE, By.AGENCY, By.HOUR}
"""Rows that the mall, or the clock, has named: nothing of ours to translate."""

Row = dict[str, Any]


def rows(report: MetricsOut) -> list[Row]:
    """One row a heading; seconds, and shares in per cent."""
    return [{"key": row.key, "name": row.name, **_numbers(row)} for row in report.rows]


def total(report: MetricsOut) -> Row:
    """Everything in one row, which has no key."""
    return {"key": None, "name": TOTAL_NAME, **_numbers(report.total)}


def _numbers(figures: FiguresOut) -> Row:
    found: Row = {}
    for name in COLUMNS[2:]:
        kind, _, measure = name.partition("_")
        if kind in set(Kind):
            found[name] = getattr(getattr(figures, kind), measure)
        elif name in _SHARE_COLUMNS:
            value = getattr(figures, name.removesuffix("_pct"))
            found[name] = None if value is None else round(100 * value, 1)
        else:
            found[name] = getattr(figures, name)
    return found


def metrics_csv(report: MetricsOut, locale: str, *, is_total: bool = False) -> str:
    """The rows, or the total alone, as an Indonesian spreadsheet opens them by a double click.

    UTF-8 with a byte order mark, semicolons between cells, a decimal comma; whole seconds, shares in
    percent with one decimal. What stands above is in the reader's language.
    """
    told = [total(report)] if is_total else rows(report)
    return csv_of(
        heads(locale),
        [
            [
                safe_cell(row["key"] or ""),
                safe_cell(_name(row, report, locale)),
                *(_cell(name, row[name]) for name in COLUMNS[2:]),
            ]
            for row in told
        ],
    )


def _name(row: Row, report: MetricsOut, locale: str) -> str:
    name: str = row["name"]
    return name if row["key"] and report.by in _OWN_NAMES else translated(name, locale)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    return decimal_comma(value) if name in _SHARE_COLUMNS else str(round(value))


def metrics_xlsx(report: MetricsOut, locale: str) -> bytes:
    """Rows on one sheet with a frozen head, the total on the next; texts stay texts, whatever they hold."""
    import xlsxwriter  # noqa: PLC0415 - needed when somebody asks for a file

    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        title = f"{report.mall} {report.from_} – {report.to}"
        mark(book, title, is_synthetic=report.is_synthetic)
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for sheet_name, told in (
            (marked("Rincian"), rows(report)),
            (TOTAL_NAME, [total(report)]),
        ):
            sheet = book.add_worksheet(translated(sheet_name, locale))
            sheet.write_row(0, 0, about(report))
            sheet.write_row(1, 0, heads(locale), bold)
            for number, row in enumerate(told, start=2):
                row["name"] = _name(row, report, locale)
                for column, name in enumerate(COLUMNS):
                    if row[name] is not None:
                        sheet.write(number, column, row[name])
            sheet.freeze_panes(2, 2)
            sheet.set_column(1, 1, 40)
            sheet.set_column(2, len(COLUMNS) - 1, 14)
    return file.getvalue()


def metrics_parquet(report: MetricsOut) -> bytes:
    """The rows as a Parquet file, the total as JSON in its metadata.

    `Conflict` where the optional package is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an optional package
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise Conflict("Ekspor Parquet memerlukan: pip install 'mpp[parquet]'.") from error

    integers = {"issued", "served", "left", "no_show", "expired", "open"}
    integers |= {f"{kind}_n" for kind in Kind}
    fields = [
        pa.field(name, _type_of(pa, name, integers), nullable=name not in integers)
        for name in COLUMNS
    ]
    facts = dict(pair.split(": ", 1) for pair in about(report))
    facts["total"] = msgspec.json.encode(total(report)).decode()
    table = pa.Table.from_pylist(rows(report), schema=pa.schema(fields, metadata=facts))
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def _type_of(pa: Any, name: str, integers: set[str]) -> Any:
    if name in {"key", "name"}:
        return pa.string()
    return pa.int64() if name in integers else pa.float64()


def about(report: MetricsOut) -> list[str]:
    """What the file is of."""
    said = [
        f"mall: {report.mall}",
        f"from: {report.from_}",
        f"to: {report.to}",
        f"by: {report.by}",
        f"definitions: {report.definitions}",
    ]
    return [*said, "synthetic: yes"] if report.is_synthetic else said
