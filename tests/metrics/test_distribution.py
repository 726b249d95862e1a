"""Bars of minutes tell what the durations are, and nobody's own."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules.disclosure import FEWEST
from mpp.metrics.rules.distribution import (
    MOST_BARS,
    WIDTHS,
    Bin,
    Distribution,
    distribution,
    distribution_chart,
    joined,
)
from mpp.metrics.rules.histogram import ERROR, Histogram

MINUTE = 60_000_000
durations = st.lists(st.integers(0, 9 * 60 * MINUTE), min_size=FEWEST, max_size=120)
promises = st.one_of(st.none(), st.integers(1, 240).map(lambda minutes: minutes * 60.0))


def histogram(us: list[int]) -> Histogram:
    made = Histogram()
    for each in us:
        made.add(each)
    return made


def spread_of(us: list[int], promised_s: float | None = None) -> Distribution:
    found = distribution(histogram(us), promised_s)
    assert found is not None
    return found


@given(durations, promises)
def test_every_duration_lies_in_one_bar_and_none_holds_a_few(
    us: list[int], promised_s: float | None
) -> None:
    found = spread_of(us, promised_s)
    assert found.n == len(us)
    assert all(each.count == 0 or each.count >= FEWEST for each in found.bins)
    assert found.bins[0].low == 0
    assert found.bins[-1].high is None
    assert all(one.high == two.low for one, two in pairwise(found.bins))


@given(durations, promises)
def test_counts_are_right_to_the_histograms_error(us: list[int], promised_s: float | None) -> None:
    found = spread_of(us, promised_s)
    upto = 0
    for each in found.bins[:-1]:
        assert each.high is not None
        bound, upto = each.high * MINUTE, upto + each.count
        surely = sum(value <= bound * (1 - ERROR) - 1_000 for value in us)
        perhaps = sum(value <= bound * (1 + ERROR) + 1_000 for value in us)
        assert surely <= upto <= perhaps


@given(durations, promises)
def test_bars_are_few_and_wide_enough_for_the_promise(
    us: list[int], promised_s: float | None
) -> None:
    found = spread_of(us, promised_s)
    assert found.width in WIDTHS
    assert len(found.bins) <= MOST_BARS + 1
    assert all(
        (each.low % found.width, (each.high or 0) % found.width) == (0, 0) for each in found.bins
    )


@pytest.mark.parametrize("n", range(FEWEST))
def test_of_a_few_nothing_is_told(n: int) -> None:
    assert distribution(histogram([MINUTE] * n)) is None


def test_the_upper_bound_belongs_to_the_bar() -> None:
    found = spread_of([5 * MINUTE] * 9, 12 * 60)
    assert [each for each in found.bins if each.count] == [Bin(4, 5, 9)]


def test_a_few_are_joined_with_the_nearest() -> None:
    bins = [Bin(0, 1, 20), Bin(1, 2, 0), Bin(2, 3, 3), Bin(3, 4, 7), Bin(4, None, 0)]
    assert joined(bins) == [Bin(0, 1, 20), Bin(1, 2, 0), Bin(2, 4, 10), Bin(4, None, 0)]
    tail = [Bin(0, 1, 20), Bin(1, 2, 9), Bin(2, 3, 2), Bin(3, None, 4)]
    assert joined(tail) == [Bin(0, 1, 20), Bin(1, 2, 9), Bin(2, None, 6)]


def test_areas_stand_for_counts() -> None:
    found = Distribution(2, [Bin(0, 2, 10), Bin(2, 8, 30), Bin(8, None, 10)])
    assert [found.height_of(each) for each in found.bins] == [10, 10, 10]


@given(durations, promises, st.sampled_from([(620, 340), (360, 360), (720, 280)]))
def test_everything_lies_within_the_picture(
    us: list[int], promised_s: float | None, size: tuple[int, int]
) -> None:
    found = spread_of(us, promised_s)
    quantiles = histogram(us).quantiles((0.5, 0.9, 0.95)) or []
    marks = dict(zip(("median", "p90", "p95"), quantiles, strict=True))
    marks |= {"promise": promised_s} if promised_s else {}
    chart = distribution_chart(found, marks, width=size[0], height=size[1])
    assert [each.bin for each in chart.columns] == [*found.bins]
    for each in chart.columns:
        assert chart.left <= each.x + 1e-6
        assert each.x + each.width <= chart.right + 1e-6
        assert chart.top <= each.y <= chart.base
    for mark in chart.marks:
        assert chart.left <= mark.x <= chart.right
        assert 0 < mark.y < chart.top + 18
    assert [mark.minutes for mark in chart.marks] == sorted(mark.minutes for mark in chart.marks)
    assert {minutes for _, minutes in chart.ticks} <= {each.low for each in found.bins}
    assert chart.grid[0] == (chart.base, 0)
    assert len(chart.grid) <= 6
