"""What a day usually brings: median and range of the days before it, or what a manager expects."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_mall, a_ticket
from hypothesis import given
from hypothesis import strategies as st

from mpp.counters.rules.mall import Mall
from mpp.dashboard import queries as target_rows
from mpp.dashboard.commands import expect_day
from mpp.dashboard.readers.typical_day import Backgrounds, typical_day
from mpp.dashboard.rules.typical_day import (
    FEWEST,
    MOST_DAYS,
    Band,
    PastDay,
    TypicalDay,
    band,
    excess,
    same_weekdays,
)
from mpp.dashboard.rules.typical_day_chart import rows, step_of, typical_day_chart
from mpp.db.seam import Database
from mpp.metrics.readers.rollup_job import roll_up_day
from mpp.queue.rules.life import Action


def a_day(*counts: int, first: int = 8, weeks: int = 1) -> PastDay:
    """So many numbers in each hour from `first` on."""
    issued = dict(enumerate(counts, start=first))
    return PastDay(MONDAY - timedelta(weeks=weeks), issued, sum(counts), 60.0, 0.9)


def typical(*totals: int) -> TypicalDay:
    """Days of two hours, half of the numbers in each."""
    return TypicalDay(tuple(a_day(each, each) for each in totals))


COUNTS = st.lists(st.integers(0, 400), min_size=1, max_size=10)
DAYS = st.lists(COUNTS, max_size=MOST_DAYS).map(
    lambda found: TypicalDay(tuple(a_day(*counts) for counts in found))
)
MOMENTS = st.floats(0, 24)


# -- median and range ----------------------------------------------------------------------------


def test_usual_is_the_median_and_the_range_goes_from_the_lowest_to_the_highest() -> None:
    assert typical(10, 20, 30, 40, 90).by(10) == Band(60, 20, 180)


def test_of_three_days_or_fewer_no_range_is_told() -> None:
    assert [typical(*range(1, n + 1)).has_range for n in range(6)] == [False] * 4 + [True] * 2
    assert typical(10, 20, 30).by(10) == Band(40)
    assert TypicalDay().by(10) is None


def test_the_next_day_lies_within_the_range_of_eight_seven_times_of_nine() -> None:
    """Each of nine such days is as likely to be the highest, and as likely to be the lowest."""
    assert typical(*range(8)).coverage == Fraction(7, 9)
    nine = list(range(9))
    inside = [
        band([each for each in nine if each != next_]).where(next_)  # type: ignore[union-attr]
        for next_ in nine
    ]
    assert inside.count("within") == 7


def test_within_an_hour_numbers_are_spread_evenly() -> None:
    day = a_day(10, 30)
    assert [day.by(at) for at in (8, 8.5, 9, 9.5, 10, 24)] == [0, 5, 10, 25, 40, 40]


@given(DAYS, MOMENTS, MOMENTS)
def test_later_never_fewer(known: TypicalDay, one: float, other: float) -> None:
    early, late = known.by(min(one, other)), known.by(max(one, other))
    if early is not None and late is not None:
        assert early.middle <= late.middle
        assert (early.high or 0) <= (late.high or 0)


@given(DAYS, st.integers(1, 5000))
def test_a_plan_moves_the_total_and_keeps_the_shape(known: TypicalDay, expected: int) -> None:
    planned, before = known.expecting(expected, ""), known.issued
    total = planned.issued
    assert total is not None or not known.days
    if before is not None and before.middle and total is not None:
        assert total.middle == pytest.approx(expected)
        at_ten, then = known.by(10), planned.by(10)
        assert at_ten is not None
        assert then is not None
        assert then.middle * before.middle == pytest.approx(at_ten.middle * expected)


def test_an_expected_day_of_which_no_hours_are_known_has_a_total_only() -> None:
    planned = TypicalDay().expecting(300, "pelayanan keliling")
    assert planned.issued == Band(300)
    assert planned.by(10) is None


# -- which days ----------------------------------------------------------------------------------


def test_days_with_todays_opening_hours_come_first_and_closed_ones_not_at_all() -> None:
    holiday, ramadan = MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=3)

    def hours_of(day: date) -> str:
        return "" if day == holiday else "08:00-13:00" if day == ramadan else "08:00-15:00"

    alike, others = same_weekdays(MONDAY, hours_of)
    assert others == [ramadan]
    assert holiday not in alike
    assert alike[:2] == [MONDAY - timedelta(weeks=1), MONDAY - timedelta(weeks=4)]
    assert {day.isoweekday() for day in alike} == {1}
    assert alike == sorted(alike, reverse=True)


# -- above the range -----------------------------------------------------------------------------


def test_a_crowd_at_the_door_is_no_excess_as_nobody_knows_how_the_hour_went_before() -> None:
    known = typical(50, 52, 54, 56)
    assert excess(known, {8: 50}, 8.1) is None
    found = excess(known, {8: 70}, 8.1)
    assert found is not None
    assert (found.count, found.bound, found.hour) == (70, 56, 9)
    assert found.percent == pytest.approx(25)


def test_an_excess_stays_when_the_next_hour_begins() -> None:
    known = typical(50, 52, 54, 56)
    assert excess(known, {8: 70}, 9.0) == excess(known, {8: 70}, 8.9)


def test_without_a_range_only_a_plan_can_be_exceeded() -> None:
    assert excess(typical(10, 20, 30), {8: 500}, 9) is None
    found = excess(TypicalDay().expecting(100, ""), {8: 130}, 9)
    assert found is not None
    assert found.percent == pytest.approx(30)


@given(DAYS, COUNTS, MOMENTS)
def test_what_lies_in_the_range_is_no_excess(
    known: TypicalDay, counts: list[int], at: float
) -> None:
    taken = {hour: count for hour, count in enumerate(counts, start=8) if hour <= at}
    found = excess(known, taken, at)
    if found is not None:
        top = known.by(found.hour)
        assert top is not None
        assert top.high is not None
        assert found.count > top.high
        assert found.percent > 0


# -- the picture ---------------------------------------------------------------------------------


@given(DAYS, COUNTS, MOMENTS, st.none() | st.integers(1, 3000))
def test_everything_lies_inside_the_picture(
    known: TypicalDay, counts: list[int], at: float, expected: int | None
) -> None:
    taken = {hour: count for hour, count in enumerate(counts, start=8) if hour <= at}
    planned = known.expecting(expected, "")
    chart = typical_day_chart(planned, taken, range(8, 15), at, width=820, height=360)
    assert chart is not None
    corners = [
        tuple(map(float, corner.split()))
        for path in (chart.band, chart.middle, chart.today)
        if path
        for corner in path.strip("MZ").split("L")
    ]
    assert all(chart.left <= x <= chart.right and 0 <= y <= chart.base + 0.1 for x, y in corners)
    if chart.now is not None:
        assert chart.now.count == sum(taken.values())
    assert len(chart.grid) <= 6


@given(st.integers(1, 10**6))
def test_a_grid_needs_few_lines(highest: int) -> None:
    step = step_of(highest)
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert step * 5 >= highest > (step * 5 / 2.5 - 1 if step > 1 else 0)


def test_a_day_of_nothing_has_no_picture_and_the_table_tells_what_is_not_over() -> None:
    assert typical_day_chart(TypicalDay(), {}, (), 9, width=820, height=360) is None
    table = rows(typical(10, 10, 10, 10), {8: 12}, range(8, 11), 8.5)
    assert [(row.hour, row.taken) for row in table] == [(8, 12), (9, None), (10, None)]
    assert table[1].typical == Band(20, 20, 20)


# -- out of the database -------------------------------------------------------------------------


async def mondays(db: Database, clock: TestClock, *counts: int) -> Mall:
    """Mondays before this one, the latest first, each with so many numbers at nine; one is served."""
    mall = await a_mall(db)
    for back, count in enumerate(counts, start=1):
        clock.now = NINE - timedelta(weeks=back)
        for _ in range(count):
            await a_ticket(db, mall, now=clock())
        if count:
            desk = await a_desk(db, mall, "1", clock) if back == 1 else None
            if desk is not None:
                called = await desk.call()
                assert called is not None
                await desk.do(called, Action.START)
                await desk.do(called, Action.COMPLETE)
    clock.now = NINE
    return mall


async def test_the_usual_day_is_the_same_folded_and_on_the_spot(
    db: Database, clock: TestClock
) -> None:
    mall = await mondays(db, clock, 3, 0, 5, 4, 6)
    on_the_spot = await typical_day(db, mall, MONDAY)
    for back in range(1, 6):
        await roll_up_day(db, mall, MONDAY - timedelta(weeks=back))
    assert await typical_day(db, mall, MONDAY) == on_the_spot
    assert [each.total for each in on_the_spot.days] == [3, 5, 4, 6], (
        "a Monday of nothing is unknown"
    )
    assert on_the_spot.by(10) == Band(4.5, 3, 6)
    assert on_the_spot.days[0].served == 1
    assert on_the_spot.n == FEWEST


async def test_other_days_of_the_week_do_not_count(db: Database, clock: TestClock) -> None:
    mall = await mondays(db, clock, 3, 4)
    assert (await typical_day(db, mall, MONDAY + timedelta(days=1))).n == 0


async def test_the_usual_day_is_read_once_a_day(db: Database, clock: TestClock, counted) -> None:
    mall = await mondays(db, clock, 3, 4)
    backgrounds = Backgrounds()
    first = await backgrounds.of(db, mall, MONDAY)
    with counted() as seen:
        again = await backgrounds.of(db, mall, MONDAY)
    assert again == first
    assert seen == []
    tomorrow = await backgrounds.of(db, mall, MONDAY + timedelta(days=1))
    assert tomorrow.typical.n == 0


async def test_what_was_said_last_of_a_day_holds_and_nothing_is_overwritten(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    said = {"today": MONDAY, "by": "manajer", "now": clock()}
    await db.execute(expect_day, mall.id, MONDAY, 400, "pelayanan keliling", **said)
    await db.execute(expect_day, mall.id, MONDAY + timedelta(days=1), 90, "", **said)
    await db.execute(expect_day, mall.id, MONDAY, None, "batal", **said)
    now = await db.read(target_rows.expected_day, mall.id, MONDAY)
    assert now is not None
    assert (now.expected, now.note, now.by, now.at) == (None, "batal", "manajer", clock())
    plans = await db.read(target_rows.expected_days_from, mall.id, MONDAY)
    assert [(each.day, each.expected) for each in plans] == [
        (MONDAY, None),
        (MONDAY + timedelta(days=1), 90),
    ]
    assert replace(now, day=MONDAY) == plans[0]
    assert await db.read(target_rows.expected_day, mall.id, MONDAY + timedelta(days=7)) is None
