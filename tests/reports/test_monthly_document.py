"""The month's paper: every figure in it is what the raw events say, and stands on the printed page."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import NINE

from mpp.counters.rules.mall import Mall
from mpp.dashboard.pages.definitions import ANCHORS
from mpp.db.seam import Database
from mpp.documents.chart import BarChart, Histogram, IntervalChart, LineChart, ShareBars
from mpp.documents.charts.draw import draw
from mpp.documents.document import Document, Note, Picture
from mpp.documents.pdf import pdf
from mpp.documents.values import written
from mpp.documents.xlsx import xlsx
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.periods import month_of
from mpp.queue.rules.life import Action
from mpp.reports.pages.monthly import monthly_document
from mpp.reports.readers.monthly import monthly
from mpp.reports.rules.monthly import Monthly
from mpp.survey.rules.index import Weights
from tests.documents.reading import alternatives, words
from tests.documents.test_workbook import sheets
from tests.reports.document_parts import picture, raw_cells, table
from tests.reports.month_world import (
    BEFORE,
    CAME,
    MONTH,
    YEAR_BEFORE,
    Life,
    lives,
    of_month,
    quantile_of,
    three_months,
    within,
)
from tests.reports.test_skm_respondents import a_result

NOVEMBER = month_of(date(2026, 11, 1))
OVER = NINE + timedelta(days=10)
ANSWERS: dict[tuple[int, ...], int] = {
    (4, 3, 3, 4, 3, 4, 4, 2, 3): 4,
    (3, 3, 2, 4, 3, 3, 4, 2, 3): 4,
    (4, 4, 3, 4, 4, 4, 4, 3, 3): 4,
}
"""Sums 44, 40, 32, 48, 40, 44, 48, 28, 36 of 12."""
NEAR = 0.0101
"""How far a quantile from a histogram may be from the exact one."""


@pytest.fixture
async def mall(db: Database) -> Mall:
    return await three_months(db)


@pytest.fixture
async def raw(db: Database, mall: Mall) -> list[Life]:
    return await db.read(lives, mall)


@pytest.fixture
async def month(db: Database, mall: Mall) -> Monthly:
    found = await monthly(db, mall, NOVEMBER, Present(OVER, Days()))
    return replace(found, survey=a_result(ANSWERS, Weights.EXACT))


@pytest.fixture
def paper(month: Monthly) -> Document:
    return monthly_document(month, now=OVER)


def wait(each: Life) -> float | None:
    return each.wait_s


def service(each: Life) -> float | None:
    return each.service_s


def promised(found: list[Life], mall: Mall) -> list[Life]:
    return [each for each in found if each.service == mall.service("ktp-el").id]


# -- the figures ---------------------------------------------------------------------------------


async def test_every_figure_beside_last_month_and_last_year_is_the_events_own(
    mall: Mall, raw: list[Life], paper: Document
) -> None:
    rows = raw_cells(table(paper, "compared"))
    three = [of_month(raw, each) for each in (MONTH, BEFORE, YEAR_BEFORE)]
    assert [len(each) for each in three] == [55, 28, 19], "three months unlike one another"
    days = [len({one.day for one in each}) for each in three]
    exact: dict[str, list[float]] = {
        "Nomor diterbitkan": [len(each) for each in three],
        "Hari layanan": list(days),
        "Nomor per hari layanan": [len(e) / n for e, n in zip(three, days, strict=True)],
        "Selesai dilayani": [sum(one.end == Action.COMPLETE for one in each) for each in three],
        "Batal": [sum(one.end == Action.CANCEL for one in e) / len(e) for e in three],
        "Tidak hadir": [sum(one.end == Action.MISS for one in e) / len(e) for e in three],
    }
    for label, expected in exact.items():
        assert rows[label][:3] == pytest.approx(expected), label
    near = {
        "Tunggu, median": [quantile_of(each, wait, 50) for each in three],
        "Tunggu, P90": [quantile_of(each, wait, 90) for each in three],
        "Pelayanan, median": [quantile_of(each, service, 50) for each in three],
    }
    for label, expected in near.items():
        assert rows[label][:3] == pytest.approx(expected, rel=NEAR), label
    theirs = [promised(each, mall) for each in three]
    kept = {
        "Tunggu dalam janji": [within(each, wait, 30 * 60) for each in theirs],
        "Pelayanan dalam janji": [within(each, service, 10 * 60) for each in theirs],
    }
    for label, expected in kept.items():
        assert rows[label][:3] == pytest.approx(expected), label
        assert rows[label][3] == pytest.approx(expected[0] - expected[1])
    assert rows["Nomor diterbitkan"][3] == pytest.approx(55 / 28 - 1)
    assert rows["Tunggu, median"][3] == pytest.approx(
        rows["Tunggu, median"][0] - rows["Tunggu, median"][1]
    )
    assert len(rows) == len(exact) + len(near) + len(kept), "none untested"


async def test_the_large_figures_are_those_of_this_month(raw: list[Life], paper: Document) -> None:
    told = {each.key: each for each in paper.figures()}
    now = of_month(raw, MONTH)
    assert told["issued"].value.value == len(now)
    assert told["served"].value.value == sum(each.end == Action.COMPLETE for each in now)
    assert told["wait_median"].value.value == pytest.approx(quantile_of(now, wait, 50), rel=NEAR)
    assert told["issued"].note == "+96,4 % dari bulan lalu"


def test_a_bar_a_day_is_as_high_as_who_came(paper: Document) -> None:
    found = picture(paper, "days")
    assert isinstance(found.chart, BarChart)
    came = {day.day: sum(each.values()) for day, each in CAME.items() if day >= date(2026, 11, 1)}
    (series,) = found.chart.series
    assert dict(zip(found.chart.labels, series.values, strict=True)) == {
        str(day): came.get(day) for day in range(1, 31)
    }
    heights = [float(each.get("height", 0)) for each in _marked(found, "series-0")]
    assert [h / heights[0] for h in heights] == pytest.approx(
        [n / 25 for n in came.values()], abs=0.01
    )


def _marked(found: Picture, mark: str) -> list[ET.Element]:
    svg = draw(found.chart, key="k", title="t", alt="a", language="id")
    return [each for each in ET.fromstring(svg).iter() if mark in each.get("class", "").split()]


async def test_hours_are_those_of_the_events(raw: list[Life], paper: Document) -> None:
    now = of_month(raw, MONTH)
    rows = raw_cells(table(paper, "hours"))
    chart, bars = picture(paper, "hours-waits").chart, picture(paper, "hours-issued").chart
    assert isinstance(chart, LineChart)
    assert isinstance(bars, BarChart)
    assert set(rows) == {f"{hour:02d}.00–{hour:02d}.59" for hour in {each.hour for each in now}}
    for place, label in enumerate(chart.labels):
        own = [each for each in now if each.hour == int(label)]
        issued, median, p90, left = rows[f"{label}.00–{label}.59"]
        assert issued == bars.series[0].values[place] == len(own)
        assert median == pytest.approx(quantile_of(own, wait, 50), rel=NEAR)
        assert p90 == pytest.approx(quantile_of(own, wait, 90), rel=NEAR)
        assert left == pytest.approx(sum(each.end == Action.CANCEL for each in own) / len(own))
        assert chart.series[0].values[place] == pytest.approx(median / 60)
        assert chart.series[1].values[place] == pytest.approx(p90 / 60)
    assert [each.name for each in chart.series] == ["median", "P90"]


async def test_agencies_and_services_add_up_to_the_events(
    mall: Mall, raw: list[Life], paper: Document
) -> None:
    now = of_month(raw, MONTH)
    rows = raw_cells(table(paper, "agencies"))
    chart = picture(paper, "agencies").chart
    assert isinstance(chart, ShareBars)
    for agency in mall.agencies:
        services = {each.id for each in mall.services_of(agency)}
        own = [each for each in now if each.service in services]
        counts = [
            len(own),
            *(sum(e.end == end for e in own) for end in ("complete", "cancel", "miss")),
        ]
        assert rows[agency.name.id] == counts
        place = list(chart.rows).index(agency.name.id)
        assert [part.values[place] for part in chart.parts] == [*counts[1:], 0]
    total = table(paper, "agencies").total
    assert total is not None
    assert total[1] == len(now)
    told = raw_cells(table(paper, "services"))
    for each in mall.services:
        own = [one for one in now if one.service == each.id]
        issued, median, length, kept = told[each.name.id]
        assert issued == len(own)
        assert median == pytest.approx(quantile_of(own, wait, 50), rel=NEAR)
        assert length == pytest.approx(quantile_of(own, service, 50), rel=NEAR)
        assert kept == (pytest.approx(within(own, service, 600)) if each.slug == "ktp-el" else None)


async def test_the_spread_counts_every_service(raw: list[Life], paper: Document) -> None:
    chart = picture(paper, "spread").chart
    assert isinstance(chart, Histogram)
    served = [each.service_s / 60 for each in of_month(raw, MONTH) if each.service_s is not None]
    for each in chart.bins:
        high = each.high or 10**6
        assert each.count == sum(each.low < minutes <= high for minutes in served), each
    marks = {each.name.split()[0]: float(each.at) for each in chart.marks}
    assert marks["janji"] == 10
    now = of_month(raw, MONTH)
    for name, share in (("median", 50), ("P90", 90), ("P95", 95)):
        assert marks[name] == pytest.approx(quantile_of(now, service, share) / 60, rel=NEAR)
    rows = raw_cells(table(paper, "spread"))
    assert [each[0] for each in rows.values()] == [each.count for each in chart.bins]


def test_an_unsurs_interval_has_its_low_end_low(month: Monthly, paper: Document) -> None:
    found = picture(paper, "unsur")
    assert isinstance(found.chart, IntervalChart)
    sums = (44, 40, 32, 48, 40, 44, 48, 28, 36)
    assert [each.value for each in found.chart.rows] == pytest.approx(
        [each / 12 for each in sums], abs=1e-4
    )
    rows = raw_cells(table(paper, "unsur"))
    for each, figure in zip(found.chart.rows, month.survey.figures.unsur, strict=True):
        assert each.low is not None
        assert each.high is not None
        assert each.value is not None
        assert each.low <= each.value <= each.high
        assert (each.low, each.high) == (figure.low, figure.high)
        assert rows[each.name] == [12, each.value, each.low, each.high]
    wide = [each for each in found.chart.rows if each.low != each.high]
    ends = [[float(each.get("x1", 0)) for each in _marked(found, mark)] for mark in ("low", "high")]
    assert sum(low < high for low, high in zip(*ends, strict=True)) == len(wide) > 0


# -- the sentences -------------------------------------------------------------------------------


async def test_it_begins_with_what_changed_and_what_to_do(raw: list[Life], paper: Document) -> None:
    first, than, *others = paper.summary
    served, left, missed = (
        sum(each.end == end for each in of_month(raw, MONTH))
        for end in ("complete", "cancel", "miss")
    )
    assert first == (
        f"55 nomor antrean diterbitkan pada 3 hari layanan; {served} selesai dilayani, {left} batal "
        f"sebelum dipanggil, {missed} tidak hadir saat dipanggil."
    )
    assert "96,4 % lebih banyak daripada bulan lalu (28)" in than
    assert "189,5 % lebih banyak daripada bulan yang sama tahun lalu (19)" in than
    todo = [each for each in others if each.startswith("Tindakan: ")]
    assert any("Perekaman KTP-el" in each for each in todo)
    assert any("unsur survei terlemah, Sarana dan prasarana" in each for each in todo)
    assert paper.summary[-len(todo) :] == todo, "what changed first, then what to do"


def test_a_month_that_goes_on_says_so(month: Monthly) -> None:
    said = "Bulan ini belum berakhir: angka sampai 23 November 2026, bulan lain utuh."
    assert monthly_document(month, now=NINE).summary[0] == said
    assert said not in monthly_document(month, now=OVER).summary


# -- the page ------------------------------------------------------------------------------------


def test_every_cell_of_every_table_stands_on_the_page(paper: Document) -> None:
    text = words(pdf(paper))
    for found in paper.tables():
        for row in found.rows:
            cells = [
                written(column.value(cell), "id")
                for cell, column in zip(row, found.columns, strict=True)
            ]
            assert " ".join(cells[1:]) in text, (found.key, cells)
    for figure in paper.figures():
        assert written(figure.value, "id") in text
    for said in paper.summary:
        assert said in text


def test_every_picture_has_its_number_meaning_and_words(paper: Document) -> None:
    made = pdf(paper)
    text = words(made)
    shown = [int(number) for number in re.findall(r"Gambar (\d+)\. ", text)]
    assert shown == list(range(1, len(paper.pictures()) + 1))
    assert {each.alt for each in paper.pictures()} <= set(alternatives(made))
    notes = [b.text for s in paper.sections for b in s.blocks if isinstance(b, Note)]
    linked = [each for note in notes for each in re.findall(r"definitions#([a-z-]+)", note)]
    assert linked == ["counts", "waiting", "heat", "service-time", "load", "funnel", "ikm"]
    assert set(linked) <= set(ANCHORS)


def test_the_workbook_of_the_same_document_holds_its_raw_values(paper: Document) -> None:
    found = sheets(xlsx(paper))
    assert [row[1:] for row in found["Nomor tiap instansi"][1:]] == [
        list(row[1:]) for row in table(paper, "agencies").rows
    ] + [list((table(paper, "agencies").total or ())[1:])]


def test_the_made_up_says_so_on_every_page(month: Monthly) -> None:
    made_up = replace(month, mall=replace(month.mall, is_synthetic=True))
    assert monthly_document(made_up, now=OVER).notice == "Data simulasi, bukan data nyata"
    assert monthly_document(month, now=OVER).notice == ""
