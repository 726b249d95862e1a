"""What results, rows and the profile's cells say, figure by figure: they stand in papers handed in."""

import pytest
from msgspec.structs import asdict

from mpp.survey.rules.index import Weights
from mpp.survey.rules.interval import Patterns
from mpp.survey.rules.profile import FIELDS, OTHER, shown
from mpp.survey.rules.result import RowFigures, UnsurFigure, figures_of, nothing_of, row_of
from mpp.survey.rules.unsur import Unsur
from tests.survey.test_skm_interval import SPARSE

FOUR_HAPPY_ONE_NOT: Patterns = {(4,) * 9: 4, (1,) * 9: 1}
"""Mean 3.4 of 4 in every unsur: 85.00 by exact weights, 84.15 by the printed 0.11."""


def test_a_result_says_its_index_its_interval_and_each_unsur() -> None:
    """By hand: the means add up to 25.0265; × 25 / 9 = 69.52. The interval reaches from D into B."""
    found = asdict(figures_of(SPARSE))
    unsur = {each.unsur: each for each in found.pop("unsur")}
    assert found == {
        "n": 12, "weights": "exact", "ikm": 69.52, "grade": "C", "performance": "Kurang baik",
        "low": 51.64, "high": 84.15, "method": "bounded", "others": ["B", "D"],
        "weakest": ["complaints", "facilities", "cost", "time", "requirements", "product", "procedure",
                    "conduct", "competence"],
    }  # fmt: skip
    assert list(unsur) == list(Unsur)
    assert [unsur[each].nrr for each in Unsur] == [
        2.75, 3.0, 2.6667, 2.5, 2.8182, 3.625, 3.0833, 2.3333, 2.25
    ]  # fmt: skip
    assert unsur["requirements"] == UnsurFigure(
        unsur="requirements", answered=12, nrr=2.75, low=1.885, high=3.4989, counts=[4, 1, 1, 6]
    )
    assert unsur["cost"] == UnsurFigure(
        unsur="cost", answered=2, nrr=2.5, low=None, high=None, counts=[1, 0, 0, 1]
    )


def test_the_printed_weights_reach_a_results_index_and_its_interval() -> None:
    found = figures_of(SPARSE, Weights.ROUNDED)
    assert (found.weights, found.ikm, found.low, found.high) == ("0.11", 68.82, 51.12, 83.31)


def test_an_index_that_an_unsur_keeps_from_being_leaves_the_other_means() -> None:
    found = figures_of({(3,) * 8 + (0,): 40})
    assert (found.n, found.ikm, found.grade, found.low, found.high) == (40, None, None, None, None)
    assert (found.performance, found.others) == (None, [])
    assert [each.nrr for each in found.unsur] == [3.0] * 8 + [None]


def test_an_index_of_too_few_for_an_interval_stands_without_one() -> None:
    found = figures_of({(3,) * 9: 4})
    assert (found.ikm, found.grade, found.low, found.high, found.others) == (
        75,
        "C",
        None,
        None,
        [],
    )


def test_of_too_few_only_their_number_is_told() -> None:
    found = asdict(nothing_of(3, Weights.ROUNDED))
    assert {each.answered for each in found.pop("unsur")} == {0}
    assert found == {
        "n": 3, "weights": "0.11", "ikm": None, "grade": None, "performance": None, "low": None,
        "high": None, "method": "bounded", "others": [], "weakest": [],
    }  # fmt: skip


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


def test_a_row_in_which_an_unsur_has_no_answer_has_no_index() -> None:
    found = row_of("kk", "Kartu Keluarga", {(3,) * 8 + (0,): 40}, 50)
    assert (found.n, found.served) == (40, 50)
    assert (found.ikm, found.grade, found.low, found.high) == (None, None, None, None)


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


def test_what_paper_said_that_is_no_class_is_shown_as_other_and_only_then() -> None:
    cells = shown("gender", {"male": 12, "female": 9, OTHER: 6, None: 8})
    assert [(cell.code, cell.word, cell.count) for cell in cells[2:]] == [
        (OTHER, "Lainnya", 6), ("", "tidak dijawab", 8),
    ]  # fmt: skip
    few = {cell.code: cell.count for cell in shown("gender", {"male": 12, "female": 9, OTHER: 2})}
    assert few[OTHER] is None
    assert list(few.values()).count(None) > 1  # or it could be found by subtraction
