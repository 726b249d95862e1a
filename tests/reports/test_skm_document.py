"""The survey's paper tells what was published, in its customary parts."""

from datetime import date
from typing import Literal

import pytest
from factories import NINE
from msgspec.structs import replace

from mpp.documents.chart import IntervalChart, ShareBars
from mpp.documents.document import Document
from mpp.documents.pdf import pdf
from mpp.documents.values import written
from mpp.reports.pages.skm_document import skm_document
from mpp.survey.rules.index import Weights
from mpp.survey.rules.profile import FIELDS
from mpp.survey.rules.report import FollowUp, Report
from mpp.survey.rules.result import ProfileCell, Response, RowFigures
from mpp.survey.rules.unsur import QUESTIONS, Unsur
from tests.documents.reading import words
from tests.reports.document_parts import picture, raw_cells, table
from tests.reports.test_monthly_document import ANSWERS
from tests.reports.test_skm_respondents import a_result

PLAN = [
    FollowUp(1, "time", "Tambah loket pagi", "Kabag umum", date(2026, 12, 31), None, None),
    FollowUp(2, "cost", "Pasang tarif", "Sekretaris", date(2026, 12, 1), "BAST", date(2026, 11, 20)),
]  # fmt: skip
ROW = RowFigures(
    key="dukcapil", name="Dukcapil", n=12, served=40, ikm=83.33, grade="B", low=80.0, high=86.0
)


def a_paper(plan: list[FollowUp] = PLAN) -> Document:
    found = replace(
        a_result(ANSWERS, Weights.EXACT),
        agencies=[ROW, replace(ROW, key="b", name="Imigrasi", n=None, ikm=None, grade=None)],
        profile={"gender": [ProfileCell(code="female", count=8), ProfileCell(code="", count=None)]},
    )
    report = Report(1, found.first, found.last, None, found, NINE, ())
    return skm_document("MPP Uji", report, plan, made=NINE, is_synthetic=False)


def test_the_index_is_the_one_of_the_answers() -> None:
    said = a_paper().summary[0]
    assert said.startswith("IKM 83,33, mutu B (Baik), 12 responden. Selang kepercayaan 95 %: ")


@pytest.mark.parametrize(
    ("method", "said"), [("bounded", "batas Gaffke"), ("bootstrap", "dengan bootstrap")]
)
def test_the_paper_says_how_its_interval_was_found_and_of_what_visits(
    method: Literal["bootstrap", "bounded"], said: str
) -> None:
    """Of paper forms only, from before the mall's first day here, no visit is known."""
    found = a_result(ANSWERS, Weights.EXACT)
    found = replace(
        found,
        figures=replace(found.figures, method=method),
        response=Response(served=0, answered=0, paper=12, target=0),
    )
    report = Report(1, found.first, found.last, None, found, NINE, ())
    text = words(pdf(skm_document("MPP Uji", report, [], made=NINE, is_synthetic=False)))
    assert said in text
    assert "Kunjungan tidak tercatat di sistem ini" in text
    assert "dari 0 kunjungan" not in text


def test_unsur_stand_with_their_means_intervals_and_counts() -> None:
    paper = a_paper()
    sums = (44, 40, 32, 48, 40, 44, 48, 28, 36)
    rows = list(raw_cells(table(paper, "unsur")).values())
    assert [each[1] for each in rows] == pytest.approx([each / 12 for each in sums], abs=1e-4)
    assert all(low <= mean <= high for _, mean, low, high in rows)
    chart = picture(paper, "unsur").chart
    assert isinstance(chart, IntervalChart)
    assert [(each.low, each.high) for each in chart.rows] == [(row[2], row[3]) for row in rows]
    spread = list(raw_cells(table(paper, "spread")).values())
    assert spread[0] == [0, 0, 4, 8, 0]
    assert spread[7] == [0, 8, 4, 0, 0]
    bars = picture(paper, "spread").chart
    assert isinstance(bars, ShareBars)
    assert [part.values[7] for part in bars.parts] == [0, 8, 4, 0]


def test_few_are_hidden_and_many_are_told() -> None:
    paper = a_paper()
    assert raw_cells(table(paper, "agencies")) == {
        "Dukcapil": [40, 12, 83.33, "B"],
        "Imigrasi": [40, "< 5", None, None],
    }
    assert raw_cells(table(paper, "profile-gender")) == {
        FIELDS["gender"]["female"]: [8],
        "tidak dijawab": ["< 5"],
    }


def test_the_plan_says_who_by_when_and_what_is_done() -> None:
    rows = raw_cells(table(a_paper(), "plan"))
    assert rows["Tambah loket pagi"] == ["U3", "Kabag umum", date(2026, 12, 31), "belum"]
    assert rows["Pasang tarif"] == ["U4", "Sekretaris", date(2026, 12, 1), date(2026, 11, 20)]
    assert "Rencana tindak lanjut: 2 tindakan, terealisasi 50 %." in a_paper().summary
    assert (
        "Rencana tindak lanjut: 3 tindakan, terealisasi 33 %." in a_paper([*PLAN, PLAN[0]]).summary
    )
    assert "Rencana tindak lanjut belum disusun." in a_paper([]).summary


def test_the_paper_has_its_parts_in_order_and_every_cell() -> None:
    paper = a_paper()
    text = words(pdf(paper))
    parts = [
        "I. Pendahuluan",
        "II. Metode",
        "III. Hasil",
        "IV. Kesimpulan",
        "Lampiran 1.",
        "Lampiran 2.",
    ]
    places = [text.rindex(each) for each in parts]
    assert places == sorted(places)
    for found in paper.tables():
        for row in found.rows:
            for cell, column in zip(row, found.columns, strict=True):
                assert written(column.value(cell), "id") in text
    assert all(QUESTIONS[unsur].text in text for unsur in Unsur)
