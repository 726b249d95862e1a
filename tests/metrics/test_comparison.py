"""Comparisons over HTTP: the period before, waits with those who gave up, units beyond chance."""

from datetime import date, timedelta
from typing import Any

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_mall, a_ticket
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.rules.aggregation import heading_of
from mpp.metrics.rules.cells import cells_of
from mpp.metrics.rules.disclosure import FEWEST, pooled
from mpp.metrics.rules.figures import By, Key
from mpp.metrics.rules.funnel import Cell
from mpp.metrics.rules.periods import Period, month_of, months_in, previous
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.queue.rules.life import Action, Priority
from tests.metrics.morning import a_morning, signed_in

Client = AsyncTestClient[Any]
PATH = "/api/v1/malls/mpp-uji/metrics"
dates = st.dates(date(2001, 1, 1), date(2100, 12, 31))


# -- periods -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
        ("2028-01-01", "2028-12-31", ("2027-01-01", "2027-12-31")),
        ("2026-11-23", "2026-11-23", ("2026-11-22", "2026-11-22")),
        ("2026-11-02", "2026-11-08", ("2026-10-26", "2026-11-01")),
        ("2026-03-01", "2026-04-15", ("2026-01-14", "2026-02-28")),
    ],
)
def test_the_period_before(first: str, last: str, before: tuple[str, str]) -> None:
    found = previous(Period(date.fromisoformat(first), date.fromisoformat(last)))
    assert (found.first.isoformat(), found.last.isoformat()) == before


@given(dates, st.integers(0, 800))
def test_months_lie_whole_in_a_period_and_leave_none_out(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    months = months_in(period)
    for month in months:
        assert month.first.day == 1
        assert period.first <= month.first <= month.last <= period.last
        assert month == month_of(month.last)
    touched = {month_of(day).first for day in period.days()}
    whole = {month.first for month in months}
    for each in touched - whole:
        assert each < period.first or month_of(each).last > period.last
    assert previous(period).next_day == period.first


# -- small cells ---------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12)))
def test_small_groups_are_pooled_and_cannot_be_subtracted(sizes: dict[str, int]) -> None:
    rows: dict[Key, Rollup] = {key: Rollup(issued=issued) for key, issued in sizes.items()}
    shown = pooled(rows)
    assert sum(row.issued for row in shown.values()) == sum(sizes.values())
    if len(shown) > 1:
        assert all(row.issued >= FEWEST for row in shown.values())
    if sizes and min(sizes.values()) >= FEWEST:
        assert shown == rows


def test_agencies_are_compared_as_they_are_and_who_has_no_name_is_left_out() -> None:
    kept = Rollup(judged={Kind.SERVICE: 10}, kept={Kind.SERVICE: 7})
    rollups = {
        heading_of(By.AGENCY, 5): kept,
        heading_of("service_officer", 11, 901): kept,
        heading_of("service_officer", 11, None): kept,
    }
    assert cells_of(rollups, By.AGENCY, Kind.SERVICE) == {5: {"": Cell(10, 7)}}
    assert cells_of(rollups, By.OFFICER, Kind.SERVICE) == {901: {"11": Cell(10, 7)}}
    assert cells_of(rollups, By.OFFICER, Kind.WAITING) == {}


# -- over HTTP -----------------------------------------------------------------------------------


async def test_a_morning_compared(client: Client, app_db: Database, clock: TestClock) -> None:
    mall = await a_morning(app_db, clock)
    headers = await signed_in(app_db, mall)
    answer = await client.get(f"{PATH}/comparison?by=counter&of=waiting", headers=headers)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["definitions"], told["quantile_error"]) == ("v2", 0.01)
    period, before = told["period"], told["previous"]
    assert (period["from"], before["to"]) == ("2026-11-23", "2026-11-22")
    assert (period["issued"], period["left"], period["days"]) == (5, 1, 1)
    assert (before["issued"], before["left"], before["days"]) == (None, None, 0), "not recorded"
    assert (told["recorded_since"], told["is_comparable"]) == ("2026-11-23", False)
    assert (period["abandonment"], before["abandonment"]) == (0.2, None)
    waits = period["waits"]
    assert (waits["called"]["n"], waits["gave_up"]) == (3, 2)  # one left, one waits still
    assert waits["called"]["median_s"] == pytest.approx(1200, rel=0.01)
    # Called: 4/5 wait longer than 5 min, 3/5 than 20, and of the two left then one is called after 30.
    assert waits["with_gave_up"]["median_s"] == pytest.approx(1800, rel=0.01)
    assert waits["with_gave_up"]["p90_s"] is None
    assert len(waits["curve"]) == 19
    funnel = told["funnel"]
    assert (funnel["by"], funnel["of"], funnel["share"]) == ("counter", "waiting", 1.0)
    (unit,) = funnel["units"]
    assert (unit["name"], unit["verdict"], unit["share"], unit["judged"]) == (
        *("Loket 1", "small"),
        *(None, None),
    )


async def two_counters(db: Database, clock: TestClock) -> Mall:
    """Counter 1 serves in 5 minutes, counter 2 in 15: the promise is 10."""
    mall = await a_mall(db)
    for label, minutes in (("1", 5), ("2", 15)):
        desk = await a_desk(db, mall, label, clock)
        for _ in range(8):
            await a_ticket(db, mall, now=clock(), unrestricted=True)
            ticket = await desk.start()
            clock.forward(minutes=minutes)
            await desk.do(ticket, Action.COMPLETE)
    return mall


async def test_a_slow_counter_stands_out(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await two_counters(app_db, clock)
    answer = await client.get(f"{PATH}/comparison", headers=await signed_in(app_db, mall))
    one, two = answer.json()["funnel"]["units"]
    assert (one["share"], two["share"], one["expected"]) == (1.0, 0.0, 0.5)
    assert (one["verdict"], two["verdict"]) == ("far", "far")
    assert 0 < two["limits_95"]["low"] < 0.5 < two["limits_95"]["high"] < 1
    assert two["limits_998"]["low"] < two["limits_95"]["low"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("by=service", "by"), ("by=x", "by"), ("of=total", "of"), ("from=x", "from")],
)
async def test_comparisons_without_sense_name_the_field(
    client: Client, app_db: Database, query: str, field: str
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    answer = await client.get(f"{PATH}/comparison?{query}", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_report_says_by_which_definitions_it_was_made(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    headers = await signed_in(app_db, mall)
    for query in ("from=2026-11-23", "from=2026-11-17"):
        told = (await client.get(f"{PATH}?{query}", headers=headers)).json()
        assert (told["definitions"], told["quantile_error"]) == ("v2", 0.01)
        assert told["rows"][0]["waiting"]["median_s"] == pytest.approx(750, rel=0.01)
        assert (told["rows"][0]["issued"], told["total"]["issued"]) == (4, 5)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("weekday", [("Senin", 5)]),
        ("channel", [("Kios", 5)]),
        ("priority", [("Umum", 5)]),
    ],
)
async def test_weekdays_channels_and_priorities(
    client: Client,
    app_db: Database,
    clock: TestClock,
    by: str,
    rows: list[tuple[str, int]],
) -> None:
    mall = await a_morning(app_db, clock)
    headers = await signed_in(app_db, mall)
    answer = await client.get(f"{PATH}?by={by}", headers=headers)
    assert [(row["name"], row["issued"]) for row in answer.json()["rows"]] == rows
    page = await client.get(f"/overview/day?by={by}", headers=headers)
    assert page.status_code == 200


async def test_groups_of_visitors_that_are_small_are_not_told_apart(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    for priority in [Priority.REGULAR] * 6 + [Priority.ELDERLY] * 2 + [Priority.INFANT]:
        await a_ticket(app_db, mall, now=NINE, unrestricted=True, priority=priority)
    assert mall.day(NINE) == MONDAY
    answer = await client.get(f"{PATH}?by=priority", headers=await signed_in(app_db, mall))
    rows = [(row["key"], row["issued"]) for row in answer.json()["rows"]]
    assert rows == [(None, 9)], "three people alone could be found by their age"
