"""The survey's result as a workbook: summary, unsur, distribution of answers, rows, respondents."""

import io
from collections.abc import Sequence
from typing import Any

from mpp.documents.marks import mark
from mpp.metrics.rules.disclosure import FEWEST
from mpp.number_format import NONE
from mpp.survey.pages.results import UNSUR, UNSUR_CODES
from mpp.survey.rules.index import SCALE, Weights, round_half_up
from mpp.survey.rules.interval import Patterns
from mpp.survey.rules.profile import NAMES, word_of
from mpp.survey.rules.result import Result, RowFigures, index_of_patterns
from mpp.survey.rules.unsur import QUESTIONS, Unsur

HIDDEN = "ditutup: kurang dari 5, atau bersama yang demikian"
"""Stands where nothing is shown."""


def workbook(
    mall_name: str, found: Result, patterns: Patterns | None, *, is_synthetic: bool
) -> bytes:
    """The file. Texts are written as texts: no cell is taken for a formula but those made here.

    `patterns`: the answers that `found` was made of; None where they are not told one by one.
    """
    import xlsxwriter  # noqa: PLC0415 - for one download of the manager's

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    mark(book, f"SKM {mall_name} {found.first} – {found.last}", is_synthetic=is_synthetic)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, widths, rows in _sheets(mall_name, found, is_synthetic=is_synthetic):
        sheet = book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            style = bold if number == 0 else None
            sheet.write_row(number, 0, ["" if cell is None else cell for cell in row], style)
        sheet.freeze_panes(1, 0)
    _tabulation(book, bold, patterns, Weights(found.figures.weights))
    book.close()
    return file.getvalue()


Questionnaire = tuple[str, Sequence[int], Sequence[Sequence[Any]]]


def _sheets(mall_name: str, found: Result, *, is_synthetic: bool) -> list[Questionnaire]:
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
        ["Kunjungan terlayani", response.served or NONE],
        ["Menjawab lewat ponsel atau tablet", response.answered],
        ["Formulir kertas", response.paper],
        ["Sasaran Krejcie–Morgan", response.target or NONE],
    ]


def _unsur(found: Result) -> list[list[Any]]:
    head = ["", "Unsur", "Menjawab", "NRR", "NRR tertimbang", "Bawah 95 %", "Atas 95 %"]
    each_weight = float(Weights(found.figures.weights).each)
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
                HIDDEN if each.n is None else each.n,
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
            word = word_of(field, cell.code)
            rows.append([NAMES[field], word, HIDDEN if cell.count is None else cell.count])
    return rows


# -- one row a respondent ------------------------------------------------------------------------

TABULATION = "Tabulasi responden"
NOT_YET = "Jawaban satu per satu: seluruh mal saja, setelah periode dan masa penilaiannya berakhir"
"""One agency's rows beside the mall's would tell another's; today's beside yesterday's whose they are."""
_FIRST_ROW = 1


def respondents(patterns: Patterns) -> list[tuple[int, ...]]:
    """Nine values a respondent, 0 where nothing was answered; nothing for so few that each is known.

    Sorted by the values alone, so a row's place tells nothing about when or through what it came.
    """
    if sum(patterns.values()) < FEWEST:
        return []
    return [values for values in sorted(patterns) for _ in range(patterns[values])]


def _tabulation(book: Any, bold: Any, patterns: Patterns | None, weights: Weights) -> None:
    """The customary tabulation: what each answered, sums, NRR and index as formulas to follow.

    Under each formula stands what this program reckons, exactly; the two must agree.
    """
    sheet = book.add_worksheet(TABULATION)
    sheet.set_column(0, 0, 34)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, ["No.", *UNSUR_CODES.values()], bold)
    if patterns is None:
        sheet.write(_FIRST_ROW, 0, NOT_YET)
        return
    rows = respondents(patterns)
    if not rows:
        sheet.write(_FIRST_ROW, 0, f"Responden kurang dari {FEWEST}: tidak ditampilkan")
        return
    for number, values in enumerate(rows):
        sheet.write_row(_FIRST_ROW + number, 0, [number + 1])
        for column, value in enumerate(values, start=1):
            if value:
                sheet.write_number(_FIRST_ROW + number, column, value)
    _sums(sheet, bold, patterns, weights, last=_FIRST_ROW + len(rows) - 1)


def _sums(sheet: Any, bold: Any, patterns: Patterns, weights: Weights, *, last: int) -> None:
    found = index_of_patterns(patterns, weights)
    top, weight = last + 2, "1/9" if weights is Weights.EXACT else weights.value
    words = ("Jumlah nilai", "Jumlah menjawab", "NRR per unsur", "NRR per unsur, dihitung program",
             f"NRR tertimbang (bobot {weight})", "NRR tertimbang, dihitung program")  # fmt: skip
    for ahead, word in enumerate(words):
        sheet.write(top + ahead, 0, word, bold)
    for column, unsur in enumerate(found.nrr, start=1):
        letter = chr(ord("A") + column)
        cells = f"{letter}{_FIRST_ROW + 1}:{letter}{last + 1}"
        total, count, nrr = (f"{letter}{top + ahead + 1}" for ahead in range(3))
        answered, exact = found.answered[unsur], found.nrr[unsur]
        mean = "" if exact is None else float(round_half_up(exact, 6))
        part = "" if exact is None else float(round_half_up(exact * weights.each, 6))
        made = 0 if exact is None else int(exact * answered)
        sheet.write_formula(top, column, f"=SUM({cells})", None, made)
        sheet.write_formula(top + 1, column, f"=COUNT({cells})", None, answered)
        sheet.write_formula(top + 2, column, f'=IF({count}=0,"",{total}/{count})', None, mean)
        sheet.write(top + 3, column, mean)
        weighted = f'=IF({count}=0,"",{nrr}*{weight})'
        sheet.write_formula(top + 4, column, weighted, None, part)
        sheet.write(top + 5, column, part)
    parts, counts = (f"B{top + ahead + 1}:J{top + ahead + 1}" for ahead in (4, 1))
    ikm = "" if found.ikm is None else float(found.ikm)
    formula = f'=IF(MIN({counts})=0,"",ROUND(SUM({parts})*{SCALE},2))'
    sheet.write(top + 6, 0, f"IKM (jumlah NRR tertimbang × {SCALE})", bold)
    sheet.write_formula(top + 6, 1, formula, bold, ikm)
    sheet.write(top + 7, 0, "IKM, dihitung program", bold)
    sheet.write(top + 7, 1, ikm)
