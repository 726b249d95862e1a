"""What was not recorded is no nought, and what was recorded in part is no measure."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from factories import TestClock, a_mall, a_ticket
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import AsyncTestClient

from mpp.db.seam import Database
from mpp.metrics.queries import rollup_rows
from mpp.metrics.rules.periods import Period, month_of
from mpp.metrics.rules.recorded import Recorded, are_comparable
from tests.metrics.morning import signed_in

Client = AsyncTestClient[Any]
NOVEMBER = month_of(date(2026, 11, 1))


@pytest.mark.parametrize(
    ("since", "known", "whole"),
    [
        (None, False, False),
        (date(2026, 12, 1), False, False),
        (date(2026, 11, 25), True, False),
        (date(2026, 11, 8), True, False),
        (date(2026, 11, 7), True, True),
        (date(2026, 10, 31), True, True),
    ],
)
def test_a_month_is_known_from_its_first_recorded_day(since, known: bool, whole: bool) -> None:
    found = Recorded(NOVEMBER, since, 3)
    assert (found.is_known, found.is_whole) == (known, whole)
    assert are_comparable(found, Recorded(NOVEMBER, date(2020, 1, 1), 20)) is whole


@given(st.dates(date(2026, 1, 1), date(2026, 3, 1)), st.integers(1, 90), st.integers(-30, 90))
def test_a_period_is_whole_only_where_most_of_it_was_recorded(first, days: int, late: int) -> None:
    period = Period(first, first + timedelta(days=days - 1))
    found = Recorded(period, first + timedelta(days=late), 0)
    assert not found.is_whole or (found.is_known and late * 4 <= days)
    assert found.is_whole or late > 0


async def test_days_are_counted_from_events_and_from_what_is_kept(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    assert await db.read(rollup_rows.first_recorded, mall.id) is None
    for _ in range(3):
        await a_ticket(db, mall, now=clock(), unrestricted=True)
        clock.forward(days=2)
    whole = Period(date(2026, 11, 1), date(2026, 11, 30))
    (found,) = await db.read(rollup_rows.recorded, mall.id, [whole])
    assert (found.since, found.days) == (date(2026, 11, 23), 3)


async def test_a_first_month_is_compared_with_nothing(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    for _ in range(9):  # 23 November to 9 December: the first five days are not November
        await a_ticket(app_db, mall, now=clock(), unrestricted=True)
        clock.forward(days=2)
    headers = await signed_in(app_db, mall)
    first = (await client.get("/overview/period?period=2026-11", headers=headers)).text
    assert "sebelumnya –" in first
    assert "sebelumnya 0" not in first
    assert "– : tidak tercatat. Angka mal ini baru ada sejak 23 Nov 2026" in first
    before = (await client.get("/overview/day?date=2026-11-20", headers=headers)).text
    assert "– : hari ini tidak tercatat." in before
    assert "Pembukuan cocok" not in before
    assert not re.search(r'stat__value">0<', before)
    second = (await client.get("/overview/period?period=2026-12", headers=headers)).text
    assert "hanya tercatat sebagian" in second
    assert "sebelumnya 4 · 4 hari" in second, "four numbers of four days, not a November's"
    quarter = (
        await client.get("/overview/period?from=2026-12-05&to=2026-12-09", headers=headers)
    ).text
    assert "Banyaknya hari layanan tidak sama: 3 pada periode ini, 2 sebelumnya." in quarter


async def test_the_page_shows_the_days_that_are_asked_for_and_gives_them_as_a_file(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    await a_ticket(app_db, mall, now=clock(), unrestricted=True)
    headers = await signed_in(app_db, mall)
    asked = "/overview/period?from=2026-11-16&to=2026-11-20&rows=agency"
    page = (await client.get(asked, headers=headers)).text
    assert "16 Nov 2026 – 20 Nov 2026; dibandingkan dengan 11 Nov 2026 – 15 Nov 2026" in page
    assert "from=2026-11-11&amp;to=2026-11-15" in page
    assert "from=2026-11-21&amp;to=2026-11-25" in page
    assert re.search(r'<input type="hidden" name="from"\s+value="2026-11-16">', page)
    for ending in ("xlsx", "csv"):
        path = f"/api/v1/malls/mpp-uji/metrics.{ending}?from=2026-11-16&amp;to=2026-11-20&amp;by=agency"
        assert path in page
        assert (await client.get(path.replace("&amp;", "&"), headers=headers)).status_code == 200
    month = (await client.get("/overview/period", headers=headers)).text
    assert "metrics.xlsx?from=2026-11-01&amp;to=2026-11-23&amp;by=weekday" in month
    for wrong in ("from=2026-11-20&to=2026-11-16", "from=kemarin", "from=2020-01-01&to=2026-11-01"):
        assert (await client.get(f"/overview/period?{wrong}", headers=headers)).status_code == 422
