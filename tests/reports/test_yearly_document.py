"""The year's paper: this year and last, each from its own raw counts, neither in the other's place."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from factories import MONDAY, NINE
from msgspec.structs import replace

from mpp.db.seam import Database
from mpp.documents.chart import BarChart
from mpp.documents.charts.draw import draw
from mpp.documents.document import Document, Kind, Value
from mpp.documents.pdf import pdf
from mpp.documents.values import written
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.reports.pages.yearly_document import year_document
from mpp.reports.readers.yearly import yearly
from mpp.reports.rules.yearly import Year
from mpp.reports.rules.years import span_of_year
from tests.documents.reading import words
from tests.reports.document_parts import picture, raw_cells, table
from tests.reports.year_world import CAME, a_history


def issued(year: int, month: int, until: date = date.max) -> int:
    """Counted by hand from who came."""
    return sum(
        sum(each.values())
        for day, each in CAME.items()
        if (day.year, day.month) == (year, month) and day <= until
    )


@pytest.fixture
async def told(db: Database) -> Year:
    mall = await a_history(db)
    return await yearly(db, mall, span_of_year(2026, MONDAY), Present(NINE, Days()))


@pytest.fixture
def paper(told: Year) -> Document:
    return year_document("MPP Uji", told, made=NINE)


def test_this_years_bars_are_this_years_and_last_years_last_years(paper: Document) -> None:
    chart = picture(paper, "months").chart
    assert isinstance(chart, BarChart)
    now, before = chart.series
    assert (now.name, before.name) == ("2026", "2025")
    yesterday = date(2026, 11, 22)
    assert list(now.values) == [*(issued(2026, m, yesterday) for m in range(1, 12)), None]
    assert list(before.values) == [issued(2025, month) for month in range(1, 13)]
    assert list(now.values)[:11] != list(before.values)[:11]


def test_bars_are_as_high_as_each_years_own_counts(paper: Document) -> None:
    found = picture(paper, "months")
    svg = draw(found.chart, key="k", title="t", alt="a", language="id")
    heights = {
        mark: [
            float(each.get("height", 0))
            for each in ET.fromstring(svg).iter()
            if each.get("class") == mark
        ]
        for mark in ("series-0", "series-1")
    }
    unit = heights["series-0"][2] / issued(2026, 3)
    yesterday = date(2026, 11, 22)
    assert heights["series-0"] == pytest.approx(
        [unit * issued(2026, month, yesterday) for month in range(1, 12)], abs=0.02
    )
    assert heights["series-1"] == pytest.approx(
        [unit * issued(2025, month) for month in range(1, 13)], abs=0.02
    )


def test_months_stand_beside_the_same_days_and_the_whole_month(paper: Document) -> None:
    rows = raw_cells(table(paper, "months"))
    assert rows["Januari"] == [12, 11, pytest.approx(12 / 11 - 1), 11]
    assert rows["Maret"] == [20, 8, pytest.approx(1.5), 8]
    assert rows["November (s.d. tgl 22)"] == [4, 3, pytest.approx(1 / 3), 12]
    assert rows["Desember"] == [None, None, None, 7]


def test_years_stand_each_in_its_own_column(paper: Document) -> None:
    found = table(paper, "compared")
    assert [each.title for each in found.columns] == ["Ukuran", "2026", "2025", "Perubahan"]
    rows = raw_cells(found)
    assert rows["Nomor diambil"] == [36, 22, pytest.approx(36 / 22 - 1)]
    assert rows["Hari layanan"] == [4, 3, pytest.approx(1 / 3)]
    assert rows["Tunggu, median"] == pytest.approx([600, 600, 0], rel=0.01)
    assert rows["Pelayanan, median"] == pytest.approx([300, 300, 0], rel=0.01)
    row = next(each for each in found.rows if each[0] == "Tunggu dalam janji")
    assert row[1:] == (
        Value(Kind.SHARE, 1.0), Value(Kind.SHARE, 1.0), Value(Kind.POINTS, 0.0, signed=True)
    )  # fmt: skip


def test_units_are_ranked_with_last_years_rank(paper: Document) -> None:
    rows = raw_cells(table(paper, "agencies"))
    assert rows["1. Dinas Kependudukan dan Pencatatan Sipil"][:3] == [
        30,
        30,
        pytest.approx(30 / 36),
    ]
    assert rows["2. Kantor Imigrasi"][0] == 6
    assert [each[-1] for each in rows.values()] == [1, 2]


def test_the_summary_says_what_changed(paper: Document, told: Year) -> None:
    said = " ".join(paper.summary)
    assert "36 nomor antrean diterbitkan pada 4 hari layanan" in said
    assert "63,6 % lebih banyak daripada hari-hari yang sama tahun lalu (22)" in said
    assert "Bulan puncak Maret (20 nomor)" in said
    assert "Tindakan" not in said
    slow = [replace(each, within_service=0.5) for each in told.services.rows]
    short = replace(told, services=replace(told.services, rows=slow))
    assert "Tindakan: periksa Perekaman KTP-el: janji pelayanannya ditepati 50,0 %." in " ".join(
        year_document("MPP Uji", short, made=NINE).summary
    )


def test_every_cell_stands_on_the_page(paper: Document) -> None:
    text = words(pdf(paper))
    for found in paper.tables():
        for row in found.rows:
            cells = [
                written(column.value(cell), "id")
                for cell, column in zip(row, found.columns, strict=True)
            ]
            assert " ".join(cells[1:]) in text, (found.key, cells)
    assert all(each in text for each in paper.summary)
    assert "Kepala MPP Uji" in text
