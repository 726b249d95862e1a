"""A report as a spreadsheet and as Parquet: the same columns as the CSV, as numbers."""

import io
from collections.abc import Iterator
from typing import Any

from mpp.documents.marks import mark
from mpp.errors import Conflict
from mpp.metrics.pages.wire import CSV_COLUMNS, TOTAL_NAME, FiguresOut, MetricsOut
from mpp.metrics.rules.spans import Kind

_SHARE_COLUMNS = tuple(name for name in CSV_COLUMNS if name.endswith("_pct"))


def rows(report: MetricsOut) -> Iterator[dict[str, Any]]:
    """One row a heading, then the total, which has no key; seconds, and shares in per cent."""
    for row in report.rows:
        yield {"key": row.key, "name": row.name, **_numbers(row)}
    yield {"key": None, "name": TOTAL_NAME, **_numbers(report.total)}


def _numbers(figures: FiguresOut) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in CSV_COLUMNS[2:]:
        kind, _, measure = name.partition("_")
        if kind in set(Kind):
            found[name] = getattr(getattr(figures, kind), measure)
        elif name in _SHARE_COLUMNS:
            value = getattr(figures, name.removesuffix("_pct"))
            found[name] = None if value is None else round(100 * value, 1)
        else:
            found[name] = getattr(figures, name)
    return found


def metrics_xlsx(report: MetricsOut) -> bytes:
    """One sheet with a frozen head and the definitions' version; texts stay texts, whatever they hold."""
    import xlsxwriter  # noqa: PLC0415 - needed when somebody asks for a file

    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        title = f"{report.mall} {report.from_} – {report.to}"
        mark(book, title, is_synthetic=report.is_synthetic)
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("metrics")
        sheet.write_row(0, 0, about(report))
        sheet.write_row(1, 0, CSV_COLUMNS, bold)
        for number, row in enumerate(rows(report), start=2):
            for column, name in enumerate(CSV_COLUMNS):
                if row[name] is not None:
                    sheet.write(number, column, row[name])
        sheet.freeze_panes(2, 2)
        sheet.set_column(1, 1, 40)
    return file.getvalue()


def metrics_parquet(report: MetricsOut) -> bytes:
    """The same as a Parquet file. `Conflict` where the optional package is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an optional package
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise Conflict("Ekspor Parquet memerlukan: pip install 'mpp[parquet]'.") from error

    integers = {"issued", "served", "left", "no_show", "expired", "open"}
    integers |= {f"{kind}_n" for kind in Kind}
    fields = [
        pa.field(name, _type_of(pa, name, integers), nullable=name not in integers)
        for name in CSV_COLUMNS
    ]
    facts = dict(pair.split(": ", 1) for pair in about(report))
    table = pa.Table.from_pylist(list(rows(report)), schema=pa.schema(fields, metadata=facts))
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
