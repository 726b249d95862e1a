"""A year's figures by hand: months, peaks, columns and ranks, each number in its own place."""

from collections.abc import Mapping
from datetime import date

import pytest
from factories import MONDAY
from msgspec.structs import asdict

from mpp.errors import Invalid
from mpp.metrics.rules.figures import Key
from mpp.metrics.rules.histogram import Histogram
from mpp.metrics.rules.names import Named
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.queue.rules.life import State
from mpp.reports.rules.ranking import ranked
from mpp.reports.rules.yearly import (
    MonthFigure,
    Peaks,
    Rest,
    UnitFigure,
    change_of,
    column_of,
    months_of,
    peaks_of,
)
from mpp.reports.rules.years import YearSpan, a_year_before, read_year, span_of_year

SECOND = 1_000_000


def times(*seconds: int) -> Histogram:
    made = Histogram()
    for each in seconds:
        made.add(each * SECOND)
    return made


def near(seconds: int) -> object:
    """Histograms are at most 1 % off."""
    return pytest.approx(seconds, rel=0.01)


def busy(issued: int = 40) -> Rollup:
    """A rollup in which no two figures are alike."""
    return Rollup(
        issued=issued,
        ended={State.COMPLETED: 25, State.CANCELLED: 8, State.NO_SHOW: 4},
        judged={Kind.WAITING: 10, Kind.SERVICE: 20},
        kept={Kind.WAITING: 9, Kind.SERVICE: 15},
        times={
            Kind.WAITING: times(*range(100, 1100, 100)),
            Kind.SERVICE: times(*range(20, 220, 20)),
        },
    )


# -- days and months -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "today", "last", "before_last", "is_over"),
    [
        (2026, date(2026, 3, 10), date(2026, 3, 9), date(2025, 3, 9), False),
        (2026, date(2026, 12, 31), date(2026, 12, 30), date(2025, 12, 30), False),
        (2026, date(2027, 1, 1), date(2026, 12, 31), date(2025, 12, 31), True),
        (2028, date(2028, 3, 1), date(2028, 2, 29), date(2027, 2, 28), False),
    ],
)
def test_a_year_counts_up_to_yesterday(
    year: int, today: date, last: date, before_last: date, is_over: bool
) -> None:
    found = span_of_year(year, today)
    assert (found.year, found.is_over) == (year, is_over)
    assert (found.counted.first, found.counted.last) == (date(year, 1, 1), last)
    assert (found.before.first, found.before.last) == (date(year - 1, 1, 1), before_last)


NO_YEAR = "Tulis tahun sebagai TTTT dari 2000 sampai 2100, misalnya 2026."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            (text, NO_YEAR)
            for text in (
                "",
                "x",
                "1999",
                "2101",
                "20261",
                "-2026",
                "２０２６",
                " 2026",
                "2026\0",
                "2e3",
            )
        ),
        ("2027", "Tahun itu belum mulai."),
        ("2100", "Tahun itu belum mulai."),
    ],
)
def test_a_year_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_year(text, MONDAY)
    assert (str(refused.value), refused.value.facts["field"]) == (said, "year")


def test_a_year_is_read() -> None:
    assert [read_year(text, MONDAY) for text in (None, "2000", "2026")] == [2026, 2000, 2026]


def a_span(last: date) -> YearSpan:
    """A year that is counted up to `last`."""
    counted = Period(date(last.year, 1, 1), last)
    before = Period(date(last.year - 1, 1, 1), a_year_before(last))
    return YearSpan(last.year, counted, before, is_over=False)


def test_each_month_says_what_was_issued_then_and_the_year_before() -> None:
    days = {date(2026, 1, 5): 10, date(2026, 2, 2): 20, date(2026, 3, 8): 5}
    before = {date(2025, 1, 7): 8, date(2025, 3, 8): 3, date(2025, 3, 9): 4, date(2025, 12, 1): 6}
    months = months_of(a_span(date(2026, 3, 8)), days, before)
    assert [each.month for each in months] == list(range(1, 13))
    figures = [(each.issued, each.before, each.before_same) for each in months]
    assert figures == [
        (10, 8, 8), (20, 0, 0), (5, 7, 3), *[(None, 0, None)] * 8, (None, 6, None)
    ]  # fmt: skip
    assert [each.month for each in months if each.is_partial] == [3]
    assert [each.change for each in months[:3]] == [pytest.approx(0.25), None, pytest.approx(2 / 3)]


@pytest.mark.parametrize(
    ("last", "is_partial"),
    [
        (date(2026, 3, 29), True),
        (date(2026, 3, 30), True),
        (date(2026, 3, 31), False),
        (date(2026, 3, 1), True),
    ],
)
def test_a_month_is_partial_until_its_last_day_is_counted(last: date, is_partial: bool) -> None:
    march = months_of(a_span(last), {last: 1}, {})[2]
    assert march == MonthFigure(
        month=3, issued=1, before=None, before_same=None, is_partial=is_partial
    )


@pytest.mark.parametrize(("since", "same"), [(7, 4), (8, None)])
def test_a_month_recorded_from_its_second_week_on_is_no_whole_one(
    since: int, same: int | None
) -> None:
    found = months_of(a_span(date(2026, 6, 30)), {date(2026, 1, 2): 1}, {date(2025, 4, since): 4})
    assert (found[3].before, found[3].before_same, found[4].before_same) == (4, same, 0)


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(11, 10, 0.1), (5, 10, -0.5), (0, 4, -1.0), (3, 0, None), (None, 4, None), (4, None, None)],
)
def test_a_change_is_a_share_of_what_was(
    now: int | None, before: int | None, change: float | None
) -> None:
    assert change_of(now, before) == (None if change is None else pytest.approx(change))


# -- peaks and columns ---------------------------------------------------------------------------


def test_each_peak_is_the_busiest_of_its_kind() -> None:
    """A Friday has the busiest day, Tuesdays the most on average, March the most in all."""
    days = {
        date(2026, 1, 2): 30,  # Friday
        date(2026, 3, 3): 25, date(2026, 3, 10): 20, date(2026, 3, 17): 24,  # Tuesdays
        date(2026, 3, 6): 4,  # Friday
        date(2026, 3, 5): 0,
    }  # fmt: skip
    hours: dict[Key, Rollup] = {
        8: Rollup(issued=40), 10: Rollup(issued=41), 13: Rollup(issued=22), None: Rollup(issued=99)
    }  # fmt: skip
    assert peaks_of(days, hours) == Peaks(
        month=3, month_issued=73, weekday=2, weekday_mean=23.0, day=date(2026, 1, 2),
        day_issued=30, hour=10, hour_issued=41,
    )  # fmt: skip


def test_of_equal_peaks_the_earliest_is_told_and_means_have_one_decimal() -> None:
    days = {date(2026, 12, 9): 5, date(2026, 1, 7): 5, date(2026, 1, 14): 3, date(2026, 1, 21): 5}
    days |= {date(2026, 12, 16): 8, date(2026, 1, 5): 0, date(2026, 1, 28): 5}
    hours: dict[Key, Rollup] = {9: Rollup(issued=3), 8: Rollup(issued=3)}
    assert peaks_of(days, hours) == Peaks(
        month=1, month_issued=18, weekday=3, weekday_mean=5.2, day=date(2026, 12, 16),
        day_issued=8, hour=8, hour_issued=3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        ({}, {}),
        ({date(2026, 1, 5): 0}, {8: Rollup()}),
        ({date(2026, 1, 5): 3}, {}),
        ({}, {8: Rollup()}),
    ],
)
def test_without_numbers_there_is_no_peak(
    days: Mapping[date, int], hours: Mapping[Key, Rollup]
) -> None:
    assert peaks_of(days, hours) is None


def test_a_column_says_each_figure_of_its_rollup() -> None:
    column = column_of(busy(), {date(2026, 1, 5): 30, date(2026, 1, 6): 10, date(2026, 1, 7): 0})
    assert asdict(column) == {
        "days": 2, "issued": 40, "served": 25, "left": 8, "no_show": 4,
        "waiting_median_s": near(550), "waiting_p90_s": near(910),
        "service_median_s": near(110), "service_p90_s": near(182),
        "within_wait": 0.9, "within_service": 0.75,
    }  # fmt: skip
    assert (column.left_share, column.no_show_share) == (0.2, 0.1)


# -- ranks ---------------------------------------------------------------------------------------

NAMES = {
    1: Named("kk", "Kartu Keluarga"), 2: Named("ktp", "KTP-el"), 3: Named("akta", "Akta"),
    4: Named("paspor", "Paspor"),
}  # fmt: skip


def test_a_unit_says_each_figure_of_its_rows() -> None:
    rows: dict[Key, Rollup] = {2: busy(), 3: Rollup(issued=60)}
    before: dict[Key, Rollup] = {2: Rollup(issued=50), 3: Rollup(issued=20)}
    akta, ktp = ranked(rows, before, NAMES, {"ktp": "Identity card"}).rows
    assert asdict(ktp) == {
        "key": "ktp", "name": "KTP-el", "name_en": "Identity card", "rank": 2, "issued": 40,
        "served": 25, "share": 0.4, "waiting_median_s": near(550), "within_wait": 0.9,
        "within_service": 0.75, "issued_before": 50, "rank_before": 1,
    }  # fmt: skip
    assert ktp.change == pytest.approx(-0.2)
    assert akta == UnitFigure(
        key="akta", name="Akta", name_en=None, rank=1, issued=60, served=0, share=0.6,
        waiting_median_s=None, within_wait=None, within_service=None, issued_before=20,
        rank_before=2,
    )  # fmt: skip


def test_equal_units_stand_by_their_names_and_a_new_one_has_had_no_rank() -> None:
    rows: dict[Key, Rollup] = {key: Rollup(issued=9) for key in (4, 2, 1, 3)}
    found = ranked(rows, {1: Rollup(issued=9)}, NAMES, {}).rows
    assert [each.name for each in found] == ["Akta", "KTP-el", "Kartu Keluarga", "Paspor"]
    assert [(each.issued_before, each.rank_before) for each in found] == [
        (0, None), (0, None), (9, 1), (0, None)
    ]  # fmt: skip


def test_units_beyond_the_list_stand_together_with_those_without_a_name() -> None:
    rows: dict[Key, Rollup] = {
        1: Rollup(issued=50), 2: busy(30), 3: Rollup(issued=10), 4: Rollup(), None: Rollup(issued=10)
    }  # fmt: skip
    found = ranked(rows, {}, NAMES, {}, most=1)
    assert [(each.key, each.rank, each.share) for each in found.rows] == [("kk", 1, 0.5)]
    assert found.rest == Rest(units=3, issued=50, served=25, share=0.5)
    assert ranked({1: Rollup(issued=50)}, {}, NAMES, {}).rest is None


def test_of_units_that_are_all_hidden_not_even_their_number_is_told() -> None:
    """The rest is of all that there are, also those without any number, and of one that is gone."""
    rows: dict[Key, Rollup] = {1: Rollup(issued=2), 9: Rollup(issued=1)}
    found = ranked(rows, {}, NAMES, {})
    assert found.rows == []
    assert found.rest == Rest(units=5, issued=3, served=0, share=1.0)


def test_what_is_unseen_is_asked_of_both_years_with_the_units_of_both() -> None:
    """A unit that had no number last year is asked about with none."""
    asked: list[Mapping[Key, int]] = []

    def unseen(counts: Mapping[Key, int]) -> set[Key]:
        asked.append(counts)
        return {2}

    rows: dict[Key, Rollup] = {1: Rollup(issued=9), 2: Rollup(issued=8)}
    found = ranked(rows, {1: Rollup(issued=7), 3: Rollup(issued=30)}, NAMES, {}, unseen=unseen)
    assert asked == [{1: 9, 2: 8}, {1: 7, 2: 0, 3: 30}]
    assert [(each.key, each.issued_before, each.rank_before) for each in found.rows] == [
        ("kk", 7, 2)
    ]
