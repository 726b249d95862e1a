"""When a mall is open, and which day it is there."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from factories import mall_file
from hypothesis import given
from hypothesis import strategies as st

from mpp.clock import business_day
from mpp.counters.rules.file import contradictions
from mpp.counters.rules.mall import (
    WEEKDAYS,
    Calendar,
    Interval,
    Period,
    SpecialDay,
    interval,
    intervals,
)
from mpp.errors import Invalid

OFFSETS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
"""Indonesia's three times (WIB, WITA, WIT), hours ahead of UTC; none has ever a summer time now."""

FRIDAY = date(2026, 11, 27)
WEEK = {day: intervals(["08:00-15:30"]) for day in WEEKDAYS[:4]} | {
    "friday": intervals(["13:00-15:30", "07:30-11:30"])
}
RAMADAN = Period(
    "Ramadan 1447 H",
    date(2026, 2, 18),
    date(2026, 3, 19),
    {day: intervals(["08:00-14:30"]) for day in WEEKDAYS[:5]},
)
CHRISTMAS = date(2026, 12, 25)
CALENDAR = Calendar(
    WEEK,
    (RAMADAN,),
    {
        CHRISTMAS: SpecialDay("Hari Raya Natal"),
        date(2026, 3, 18): SpecialDay("Menjelang Nyepi", intervals(["08:00-11:00"])),
    },
)

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
local_moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1))  # noqa: DTZ001
clock_times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@pytest.mark.parametrize("zone", OFFSETS)
def test_a_day_begins_at_midnight_where_the_mall_stands(zone: str) -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC) - timedelta(hours=OFFSETS[zone])
    instant = timedelta(microseconds=1)
    assert business_day(midnight, ZoneInfo(zone)) == date(2026, 11, 24)
    assert business_day(midnight - instant, ZoneInfo(zone)) == date(2026, 11, 23)


def test_one_moment_can_be_three_dates_over_two_days() -> None:
    moment = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    days = [business_day(moment, ZoneInfo(zone)).day for zone in OFFSETS]
    assert days == [23, 23, 24]


@given(moments, st.sampled_from(sorted(OFFSETS)))
def test_the_business_day_is_the_local_date(moment: datetime, zone: str) -> None:
    by_hand = (moment + timedelta(hours=OFFSETS[zone])).date()
    assert business_day(moment, ZoneInfo(zone)) == by_hand


@given(moments, st.timedeltas(timedelta(0), timedelta(days=3)), st.sampled_from(sorted(OFFSETS)))
def test_days_never_go_back(moment: datetime, later: timedelta, zone: str) -> None:
    assert business_day(moment, ZoneInfo(zone)) <= business_day(moment + later, ZoneInfo(zone))


@pytest.mark.parametrize("zone", OFFSETS)
def test_the_same_hours_are_other_moments_in_each_time(zone: str) -> None:
    opens = datetime(2026, 11, 23, 8, tzinfo=UTC) - timedelta(hours=OFFSETS[zone])
    there = ZoneInfo(zone)
    assert not CALENDAR.is_open((opens - timedelta(microseconds=1)).astimezone(there))
    assert CALENDAR.is_open(opens.astimezone(there))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (time(7, 29, 59), False),
        (time(7, 30), True),
        (time(11, 29, 59, 999_999), True),
        (time(11, 30), False),  # Friday prayer
        (time(12, 59, 59), False),
        (time(13), True),
        (time(15, 30), False),
    ],
)
def test_hours_hold_from_their_first_minute_until_just_before_their_last(
    moment: time, is_open: bool
) -> None:
    assert CALENDAR.is_open(datetime.combine(FRIDAY, moment)) is is_open


def test_a_holiday_counts_before_a_period_and_a_period_before_the_week() -> None:
    assert CALENDAR.hours(date(2026, 2, 17)) == intervals(["08:00-15:30"])
    assert CALENDAR.hours(date(2026, 2, 18)) == intervals(["08:00-14:30"])
    assert CALENDAR.hours(date(2026, 3, 19)) == intervals(["08:00-14:30"])
    assert CALENDAR.hours(date(2026, 3, 20)) == WEEK["friday"]
    assert CALENDAR.hours(date(2026, 3, 18)) == intervals(["08:00-11:00"])
    assert CALENDAR.hours(CHRISTMAS) == ()
    assert CALENDAR.reason(CHRISTMAS) == "Hari Raya Natal"
    assert CALENDAR.reason(date(2026, 3, 2)) == "Ramadan 1447 H"
    assert CALENDAR.reason(FRIDAY) is None


@given(local_moments)
def test_the_next_opening_is_open_and_none_lies_before_it(local: datetime) -> None:
    opening = CALENDAR.next_opening(local)
    assert opening is not None
    assert opening > local
    assert CALENDAR.is_open(opening)
    days = (local.date() + timedelta(days=n) for n in range((opening - local).days + 2))
    starts = (datetime.combine(day, each.start) for day in days for each in CALENDAR.hours(day))
    assert [start for start in starts if local < start < opening] == []


def test_a_mall_that_never_opens_says_so() -> None:
    assert Calendar({}).next_opening(datetime(2026, 1, 1, tzinfo=UTC)) is None


@given(local_moments)
def test_a_moment_is_open_when_and_only_when_an_interval_holds_it(local: datetime) -> None:
    minutes = local.hour * 60 + local.minute
    held = [
        each
        for each in CALENDAR.hours(local.date())
        if each.start.hour * 60 + each.start.minute
        <= minutes
        < each.end.hour * 60 + each.end.minute
    ]
    assert CALENDAR.is_open(local) is bool(held)


@given(clock_times, clock_times)
def test_hours_are_read_as_they_are_written(start: time, end: time) -> None:
    text = f"{start:%H:%M}-{end:%H:%M}"
    if start < end:
        assert interval(text) == Interval(start, end)
        assert str(interval(text)) == text
    else:
        with pytest.raises(Invalid):
            interval(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "08:00", "08:00-", "-15:00", "8-15 pagi", "08:00-24:01", "15:00-08:00", "08:00-08:00",
     "08:00–15:00", "08:00Z-15:00Z", "08:00+07:00-15:00", "٠٨:٠٠-١٥:٠٠", "08:00-15:00-16:00"],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        interval(text)
    assert refused.value.facts["field"] == "hours"


def test_hours_may_touch_but_not_overlap() -> None:
    assert len(intervals(["08:00-12:00", "12:00-15:00"])) == 2
    with pytest.raises(Invalid):
        intervals(["08:00-12:01", "12:00-15:00"])


def test_hours_with_a_time_zone_are_a_contradiction_of_the_file_not_a_crash() -> None:
    file = mall_file(hours={"monday": ["08:00+07:00-15:00"]})
    assert [path for path, _ in contradictions(file)] == [("mall", "hours", "monday")]
