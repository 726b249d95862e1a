"""What a row and the profile's cells say, figure by figure: they stand in papers that are handed in."""

import pytest

from mpp.survey.rules.index import Weights
from mpp.survey.rules.interval import Patterns
from mpp.survey.rules.profile import FIELDS, shown
from mpp.survey.rules.result import RowFigures, row_of

FOUR_HAPPY_ONE_NOT: Patterns = {(4,) * 9: 4, (1,) * 9: 1}
"""Mean 3.4 of 4 in every unsur: 85.00 by exact weights, 84.15 by the printed 0.11."""


def test_a_row_says_who_how_many_and_how_good() -> None:
    found = row_of("kk", "Kartu Keluarga", FOUR_HAPPY_ONE_NOT, 9)
    assert (found.key, found.name, found.n, found.served) == ("kk", "Kartu Keluarga", 5, 9)
    assert (found.ikm, found.grade) == (85.0, "B")
    assert found.low is not None
    assert found.high is not None
    assert 25 <= found.low < 85.0 < found.high <= 100


def test_the_printed_weights_reach_a_rows_index_and_its_interval() -> None:
    exact = row_of("kk", "Kartu Keluarga", FOUR_HAPPY_ONE_NOT, 9)
    printed = row_of("kk", "Kartu Keluarga", FOUR_HAPPY_ONE_NOT, 9, Weights.ROUNDED)
    assert printed.ikm == 84.15
    assert exact.low is not None
    assert printed.low == pytest.approx(exact.low * 0.99, abs=0.011)


@pytest.mark.parametrize(
    ("patterns", "is_hidden", "n"),
    [({}, False, 0), ({(4,) * 9: 4}, False, None), ({(4,) * 9: 40}, True, None), ({}, True, None)],
)
def test_a_row_that_may_not_be_told_says_only_whose_it_is(
    patterns: Patterns, is_hidden: bool, n: int | None
) -> None:
    assert row_of("kk", "Kartu Keluarga", patterns, 9, is_hidden=is_hidden) == RowFigures(
        key="kk", name="Kartu Keluarga", n=n, served=9, ikm=None, grade=None, low=None, high=None
    )


def test_a_profiles_cells_stand_in_order_with_their_words_and_counts() -> None:
    cells = shown("gender", {"male": 12, "female": 30, None: 8})
    assert [cell.code for cell in cells] == [*FIELDS["gender"], ""]
    assert {cell.word: cell.count for cell in cells} == {
        FIELDS["gender"]["male"]: 12, FIELDS["gender"]["female"]: 30, "tidak dijawab": 8,
    }  # fmt: skip


def test_a_class_that_nobody_is_in_counts_none() -> None:
    counts = {cell.code: cell.count for cell in shown("gender", {"male": 12})}
    assert counts == dict.fromkeys([*FIELDS["gender"], ""], 0) | {"male": 12}
