"""The year's figures: what is counted, compared like with like, ranked, and never of too few people."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from factories import MONDAY, NINE
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from mpp.db.seam import Database
from mpp.evaluation.commands import evaluations
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.rules.standing import Judged
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.rollup_job import recompute
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.figures import By, Key
from mpp.metrics.rules.names import Named
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.queue.rules.life import State
from mpp.reports import queries as publication_rows
from mpp.reports.pages.yearly import compared, year_view
from mpp.reports.pages.yearly_summary import summary
from mpp.reports.pages.yearly_workbook import year_xlsx
from mpp.reports.readers.yearly import by_month, yearly
from mpp.reports.rules.ranking import ranked
from mpp.reports.rules.yearly import Year, months_of, peaks_of
from mpp.reports.rules.years import a_year_before, span_of_year
from mpp.survey.commands import publication
from mpp.survey.rules.index import Weights
from tests.metrics.exact import exact
from tests.reports.test_skm_respondents import a_result
from tests.reports.year_world import CAME, a_history, lived

DAYS = st.dates(date(2001, 1, 1), date(2100, 12, 31))


# -- which days ----------------------------------------------------------------------------------


@given(DAYS, st.integers(0, 3))
def test_a_year_is_compared_with_the_same_days(today: date, ago: int) -> None:
    span = span_of_year(max(2001, today.year - ago), today)
    assert span.counted.first == date(span.year, 1, 1)
    assert span.before.first == date(span.year - 1, 1, 1)
    assert span.before.last == a_year_before(span.counted.last)
    assert span.is_over == (span.year < today.year)
    if span.is_over:
        assert (span.counted.last, span.before.last) == (
            date(span.year, 12, 31),
            date(span.year - 1, 12, 31),
        )
    elif today > span.counted.first:
        assert span.counted.last == today - timedelta(days=1), "today is not over"


def test_a_leap_day_stands_beside_the_28th() -> None:
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert span_of_year(2028, date(2028, 3, 1)).before.last == date(2027, 2, 28)


def test_new_years_day_is_all_that_a_new_year_has() -> None:
    assert span_of_year(2026, date(2026, 1, 1)).counted == Period(
        date(2026, 1, 1), date(2026, 1, 1)
    )


# -- months and peaks ----------------------------------------------------------------------------

ISSUED = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 50))


@given(ISSUED, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_months_add_up_and_each_is_compared_with_its_own_days(
    issued: Mapping[date, int], today: date
) -> None:
    span = span_of_year(2026, today)
    days = {day: n for day, n in issued.items() if day <= span.counted.last}
    before = {a_year_before(day): n for day, n in issued.items()}
    months = months_of(span, days, before)
    assert sum(each.issued or 0 for each in months) == sum(days.values())
    assert sum(each.before or 0 for each in months) == sum(before.values())
    for each in months:
        assert each.before_same in {each.issued, None}
    assert sum(each.is_partial for each in months) <= 1


def test_a_month_before_anything_was_recorded_is_unknown_and_not_empty() -> None:
    span = span_of_year(2026, date(2026, 12, 31))
    since, late = date(2025, 4, 3), date(2025, 4, 20)
    for first, comparable in ((since, 4), (late, None)):
        before = {first: 4, date(2025, 5, 2): 9}
        march, april, may, june = months_of(span, {date(2026, 1, 2): 1}, before)[2:6]
        assert (march.before, march.before_same) == (None, None)
        assert (april.before, april.before_same) == (4, comparable)
        assert (may.before, may.before_same, june.before) == (9, 9, 0)
    assert months_of(span, {}, {})[0].issued is None


@given(ISSUED)
def test_nothing_is_busier_than_a_peak(issued: Mapping[date, int]) -> None:
    hours: dict[Key, Rollup] = {hour: Rollup(issued=hour) for hour in (8, 10, 9)}
    found = peaks_of(issued, hours)
    if not any(issued.values()):
        assert found is None
        return
    assert found is not None
    assert found.day_issued == max(issued.values()) == issued[found.day]
    assert found.hour == 10
    weekdays: dict[int, list[int]] = {}
    for day, n in issued.items():
        if n:
            weekdays.setdefault(day.isoweekday(), []).append(n)
    assert found.weekday_mean == pytest.approx(
        max(sum(each) / len(each) for each in weekdays.values()), abs=0.051
    )


# -- ranks and small cells -----------------------------------------------------------------------

COUNTS = st.dictionaries(st.integers(1, 12), st.integers(0, 30), max_size=12)
NAMES = {number: Named(f"unit-{number}", f"Unit {number}") for number in range(1, 12)}
"""The twelfth has no name: it is retired from everywhere."""


def rows_of(counts: Mapping[int, int]) -> dict[Key, Rollup]:
    return {
        key: Rollup(issued=count, ended={State.COMPLETED: count}) for key, count in counts.items()
    }


@given(COUNTS, COUNTS, st.sampled_from([None, 3]))
def test_ranks_add_up_and_nobody_small_is_told_or_found_by_subtracting(
    now: Mapping[int, int], before: Mapping[int, int], most: int | None
) -> None:
    found = ranked(rows_of(now), rows_of(before), NAMES, {}, most)
    total = sum(now.values())
    rest = found.rest.issued if found.rest else 0
    assert sum(each.issued for each in found.rows) + rest == total
    assert [each.rank for each in found.rows] == list(range(1, len(found.rows) + 1))
    assert [each.issued for each in found.rows] == sorted(
        (each.issued for each in found.rows), reverse=True
    )
    assert all(each.issued >= 5 for each in found.rows)
    assert not 0 < rest < 5 or not found.rows
    assert most is None or len(found.rows) <= most
    told = [each.issued_before for each in found.rows if each.issued_before is not None]
    assert all(n == 0 or n >= 5 for n in told)
    hidden = sum(before.values()) - sum(told)
    assert hidden == 0 or hidden >= 5 or not any(told)


def test_a_small_unit_of_last_year_hides_another_beside_it() -> None:
    found = ranked(rows_of({1: 9, 2: 8, 3: 7}), rows_of({1: 20, 2: 3, 3: 30}), NAMES, {})
    assert [each.issued_before for each in found.rows] == [None, None, 30]
    assert [each.rank_before for each in found.rows] == [None, None, 1]
    assert [each.change for each in found.rows] == [None, None, pytest.approx(7 / 30 - 1)]


# -- from the database ---------------------------------------------------------------------------


async def told_of(db: Database, year: int) -> Year:
    mall = await a_history(db)
    return await yearly(db, mall, span_of_year(year, MONDAY), Present(NINE, Days()))


async def test_a_year_is_told_from_what_is_kept(db: Database) -> None:
    told = await told_of(db, 2026)
    assert (told.now.issued, told.now.served, told.now.days) == (36, 36, 4), "without today's fifty"
    assert (told.before.issued, told.before.days) == (22, 3), "to 22 November 2025 only"
    assert (told.last, told.before_last) == (date(2026, 11, 22), date(2025, 11, 22))
    months = {each.month: (each.issued, each.before_same, each.before) for each in told.months}
    assert months[1] == (12, 11, 11)
    assert months[11] == (4, 3, 12)
    assert months[12] == (None, None, 7)
    assert told.peaks is not None
    assert (told.peaks.month, told.peaks.day) == (3, date(2026, 3, 2))
    assert told.peaks.weekday == 1
    assert [(each.key, each.issued, each.rank_before) for each in told.agencies.rows] == [
        ("dukcapil", 30, 1),
        ("imigrasi", 6, 2),
    ]
    assert [each.key for each in told.services.rows] == ["ktp-el", "paspor", "kk"]
    assert told.now.waiting_median_s == pytest.approx(600, rel=0.01)
    assert told.now.service_median_s == pytest.approx(300, rel=0.01)
    assert (told.now.within_wait, told.now.within_service) == (1.0, 1.0)


async def test_a_year_says_what_the_exact_report_says(db: Database) -> None:
    mall = await a_history(db)
    for year in (2025, 2026):
        span = span_of_year(year, MONDAY)
        told = await yearly(db, mall, span, Present(NINE, Days()))
        counted = await exact(db, mall, span.counted, By.AGENCY, By.HOUR)
        assert told.now.issued == counted[By.AGENCY].total.issued
        assert sum(each.issued for each in told.agencies.rows) == told.now.issued
        assert told.peaks is not None
        assert told.peaks.hour_issued == max(row.issued for row in counted[By.HOUR].rows.values())


async def test_days_that_are_not_folded_yet_are_counted_all_the_same(db: Database) -> None:
    mall = await a_history(db, {})
    await db.execute(lived, mall, CAME)
    span, present = span_of_year(2026, MONDAY), Present(NINE, Days())
    loose = await yearly(db, mall, span, present)
    async for _ in recompute(db, mall, Period(date.min, date.max), MONDAY):
        pass
    assert await yearly(db, mall, span, present) == loose
    assert loose.now.issued == 36


async def test_agencies_of_each_month_add_up(db: Database) -> None:
    mall = await a_history(db)
    months = await by_month(db, mall, span_of_year(2026, MONDAY), Present(NINE, Days()))
    assert [number for number, _ in months] == list(range(1, 12))
    for number, units in months:
        came = sum(
            sum(n.values())
            for day, n in CAME.items()
            if (day.year, day.month) == (2026, number) and day < MONDAY
        )
        assert (
            sum(each.issued for each in units.rows) + (units.rest.issued if units.rest else 0)
            == came
        )
    (_, november) = months[-1]
    assert november.rows == [], "four numbers are too few to be told"


async def test_a_year_without_anything_is_told_without_a_fault(db: Database) -> None:
    mall = await a_history(db, {})
    told = await yearly(db, mall, span_of_year(2024, MONDAY), Present(NINE, Days()))
    assert (told.now.issued, told.peaks, told.agencies.rows) == (0, None, [])
    view = year_view(told)
    assert {(each.now, each.before) for each in view.bars} == {(0.0, 0.0)}
    assert {(each.now, each.before, each.difference) for each in compared(told)} == {(None,) * 3}
    assert summary(told) == ["Tahun 2024 tidak tercatat di sistem ini."]


async def test_gaps_in_what_is_kept_are_said(db: Database) -> None:
    mall = await a_history(db)
    present = Present(NINE, Days())
    said = {
        year: await yearly(db, mall, span_of_year(year, MONDAY), present) for year in (2025, 2026)
    }
    assert (said[2025].compares_short, said[2025].begins_late) == (True, False)
    assert (said[2026].compares_short, said[2026].begins_late) == (False, False)


async def test_a_year_that_was_not_recorded_has_lines_and_no_noughts(db: Database) -> None:
    mall = await a_history(db)
    told = await yearly(db, mall, span_of_year(2025, MONDAY), Present(NINE, Days()))
    assert {(each.before, each.difference) for each in compared(told)} == {(None, None)}
    assert {each.issued_before for each in told.agencies.rows} == {None}
    book = CalamineWorkbook.from_filelike(io.BytesIO(year_xlsx(mall.name, told, [])))
    _head, *rows = book.get_sheet_by_name("Tahun ke tahun").to_python()
    assert [row[2:4] for row in rows if row[1] != ""] == [["–", "–"]] * len(compared(told))
    assert rows[-1][0] == "Tahun 2024 tidak tercatat di sistem ini, jadi tidak ada pembandingnya."


async def test_a_year_recorded_from_the_autumn_on_is_no_measure(db: Database) -> None:
    late = {day: came for day, came in CAME.items() if day >= date(2025, 11, 20)}
    mall = await a_history(db, late)
    told = await yearly(db, mall, span_of_year(2026, MONDAY), Present(NINE, Days()))
    issued = compared(told)[0]
    assert (issued.now, issued.before, issued.difference) == (36, 3, None)
    assert {each.issued_before for each in told.services.rows} == {None}
    assert not any("dari tahun lalu" in each for each in summary(told))


# -- the indices of the year ---------------------------------------------------------------------


async def test_each_published_period_is_told_by_its_last_report(db: Database) -> None:
    mall = await a_history(db, {})

    async def published(first: date, last: date, value: int, agency: int | None = None) -> None:
        found = replace(a_result({(value,) * 9: 6}, Weights.EXACT), first=first, last=last)
        await db.execute(publication.publish, mall, found, agency, now=NINE)

    spring = (date(2026, 1, 1), date(2026, 3, 31))
    await published(*spring, 2)
    await published(date(2026, 4, 1), date(2026, 6, 30), 4)
    await published(*spring, 3)
    await published(*spring, 1, mall.agencies[0].id)
    await published(date(2025, 10, 1), date(2025, 12, 31), 1)
    found = await db.read(publication_rows.surveys_in, mall.id, 2026)
    assert [(each.first.month, each.ikm, each.grade) for each in found] == [
        (1, 75.0, "C"),
        (4, 100.0, "A"),
    ]
    told = await yearly(db, mall, span_of_year(2026, MONDAY), Present(NINE, Days()))
    assert told.surveys == found


async def test_an_evaluation_is_told_once_every_level_is_given(db: Database) -> None:
    mall = await a_history(db, {})
    start = Start(year=2026, unit="MPP Uji", instrument="pekppp-2023", variant="A")
    begun = await db.execute(evaluations.create_evaluation, mall.id, start, now=NINE)
    assert await db.read(publication_rows.evaluations_in, mall.id, 2026) == []
    for number in range(1, 31):
        await db.execute(evaluations.judge, mall.id, begun, number, Judged(own=4))
    (found,) = await db.read(publication_rows.evaluations_in, mall.id, 2026)
    assert (found.unit, found.is_estimate) == ("MPP Uji", True)
    assert await db.read(publication_rows.evaluations_in, mall.id, 2025) == []
