"""What is hidden cannot be solved for, not even by whoever knows the rule that hides it."""

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mpp.metrics.rules.disclosure import FEWEST, hidden, hidden_cells, hidden_parts, pooled
from mpp.metrics.rules.distribution import Bin, joined
from mpp.metrics.rules.figures import Key
from mpp.metrics.rules.funnel import Cell, Verdict, funnel
from mpp.metrics.rules.rollup import Rollup
from tests.metrics.attack import protection_of, spread

Sizes = Mapping[str, int]
SMALL = st.integers(0, 12)
TABLES = st.lists(SMALL, min_size=2, max_size=5).map(
    lambda found: dict(zip("abcde", found, strict=False))
)
"""Two to five cells: as many as can be solved for by trying everything."""


@pytest.mark.parametrize(
    ("counts", "unseen"),
    [
        ([50, 1, 1], {0, 1, 2}),  # two of two people are one each
        ([50, 4, 1], {1, 2}),
        ([50, 30, 4, 4], {1, 2, 3}),  # eight people in two cells of at most four are four each
        ([50, 1, 1, 1, 1, 1], {0, 1, 2, 3, 4, 5}),  # five people in five cells
        ([9, 5, 5, 2, 0], {1, 2, 3}),  # of two equal ones neither is shown
        (
            [7, 5, 4],
            {0, 1, 2},
        ),  # nine people, one cell of five or more: four or five each is too near
        ([3, 0], {0, 1}),
        ([5, 0, 9], set()),
        ([], set()),
    ],
)
def test_cases_by_hand(counts: list[int], unseen: set[int]) -> None:
    assert hidden(dict(enumerate(counts))) == unseen


@given(st.dictionaries(st.integers(1, 40), st.integers(0, 60), max_size=20))
def test_no_small_cell_is_shown_and_the_hidden_are_two_and_five_together(
    counts: dict[int, int],
) -> None:
    unseen = hidden(counts)
    assert not any(0 < n < FEWEST for key, n in counts.items() if key not in unseen)
    if unseen and len(counts) > 1:
        assert len(unseen) >= 2
        assert sum(counts[key] for key in unseen) >= min(FEWEST, sum(counts.values()))


def told_of(counts: Sizes) -> dict[str, int]:
    unseen = hidden(counts)
    return {key: n for key, n in counts.items() if key not in unseen}


@given(TABLES)
@example({"a": 4, "b": 4, "c": 5})
def test_no_hidden_cell_can_be_solved_for(counts: Sizes) -> None:
    assume(sum(counts.values()) <= 22)
    told = told_of(counts)
    assert spread(counts, told.keys(), told_of) >= protection_of(sum(counts.values()))


@given(TABLES)
def test_no_group_can_be_solved_for_from_the_pool(counts: Sizes) -> None:
    """Nor by who is there at all: a group of nobody has no row, as one in the pool has none."""

    def view(sizes: Sizes) -> dict[Key, int]:
        there: dict[Key, Rollup] = {key: Rollup(issued=n) for key, n in sizes.items() if n}
        return {key: row.issued for key, row in pooled(there).items()}

    assume(sum(counts.values()) <= 22)
    told = view(counts)
    assert all(n >= min(FEWEST, sum(counts.values())) for n in told.values())
    pool = told.get(None, 0)
    if pool:
        assert spread(counts, {key for key in told if key is not None}, view) >= protection_of(pool)


Crossed = Mapping[str, Mapping[str, int]]
CROSSED = st.integers(2, 3).flatmap(
    lambda columns: st.lists(
        st.lists(SMALL, min_size=columns, max_size=columns), min_size=2, max_size=2
    )
)


@given(CROSSED)
@example([[50, 1, 9], [7, 8, 0]])
@example([[6, 1], [6, 20]])
def test_no_cell_can_be_solved_for_from_the_sums_of_rows_and_columns(
    rows: list[list[int]],
) -> None:
    """Two agencies' classes, beside the mall's: every table with the same sums that shows the same."""

    def told(table: list[list[int]]) -> dict[tuple[int, int], int]:
        named: dict[int, dict[int, int]] = {
            at: dict(enumerate(row)) for at, row in enumerate(table)
        }
        unseen = hidden_cells(named)
        return {
            (at, to): n
            for at, row in named.items()
            for to, n in row.items()
            if (at, to) not in unseen
        }

    assume(min(map(sum, rows)) >= FEWEST)  # of a smaller agency nothing is told at all
    seen, sums = told(rows), [sum(column) for column in zip(*rows, strict=True)]
    assert not any(0 < n < FEWEST for n in seen.values())
    every, alike = [], []
    for head in product(*(range(n + 1) for n in sums[:-1])):
        first = [*head, sum(rows[0]) - sum(head)]
        second = [n - mine for n, mine in zip(sums, first, strict=True)]
        if min(*first, *second) >= 0:
            every.append([*first, *second])
            if all([first, second][at][to] == n for (at, to), n in seen.items()):
                alike.append([*first, *second])
    for place, cell in enumerate((at, to) for at in range(2) for to in range(len(sums))):
        if cell not in seen and len({each[place] for each in every}) > 1:
            assert len({each[place] for each in alike}) > 1, (cell, alike)


OWNERS = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}


@given(TABLES)
@example(
    {"a": 3, "b": 0, "c": 5, "d": 5}
)  # an agency hidden with a small one: its services add up to it
def test_no_service_can_be_solved_for_from_its_agency(counts: Sizes) -> None:
    def view(sizes: Sizes) -> tuple[dict[int, int], dict[str, int]]:
        sums: dict[int, int] = {}
        for key, n in sizes.items():
            sums[OWNERS[key]] = sums.get(OWNERS[key], 0) + n
        unseen, parts = hidden(sums), hidden_parts(sizes, OWNERS)
        return (
            {key: n for key, n in sums.items() if key not in unseen},
            {key: n for key, n in sizes.items() if key not in parts},
        )

    assume(sum(counts.values()) <= 22)
    agencies, services = view(counts)
    assert not any(0 < n < FEWEST for n in [*agencies.values(), *services.values()])
    assert spread(counts, services.keys(), view) >= protection_of(sum(counts.values()))


@given(TABLES)
def test_no_units_promise_can_be_solved_for_from_the_malls(counts: Sizes) -> None:
    """The spans of those not shown are not told; at least two of them share what the mall has left."""

    def view(sizes: Sizes) -> dict[Key, int]:
        places = funnel({key: {"s": Cell(n, n // 2)} for key, n in sizes.items()}).places
        return {each.unit: each.judged for each in places if each.verdict is not Verdict.SMALL}

    there = {key: n for key, n in counts.items() if n}
    assume(len(there) > 1 and sum(there.values()) <= 16)
    told = view(there)
    assert all(n >= FEWEST for n in told.values())
    assert len(there) - len(told) != 1
    whole = {**dict.fromkeys(counts, 0), **there}
    if len(told) < len(there):
        shown = {str(key) for key in told}
        assert spread(whole, shown, view) >= protection_of(sum(there.values()))


@given(st.lists(SMALL, min_size=2, max_size=4))
def test_no_bar_can_be_taken_apart_again(counts: list[int]) -> None:
    def view(sizes: Mapping[int, int]) -> list[Bin]:
        return joined([Bin(place, place + 1, n) for place, n in sizes.items()])

    bins = dict(enumerate(counts))
    assume(FEWEST <= sum(counts) <= 24)
    bars = view(bins)
    assert not any(0 < each.count < FEWEST for each in bars)
    told = {each.low for each in bars if each.high == each.low + 1}
    assert spread(bins, told, view) >= 1
