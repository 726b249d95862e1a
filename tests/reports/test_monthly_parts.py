"""Parts of the month's paper that need more than tickets: counters' work, the index of public service."""

from dataclasses import replace
from decimal import Decimal

import pytest
from factories import NINE, TestClock

from mpp.db.seam import Database
from mpp.documents.chart import IntervalChart, ShareBars
from mpp.documents.pdf import pdf
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.score import WithoutUsers
from mpp.evaluation.rules.standing import Judged
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.reports.pages.monthly import monthly_document
from mpp.reports.readers.monthly import monthly
from tests.documents.reading import words
from tests.reports.document_parts import picture, raw_cells, table
from tests.reports.test_issued_by_day import NOVEMBER, a_month


async def test_a_counters_work_is_what_its_services_took(db: Database, clock: TestClock) -> None:
    mall = await a_month(db, clock)
    found = await monthly(db, mall, NOVEMBER, Present(clock(), Days()))
    paper = monthly_document(found, now=clock())
    opened, serving, served, busy, per_hour = raw_cells(table(paper, "work"))["Loket 1"]
    assert served == 3 * 8
    assert serving == 3 * sum(range(3, 11)) * 60
    assert busy == pytest.approx(serving / opened, abs=1e-4)
    assert per_hour == pytest.approx(served / opened * 3600, abs=0.01)
    chart = picture(paper, "work").chart
    assert isinstance(chart, ShareBars)
    assert [part.values[0] for part in chart.parts] == pytest.approx(
        [serving / 3600, (opened - serving) / 3600]
    )


@pytest.mark.parametrize("level", [0, 3, 5])
async def test_the_index_stands_on_its_scale_with_its_predicates(
    db: Database, clock: TestClock, level: int
) -> None:
    mall = await a_month(db, clock)
    found = await monthly(db, mall, NOVEMBER, Present(clock(), Days()))
    newest = Evaluation(
        mall_id=mall.id,
        id=1,
        year=2026,
        unit="MPP Uji",
        instrument_key="pekppp-2023",
        variant_name="A",
        without_users=next(iter(WithoutUsers)),
        judged={number: Judged(own=level) for number in range(1, 31)},
        users=[],
    )
    paper = monthly_document(replace(found, evaluation=newest), now=NINE)
    chart = picture(paper, "ipp").chart
    assert isinstance(chart, IntervalChart)
    (row,) = chart.rows
    assert row.value == newest.score.ipp
    assert (chart.lowest, chart.highest) == (0, 5)
    marks = {each.name: each.at for each in chart.marks}
    assert marks["A"] == Decimal("4.51")
    assert "F" not in marks
    written = f"{newest.score.ipp:.2f}".replace(".", ",")
    assert f"IPP {written}, predikat {newest.score.predicate.letter}" in words(pdf(paper))
