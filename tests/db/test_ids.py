"""Ids: rising, unique over processes, exact in a browser, whatever the clock does."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.ids import EPOCH_MS, MAX_ID, NODES, IdMaker

readings = st.lists(st.integers(0, 10**6), min_size=1, max_size=400)


def clock(milliseconds: list[int]) -> Iterator[int]:
    """A clock that reads so, one reading a call, and stands at the end."""
    yield from (EPOCH_MS + each for each in milliseconds)
    while True:
        yield EPOCH_MS + milliseconds[-1]


def made(maker: IdMaker, count: int) -> list[int]:
    return [maker() for _ in range(count)]


@given(readings, st.integers(0, NODES - 1))
def test_ids_rise_whatever_the_clock_does(milliseconds: list[int], node: int) -> None:
    ids = made(IdMaker(node, milliseconds=clock(milliseconds).__next__), len(milliseconds) + 300)
    assert ids == sorted(set(ids))


@given(readings)
def test_two_processes_never_make_the_same_id(milliseconds: list[int]) -> None:
    here, there = (
        set(made(IdMaker(node, milliseconds=clock(milliseconds).__next__), 500)) for node in (3, 4)
    )
    assert not here & there


@given(readings, st.integers(1, MAX_ID >> 1))
def test_a_clock_set_back_over_a_restart_repeats_nothing(
    milliseconds: list[int], above: int
) -> None:
    again = IdMaker(0, above=above, milliseconds=clock(milliseconds).__next__)
    assert min(made(again, 300)) > above


def test_a_stopped_clock_borrows_from_the_next_millisecond() -> None:
    ids = made(IdMaker(milliseconds=lambda: EPOCH_MS + 7), 1000)
    assert len(set(ids)) == 1000
    assert ids == sorted(ids)


def test_a_browser_holds_every_id_exactly_until_2094() -> None:
    last = 4_000_000_000_000  # ms since 1970: October 2096 is too late, 2094 is not
    assert IdMaker(NODES - 1, milliseconds=lambda: EPOCH_MS + (1 << 41) - 2)() <= MAX_ID
    assert last > EPOCH_MS + (1 << 41)
    assert MAX_ID == 2**53 - 1


@pytest.mark.parametrize("node", [-1, NODES])
def test_there_are_so_many_nodes_and_no_more(node: int) -> None:
    with pytest.raises(ValueError, match="node"):
        IdMaker(node)
