"""Pictures lie within their frame and say what the figures say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules.charts import Hour, hour_chart, load, step_of


def hour(number: int, median_min: float | None = None, p90_min: float = 0, **more: int) -> Hour:
    known = median_min is not None
    return Hour(
        number,
        more.get("issued", 10),
        10 if known else 0,
        median_min * 60 if median_min is not None else None,
        p90_min * 60 if known else None,
        more.get("waiting", 0),
    )


@pytest.mark.parametrize(("highest", "step"), [(0, 1), (4.9, 1), (12, 5), (49, 10), (107, 30)])
def test_a_grid_has_few_round_lines(highest: float, step: int) -> None:
    assert step_of(highest) == step


def test_a_gap_in_the_figures_is_a_gap_in_the_line() -> None:
    chart = hour_chart(
        [hour(8, 5, 9), hour(9, 6, 12), hour(10), hour(11, 2, 4)], width=800, height=400
    )
    assert len(chart.lines) == 1, "an hour alone is a dot, not a line"
    assert len(chart.bands) == 2
    assert [point.hour for point in chart.points] == [8, 9, 11]
    assert [bar.hour for bar in chart.bars] == [8, 9, 10, 11]


def test_an_hour_whose_people_still_wait_is_drawn_as_unfinished() -> None:
    chart = hour_chart([hour(8, 5, 9), hour(9, 6, 90, waiting=2)], width=800, height=400)
    assert [point.is_partial for point in chart.points] == [False, True]
    assert (len(chart.bands), len(chart.lines), len(chart.dashes)) == (1, 0, 1)
    assert chart.grid[-1][1] < 90, "what is not drawn needs no room"


minutes = st.one_of(st.none(), st.floats(0, 400))
hours = st.lists(
    st.builds(
        lambda issued, median, more, waiting: Hour(
            8,
            issued,
            1,
            None if median is None else median * 60,
            None if median is None else (median + more) * 60,
            waiting,
        ),
        st.integers(0, 500),
        minutes,
        st.floats(0, 300),
        st.integers(0, 50),
    ),
    max_size=14,
)


@given(hours, st.sampled_from([(820, 450), (1240, 400), (360, 360)]))
def test_everything_lies_within_the_picture(drawn: list[Hour], size: tuple[int, int]) -> None:
    width, height = size
    chart = hour_chart(drawn, width=width, height=height)
    for point in chart.points:
        assert chart.left <= point.x <= chart.right
        assert 0 < point.y <= chart.base
        assert point.is_partial or 0 < point.top <= point.y + 1e-6
    for bar in chart.bars:
        assert chart.base < bar.y <= chart.floor
        assert bar.height >= 0
    heights = [y for y, _ in chart.grid]
    assert heights == sorted(heights, reverse=True)
    assert chart.grid[0] == (chart.base, 0)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_a_load_never_leaves_its_bar(served: int, waiting: int, issued: int, most: int) -> None:
    drawn = load(served, waiting, issued, max(most, issued))
    assert 0 <= drawn.served + drawn.waiting + drawn.rest <= 100.001
