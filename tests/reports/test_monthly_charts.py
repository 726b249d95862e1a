"""The month's pictures on paper: each numbered, explained, inside its page; and its days read at once."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_mall, a_ticket

from mpp.counters.rules.mall import Mall
from mpp.dashboard.pages.definitions import ANCHORS
from mpp.db.seam import Database
from mpp.evaluation.rules.instrument import instrument_of
from mpp.metrics.pages.work import WorkRowOut
from mpp.metrics.readers.past import Present, issued_by_day
from mpp.metrics.readers.rollup_job import roll_up_day
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.periods import Period, month_of
from mpp.queue.rules.life import Action
from mpp.reports.pages import pdf_charts, pdf_rows
from mpp.reports.pages.monthly import monthly_pdf
from mpp.reports.pages.pdf import Paper
from mpp.reports.readers.monthly import monthly
from tests.reports.test_exports import words

NOVEMBER = month_of(MONDAY)


def a_paper() -> Paper:
    made = datetime(2026, 11, 23, tzinfo=UTC)
    return Paper("Laporan", "MPP Uji", made=made, is_synthetic=False)


async def a_month(db: Database, clock: TestClock) -> Mall:
    """Three Mondays, eight people each; the last of them goes on."""
    mall: Mall = await a_mall(db)
    clock.now = NINE - timedelta(weeks=2)
    desk = await a_desk(db, mall, "1", clock)
    for week in (2, 1, 0):
        clock.now = NINE - timedelta(weeks=week)
        for minutes in range(3, 11):
            await a_ticket(db, mall, now=clock(), unrestricted=True)
            ticket = await desk.start()
            clock.forward(minutes=minutes)
            await desk.do(ticket, Action.COMPLETE)
    return mall


async def test_days_are_counted_kept_or_not(db: Database, clock: TestClock) -> None:
    mall = await a_month(db, clock)
    present = Present(clock(), Days())
    mondays = [MONDAY - timedelta(weeks=week) for week in (2, 1, 0)]
    told = await issued_by_day(db, mall, NOVEMBER, present)
    assert told == dict.fromkeys(mondays, 8)
    await roll_up_day(db, mall, mondays[0])
    await roll_up_day(db, mall, mondays[1])
    assert await issued_by_day(db, mall, NOVEMBER, present) == told
    assert list(told) == sorted(told)


async def test_the_days_of_a_month_cost_what_one_day_costs(
    db: Database, clock: TestClock, counted: Any
) -> None:
    mall = await a_month(db, clock)
    mondays = [MONDAY - timedelta(weeks=week) for week in (2, 1)]
    for day in mondays:
        await roll_up_day(db, mall, day)
    present = Present(clock(), Days())
    asked = []
    for period in (Period(mondays[0], mondays[0]), Period(date(2026, 10, 1), mondays[1])):
        with counted() as statements:
            await issued_by_day(db, mall, period, present)
        asked.append(len(statements))
    assert asked[0] == asked[1]


async def test_the_report_has_every_picture_with_its_number_and_meaning(
    db: Database, clock: TestClock
) -> None:
    mall = await a_month(db, clock)
    found = await monthly(db, mall, NOVEMBER, Present(clock(), Days()))
    text = words(monthly_pdf(found, now=clock()))
    assert re.findall(r"Gambar (\d+)\.", text) == ["1", "2", "3", "4", "5", "6", "7"]
    for heading in [
        "Kunjungan per hari", "Waktu tunggu menurut jam", "Beban menurut hari dan jam",
        "Sebaran waktu pelayanan", "Beban menurut instansi", "Kerja loket",
        "Menepati janji: di luar kebetulan?",
    ]:  # fmt: skip
        assert heading in text
    linked = re.findall(r"/overview/definitions#([a-z-]+)", text)
    assert linked == ["counts", "waiting", "heat", "service-time", "load", "utilisation", "funnel"]
    assert set(linked) <= set(ANCHORS)
    assert "janji 10,0" in text
    assert "Bulan ini belum berakhir: angka sampai 23 November 2026" in text
    clock.now = NINE + timedelta(days=10)
    assert "belum berakhir" not in words(monthly_pdf(found, now=clock()))
    assert text.count("Definisi v2") == len(linked)


async def test_a_month_without_anything_is_told_in_words(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    found = await monthly(db, mall, NOVEMBER, Present(clock(), Days()))
    text = words(monthly_pdf(found, now=clock()))
    assert "0 nomor antrean diterbitkan pada 0 hari layanan" in text
    assert "Gambar" not in text


def test_long_rows_go_on_with_their_heads_on_the_next_page() -> None:
    paper = a_paper()
    work = [
        WorkRowOut(
            key=str(n),
            name=f"Loket {n}",
            open_s=7200.0,
            paused_s=0.0,
            serving_s=3600.0,
            served=3,
            utilisation=0.5,
            served_per_hour=1.5,
        )
        for n in range(1, 91)
    ]
    pdf_rows.work(paper, work)
    text = words(paper.bytes())
    assert paper.pdf.page_no() == 2
    assert text.count("Kesibukan") == 2
    assert text.count("50,0 %") == 90


@pytest.mark.parametrize("index", ["0.00", "3.51", "5.00"])
def test_the_index_is_drawn_with_its_predicates(index: str) -> None:
    paper = a_paper()
    predicates = instrument_of(2026).predicate
    pdf_rows.ipp(paper, Decimal(index), predicates)
    text = words(paper.bytes())
    assert index.replace(".", ",") in text
    assert "A 4,51" in text
    assert "F 0,00" not in text


def test_a_picture_that_does_not_fit_begins_a_page() -> None:
    paper = a_paper()
    paper.below(240)
    pdf_charts.visits(paper, list(NOVEMBER.days()), {MONDAY: 12})
    assert paper.pdf.page_no() == 2
    assert "Gambar 1. Nomor yang diterbitkan" in words(paper.bytes())


def test_a_promise_is_told_apart_without_colour() -> None:
    dashes = [pdf_charts.DASHES[name] for name in ("median", "p90", "p95")]
    assert len(set(dashes)) == 3
    greys = [pdf_charts.LIGHT, pdf_charts.MID, pdf_charts.DARK]
    assert all(one - two > 60 for one, two in pairwise(greys))
