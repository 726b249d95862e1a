"""The year's report as a workbook with a sheet a table, and its months by agency as CSV."""

import io
from collections.abc import Sequence
from typing import Any

from babel.dates import get_month_names

from mpp.documents.csv_text import csv_of, decimal_comma, safe_cell
from mpp.documents.marks import MADE_UP_TEXT, mark
from mpp.metrics.pages.wire import WEEKDAYS
from mpp.number_format import NONE
from mpp.reports.pages.yearly import COUNT, MINUTES, Compared, compared
from mpp.reports.pages.yearly_gaps import said_of_days, said_of_gaps
from mpp.reports.rules.yearly import Rest, UnitFigure, Units, Year

REST = "Lainnya (digabung)"
"""Units beyond the longest list, or of fewer than five numbers."""
CSV_COLUMNS = (
    "year",
    "month",
    "agency",
    "name",
    "issued",
    "served",
    "share_pct",
    "waiting_median_s",
    "within_wait_pct",
    "within_service_pct",
)
Months = Sequence[tuple[int, Units]]
"""1 … 12 with the agencies of that month."""
Sheet = tuple[str, Sequence[int], Sequence[Sequence[Any]]]


def month_name(month: int) -> str:
    return str(get_month_names("wide", locale="id")[month])


def year_csv(year: int, months: Months) -> str:
    """A row a month and agency, as an Indonesian spreadsheet opens it: semicolons, decimal commas."""
    rows = [
        [str(year), str(month), *(_written(cell) for cell in cells)]
        for month, units in months
        for cells in _unit_rows(units)
    ]
    return csv_of(CSV_COLUMNS, rows)


def _unit_rows(units: Units) -> list[list[Any]]:
    """Key, name, issued, served, share, median wait in seconds, within the promises."""
    rows = [_unit_row(each) for each in units.rows]
    if units.rest is not None:
        rest = units.rest
        rows.append(["", REST, rest.issued, rest.served, _percent(rest.share), None, None, None])
    return rows


def _unit_row(each: UnitFigure) -> list[Any]:
    wait = each.waiting_median_s
    return [
        each.key,
        each.name,
        each.issued,
        each.served,
        _percent(each.share),
        None if wait is None else round(wait),
        _percent(each.within_wait),
        _percent(each.within_service),
    ]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return decimal_comma(cell)
    return safe_cell(str(cell))


def year_xlsx(mall_name: str, told: Year, months: Months) -> bytes:
    """The file. Numbers are numbers, texts are texts: no cell is taken for a formula."""
    import xlsxwriter  # noqa: PLC0415 - needed when somebody asks for a file

    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        mark(book, f"Laporan tahunan {told.year} {mall_name}", is_synthetic=told.is_synthetic)
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for name, widths, rows in _sheets(mall_name, told, months):
            sheet = book.add_worksheet(name)
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
            for number, row in enumerate(rows):
                cells = ["" if cell is None else cell for cell in row]
                sheet.write_row(number, 0, cells, None if number else bold)
            sheet.freeze_panes(1, 0)
    return file.getvalue()


def _sheets(mall_name: str, told: Year, months: Months) -> list[Sheet]:
    return [
        ("Ringkasan", (34, 44), _summary(mall_name, told)),
        ("Tahun ke tahun", (26, 14, 14, 14, 24), _compared(told)),
        ("Bulan", (14, 14, 22, 16, 22), _months(told)),
        ("Instansi", (10, 20, 44, *(14,) * 9), _units(told.agencies, told)),
        ("Layanan", (10, 24, 44, *(14,) * 9), _units(told.services, told)),
        ("SKM", (14, 14, 12, 10, 8, 18, 12, 12, 24), _surveys(told)),
        ("IPP", (44, 10, 10, 24, 12), _evaluations(told)),
        ("Bulan dan instansi", (8, 14, 20, 44, *(14,) * 6), _by_month(told, months)),
    ]


def _summary(mall_name: str, told: Year) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["Laporan tahunan", mall_name],
        ["Tahun", told.year],
        ["Dihitung", f"{told.first} s.d. {told.last}"],
        ["Dibandingkan dengan", f"{told.before_first} s.d. {told.before_last}"],
        ["Hari yang sudah lewat", told.days_over],
        ["Hari dalam setahun", told.days_in_year],
        ["Definisi", told.definitions],
    ]
    if told.peaks is not None:
        peaks = told.peaks
        rows += [
            ["Bulan puncak", f"{month_name(peaks.month)}: {peaks.month_issued} nomor"],
            ["Hari puncak", f"{WEEKDAYS[peaks.weekday - 1]}: rata-rata {peaks.weekday_mean} nomor"],
            ["Tanggal tersibuk", f"{peaks.day}: {peaks.day_issued} nomor"],
            ["Jam tersibuk", f"{peaks.hour:02d}.00–{peaks.hour:02d}.59: {peaks.hour_issued} nomor"],
        ]
    return [*rows, ["Data", MADE_UP_TEXT]] if told.is_synthetic else rows


def _compared(told: Year) -> list[list[Any]]:
    head = ["Ukuran", f"{told.year}", f"{told.year - 1}", "Perubahan", "Satuan perubahan"]
    notes = [[each] for each in (said_of_days(told), *said_of_gaps(told))]
    rows = [_told(_compared_row(each)) for each in compared(told)]
    return [head, *rows, [], *notes]


def _compared_row(each: Compared) -> list[Any]:
    if each.kind == COUNT:
        return [each.word, each.now, each.before, _percent(each.difference), "persen"]
    if each.kind == MINUTES:
        said = (_rounded(each.now), _rounded(each.before), _rounded(each.difference))
        return [f"{each.word} (menit)", *said, "menit"]
    said = (_percent(each.now), _percent(each.before), _percent(each.difference))
    return [f"{each.word} (%)", *said, "poin persen"]


def _months(told: Year) -> list[list[Any]]:
    before = told.year - 1
    head = ["Bulan", f"{told.year}", f"{before}, hari yang sama", "Perubahan (%)",
            f"{before}, seluruh bulan"]  # fmt: skip
    rows = [
        _told([month_name(m.month), m.issued, m.before_same, _percent(m.change), m.before])
        for m in told.months
    ]
    notes = [[each] for each in said_of_gaps(told)]
    return [head, *rows, [], *notes]


def _told(row: Sequence[Any]) -> list[Any]:
    """A line where nothing was recorded or has been yet."""
    return [NONE if cell is None else cell for cell in row]


def _units(units: Units, told: Year) -> list[list[Any]]:
    head = ["Peringkat", "", "Nama", "Nomor", "Selesai", "Bagian (%)", "Tunggu, median (menit)",
            "Tunggu dalam janji (%)", "Pelayanan dalam janji (%)", f"Nomor {told.year - 1}",
            "Perubahan (%)", f"Peringkat {told.year - 1}"]  # fmt: skip
    rows: list[list[Any]] = [head]
    for each in units.rows:
        key, name, issued, served, share, _, wait, service = _unit_row(each)
        median = None if each.waiting_median_s is None else _rounded(each.waiting_median_s / 60)
        then = (each.issued_before, _percent(each.change), each.rank_before)
        rows.append([each.rank, key, name, issued, served, share, median, wait, service, *then])
    return [*rows, *_rest(units.rest)]


def _rest(rest: Rest | None) -> list[list[Any]]:
    if rest is None:
        return []
    return [[None, "", f"{REST}: {rest.units}", rest.issued, rest.served, _percent(rest.share)]]


def _surveys(told: Year) -> list[list[Any]]:
    head = ["Dari", "Sampai", "Responden", "IKM", "Mutu", "Kinerja", "Bawah 95 %", "Atas 95 %",
            "Tidak dapat dibedakan dari"]  # fmt: skip
    rows = [
        [str(s.first), str(s.last), s.n, s.ikm, s.grade, s.performance, s.low, s.high, others]
        for s in told.surveys
        for others in (", ".join(s.others),)
    ]
    return [head, *rows]


def _evaluations(told: Year) -> list[list[Any]]:
    head = ["Unit", "IPP", "Huruf", "Predikat", "Perkiraan"]
    rows = [
        [each.unit, each.ipp, each.letter, each.predicate, "ya" if each.is_estimate else ""]
        for each in told.evaluations
    ]
    return [head, *rows]


def _by_month(told: Year, months: Months) -> list[list[Any]]:
    rows: list[list[Any]] = [list(CSV_COLUMNS)]
    for month, units in months:
        rows += [[told.year, month, *cells] for cells in _unit_rows(units)]
    return rows


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
