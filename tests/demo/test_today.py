"""The demo's day is planned as fast as it goes, so that its first page does not cry crowd."""

from datetime import date, timedelta

import pytest
from factories import MONDAY, NINE

from mpp.dashboard import queries as target_rows
from mpp.dashboard.readers.typical_day import typical_day
from mpp.dashboard.rules.typical_day import excess
from mpp.db.seam import Database
from mpp.demo.today import expect_today
from tests.reports.year_world import a_history

PAST = {MONDAY - timedelta(weeks=back): {"ktp-el": 10 + back} for back in range(1, 5)}


async def test_a_fast_day_is_planned_and_no_crowd(db: Database) -> None:
    mall = await a_history(db, PAST)
    usual = await typical_day(db, mall, MONDAY)
    assert excess(usual, {9: 39}, 10) is not None, "without a plan ten times as many are a crowd"
    expected = await expect_today(db, mall, 10, now=NINE)
    assert expected == 125  # ten times the median of 11, 12, 13, 14
    said = await db.read(target_rows.expected_day, mall.id, MONDAY)
    assert said is not None
    assert (said.expected, said.by) == (125, "demo")
    assert excess(usual.expecting(said.expected, said.note), {9: 39}, 10) is None


@pytest.mark.parametrize(("past", "speed"), [({}, 10.0), (PAST, 1.0)])
async def test_nothing_is_planned_without_a_past_or_at_the_speed_of_life(
    db: Database, past: dict[date, dict[str, int]], speed: float
) -> None:
    mall = await a_history(db, past)
    assert await expect_today(db, mall, speed, now=NINE) is None
    assert await db.read(target_rows.expected_day, mall.id, MONDAY) is None
