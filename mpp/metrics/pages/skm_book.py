"""The survey's result as a workbook: summary, unsur, distribution of answers, rows, respondents."""

import io
from collections.abc import Sequence
from typing import Any

from mpp.metrics.pages.skm import UNSUR, UNSUR_CODES
from mpp.metrics.rules.skm.profile import FIELDS, NAMES
from mpp.metrics.rules.skm.result import Result, RowFigures
from mpp.metrics.rules.skm.unsur import QUESTIONS, Unsur

SHOWN_FROM = "kurang dari 5"
"""Stands where so few answered that nothing is shown."""


def workbook(mall_name: str, found: Result, *, is_synthetic: bool) -> bytes:
    """The file. Texts are written as texts: no cell is taken for a formula."""
    import xlsxwriter  # noqa: PLC0415 - for one download of the manager's

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, widths, rows in _sheets(mall_name, found, is_synthetic=is_synthetic):
        sheet = book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            style = bold if number == 0 else None
            sheet.write_row(number, 0, ["" if cell is None else cell for cell in row], style)
        sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


Sheet = tuple[str, Sequence[int], Sequence[Sequence[Any]]]


def _sheets(mall_name: str, found: Result, *, is_synthetic: bool) -> list[Sheet]:
    marked = [["Data", "sintetis, bukan pengunjung sungguhan"]] if is_synthetic else []
    return [
        ("Ringkasan", (34, 40), [*_summary(mall_name, found), *marked]),
        ("Unsur", (6, 30, 12, 12, 16, 12, 12), _unsur(found)),
        ("Sebaran jawaban", (6, 30, 30, 30, 30, 30, 16), _spread(found)),
        ("Instansi", (20, 44, 12, 12, 10, 8, 12, 12), _rows(found.agencies)),
        ("Layanan", (24, 44, 12, 12, 10, 8, 12, 12), _rows(found.services)),
        ("Responden", (22, 30, 16), _profile(found)),
    ]


def _summary(mall_name: str, found: Result) -> list[list[Any]]:
    figures, response = found.figures, found.response
    return [
        ["Survei Kepuasan Masyarakat", mall_name],
        ["Instansi", found.agency or "seluruh mal"],
        ["Periode", f"{found.first} s.d. {found.last}"],
        ["IKM", figures.ikm],
        ["Mutu", figures.grade],
        ["Kinerja", figures.performance],
        ["Selang 95 %, bawah", figures.low],
        ["Selang 95 %, atas", figures.high],
        ["Tidak dapat dibedakan dari", ", ".join(figures.others)],
        ["Bobot", "1/9" if figures.weights == "exact" else figures.weights],
        ["Responden", figures.n],
        ["Kunjungan terlayani", response.served],
        ["Menjawab lewat ponsel atau tablet", response.answered],
        ["Formulir kertas", response.paper],
        ["Sasaran Krejcie–Morgan", response.target],
    ]


def _unsur(found: Result) -> list[list[Any]]:
    head = ["", "Unsur", "Menjawab", "NRR", "NRR tertimbang", "Bawah 95 %", "Atas 95 %"]
    each_weight = 1 / len(Unsur) if found.figures.weights == "exact" else 0.11
    rows = [
        [
            UNSUR_CODES[each.unsur],
            UNSUR[each.unsur],
            each.answered,
            each.nrr,
            None if each.nrr is None else round(each.nrr * each_weight, 4),
            each.low,
            each.high,
        ]
        for each in found.figures.unsur
    ]
    return [head, *rows]


def _spread(found: Result) -> list[list[Any]]:
    head = ["", "Unsur", "1", "2", "3", "4", "Tidak menjawab"]
    rows = []
    for each in found.figures.unsur:
        words = QUESTIONS[Unsur(each.unsur)].options
        cells = [f"{count} – {word}" for count, word in zip(each.counts, words, strict=True)]
        missing = found.figures.n - each.answered
        rows.append([UNSUR_CODES[each.unsur], UNSUR[each.unsur], *cells, missing])
    return [head, *rows]


def _rows(rows: Sequence[RowFigures]) -> list[list[Any]]:
    head = ["", "Nama", "Terlayani", "Responden", "IKM", "Mutu", "Bawah 95 %", "Atas 95 %"]
    return [
        head,
        *(
            [
                each.key,
                each.name,
                each.served,
                SHOWN_FROM if each.n is None else each.n,
                each.ikm,
                each.grade,
                each.low,
                each.high,
            ]
            for each in rows
        ),
    ]


def _profile(found: Result) -> list[list[Any]]:
    rows: list[list[Any]] = [["", "Golongan", "Responden"]]
    for field, cells in found.profile.items():
        for cell in cells:
            word = FIELDS[field].get(cell.code, "tidak dijawab")
            rows.append([NAMES[field], word, SHOWN_FROM if cell.count is None else cell.count])
    return rows
