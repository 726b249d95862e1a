"""Histograms: parts add up to the whole, quantiles keep their stated error."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules.histogram import BOUNDS, ERROR, FINEST_US, Histogram, bucket_of
from mpp.queue.rules.forecast import quantile

durations = st.lists(
    st.one_of(st.integers(0, 3 * FINEST_US), st.integers(0, 10**10), st.integers(0, 10**17)),
    max_size=60,
)
shares = st.floats(0, 1)


def histogram(values: list[int]) -> Histogram:
    made = Histogram()
    for us in values:
        made.add(us)
    return made


@given(durations, shares)
def test_a_quantile_is_at_most_one_percent_off(values: list[int], share: float) -> None:
    found = histogram(values).quantiles([share])
    if not values:
        assert found is None
        return
    assert found is not None
    exact = quantile(sorted(values), share) / 1e6
    assert abs(found[0] - exact) <= max(ERROR * exact, FINEST_US / 1e6) * (1 + 1e-9)


@given(durations)
def test_count_sum_least_most_and_mean_are_exact(values: list[int]) -> None:
    made = histogram(values)
    assert (made.n, made.sum_us) == (len(values), sum(values))
    if values:
        assert (made.least_us, made.most_us) == (min(values), max(values))
        assert made.mean_s == pytest.approx(sum(values) / len(values) / 1e6)
        assert made.quantiles([0, 1]) == [min(values) / 1e6, max(values) / 1e6]


@given(durations, st.data())
def test_parts_in_any_order_are_the_whole(values: list[int], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(values))
    cut = data.draw(st.integers(0, len(values)))
    merged = histogram(mixed[:cut])
    merged.merge(histogram(mixed[cut:]))
    assert merged == histogram(values)
    assert merged.pack() == histogram(values).pack()


@given(durations)
def test_packing_keeps_everything(values: list[int]) -> None:
    made = histogram(values)
    assert Histogram.unpack(made.pack()) == made


def test_buckets_follow_each_other_and_are_narrow_enough() -> None:
    assert all(low < high and high * 100 <= low * 102 for low, high in pairwise(BOUNDS))
    for place, bound in enumerate(BOUNDS[:-1]):
        assert (bucket_of(bound), bucket_of(bound + 1)) == (place, place + 1)


def test_two_waits_have_the_median_between_them() -> None:
    found = histogram([300_000_000, 1_200_000_000]).quantiles([0.5])
    assert found == [750.0]


def test_a_merge_leaves_the_other_as_it_is() -> None:
    one, other = Histogram(), histogram([5])
    one.merge(other)
    one.add(7)
    assert other == histogram([5])
