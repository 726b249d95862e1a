"""The manager's page of a month, a quarter or a year."""

from datetime import timedelta
from typing import Any

import pytest
from factories import NINE, TestClock, a_desk, a_mall, a_ticket
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import AsyncTestClient

from mpp.db.seam import Database
from mpp.metrics.pages.comparison import PointOut
from mpp.metrics.pages.heat import SHADES, heat_of
from mpp.metrics.pages.period import (
    curve_chart,
)
from mpp.metrics.rules.aggregation import WEEKDAY_HOUR
from mpp.metrics.rules.rollup import Rollup
from mpp.queue.rules.life import Action
from tests.metrics.morning import a_morning, signed_in

Client = AsyncTestClient[Any]


async def test_an_empty_mall_has_a_page_for_every_length(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    for wanted in ("", "?period=2026-10", "?period=2026-q4", "?period=2026", "?period=2026-12"):
        page = await client.get(f"/overview/period{wanted}", headers=headers)
        assert page.status_code == 200, page.text
        assert "Belum ada yang dipanggil pada periode ini" in page.text
    refused = await client.get("/overview/period?period=kemarin", headers=headers)
    assert refused.status_code == 422


async def test_a_month_beside_the_one_before(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    page = (await client.get("/overview/period", headers=await signed_in(app_db, mall))).text
    assert "1 Nov 2026 – 23 Nov 2026" in page
    assert "dibandingkan dengan 9 Okt 2026 – 31 Okt 2026" in page
    assert "2 penantian berakhir tanpa panggilan" in page
    assert 'class="table__number heat--5">5<' in page
    english = await client.get(
        "/overview/period", headers=await signed_in(app_db, mall) | {"Accept-Language": "en"}
    )
    assert english.status_code == 200


async def test_units_stand_in_the_malls_order_with_their_verdict(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    for label, minutes in (("1", 15), ("2", 5)):
        desk = await a_desk(app_db, mall, label, clock)
        for _ in range(8):
            await a_ticket(app_db, mall, now=clock(), unrestricted=True)
            ticket = await desk.start()
            clock.forward(minutes=minutes)
            await desk.do(ticket, Action.COMPLETE)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview/period?period=2026-q4&by=counter", headers=headers)).text
    assert page.index("Loket 1") < page.index("Loket 2")
    assert page.count("jauh dari wajar</td>") == 2
    clock.now = NINE + timedelta(days=40)
    later = (await client.get("/overview/period?period=2026-11", headers=headers)).text
    assert "1 Nov 2026 – 30 Nov 2026" in later
    assert page.count("jauh dari wajar</td>") == 2


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 7), st.integers(6, 18)), st.integers(1, 999), min_size=1
    )
)
def test_the_busiest_hour_has_the_strongest_shade(counts: dict[tuple[int, int], int]) -> None:
    heat = heat_of(
        {(WEEKDAY_HOUR, f"{day}/{hour}"): Rollup(issued=n) for (day, hour), n in counts.items()}
    )
    cells = [cell for row in heat.rows for cell in row.cells]
    assert len(heat.rows) == 7
    assert sum(cell.count for cell in cells) == sum(counts.values())
    assert max(cell.shade for cell in cells) == SHADES
    assert all((cell.shade == 0) == (cell.count == 0) for cell in cells)


@pytest.mark.parametrize("longest_s", [30, 1200, 90_000])
def test_curves_stay_inside_their_picture(longest_s: float) -> None:
    chart = curve_chart(
        [
            PointOut(share=0.5, called_s=longest_s / 2, with_gave_up_s=longest_s),
            PointOut(share=0.9, called_s=longest_s, with_gave_up_s=None),
        ]
    )
    assert chart is not None
    for line in (chart.called, chart.with_gave_up):
        for point in line.split():
            x, y = map(float, point.split(","))
            assert chart.left <= x <= chart.right
            assert chart.top <= y <= chart.base
    assert curve_chart([PointOut(share=0.5, called_s=None, with_gave_up_s=None)]) is None
