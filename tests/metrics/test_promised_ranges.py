"""How well told waits held: by hand, and every wait counted once."""

from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules.promised_ranges import held
from mpp.queue.rules.forecast import ExpectedWait, Found, Told

HERE = Found(0, 0, 1)
RANGE = ExpectedWait(60, 120, 300)


def told(wait_s: float, expected: ExpectedWait | None = RANGE) -> Told:
    return Told(1, 9, HERE, expected, wait_s)


def test_an_example_by_hand() -> None:
    found = held([told(59.9), told(60), told(300), told(300.1), told(10, None)])
    assert (found.n, found.silent, found.below, found.inside, found.above) == (5, 1, 1, 2, 1)
    assert found.share_inside == 0.5
    assert found.error_s is not None
    assert round(found.error_s, 3) == round((60.1 + 60 + 180 + 180.1) / 4, 3)
    assert (found.width_s, found.median_width_s) == (240, 240)


def test_where_nobody_was_told_anything_nothing_is_said() -> None:
    found = held([told(5, None)])
    assert (found.n, found.silent, found.share_inside, found.error_s) == (1, 1, None, None)


@given(st.lists(st.builds(told, st.floats(0, 900), st.sampled_from([None, RANGE])), max_size=40))
def test_every_wait_is_counted_once(outcomes: list[Told]) -> None:
    found = held(outcomes)
    assert found.n == found.silent + found.below + found.inside + found.above == len(outcomes)
