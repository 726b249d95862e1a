"""The satisfaction index: cases worked by hand, its bounds, and what must hold for every survey."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.survey.rules.index import (
    GRADES,
    Index,
    Weights,
    grade_of,
    index_from,
    index_of,
    indistinguishable,
    round_half_up,
    sample_target,
)
from mpp.survey.rules.result import row_of
from mpp.survey.rules.unsur import CODES, QUESTIONS, Answers, Unsur


def survey(*rows: str) -> list[Answers]:
    """One respondent a row, nine digits; `.` is not answered."""
    return [
        Answers({u: int(c) for u, c in zip(Unsur, row, strict=True) if c != "."}) for row in rows
    ]


def test_a_case_worked_by_hand() -> None:
    """Sums 10 10 10 12 9 11 11 9 7 = 89; of three respondents 89 / 3 / 9 = 3.2963; × 25 = 82.4074."""
    found = index_of(survey("333434433", "343434432", "434433332"))
    assert found.nrr[Unsur.REQUIREMENTS] == Fraction(10, 3)
    assert found.nrr[Unsur.COMPLAINTS] == Fraction(7, 3)
    assert found.ikm == Decimal("82.41")
    assert found.grade is not None
    assert (found.grade.letter, found.grade.performance) == ("B", "Baik")
    assert found.weakest_first[:2] == [Unsur.COMPLAINTS, Unsur.PRODUCT]
    older = index_of(survey("333434433", "343434432", "434433332"), Weights.ROUNDED)
    assert older.ikm == Decimal("81.58")  # 89 / 3 × 0.11 × 25 = 81.5833
    assert (found.weights, older.weights) == (Weights.EXACT, Weights.ROUNDED)


def test_a_perfect_survey_is_a_hundred_and_with_the_printed_weight_ninety_nine() -> None:
    assert index_of(survey("444444444")).ikm == Decimal("100.00")
    assert index_of(survey("444444444"), Weights.ROUNDED).ikm == Decimal("99.00")
    worst = index_of(survey("111111111"), Weights.ROUNDED)
    assert worst.ikm == Decimal("24.75")
    assert worst.grade is not None
    assert worst.grade.letter == "D"


def test_the_published_example_differs_by_its_weight_only() -> None:
    """The same answers by both weights, as reported: 91.48 and 90.56."""
    total = Fraction("91.478") / 25
    nrr = dict.fromkeys(Unsur, total)
    sums = {u: int(nrr[u] * 100_000) for u in Unsur}
    counts = dict.fromkeys(Unsur, 100_000)
    exact = index_from(100_000, sums, counts)
    older = index_from(100_000, sums, counts, Weights.ROUNDED)
    assert exact.ikm == Decimal("91.48")
    assert older.ikm == Decimal("90.56")


def test_who_did_not_answer_a_question_counts_in_the_others_only() -> None:
    found = index_of(survey("44444444.", "2.4444442", "........."))
    assert found.n == 3
    assert found.answered[Unsur.REQUIREMENTS] == 2
    assert found.answered[Unsur.PROCEDURE] == 1
    assert found.nrr[Unsur.REQUIREMENTS] == 3
    assert found.nrr[Unsur.COMPLAINTS] == 2
    assert found.ikm == round_half_up(Fraction(3 + 4 * 7 + 2, 9) * 25)


def test_an_unsur_that_nobody_answered_leaves_no_index() -> None:
    found = index_of(survey("44444444.", "33333333."))
    assert found.nrr[Unsur.COMPLAINTS] is None
    assert (found.ikm, found.grade) == (None, None)
    assert index_of([]).ikm is None


@pytest.mark.parametrize(
    ("ikm", "letter"),
    [
        ("25.00", "D"), ("43.75", "D"), ("62.51", "D"), ("64.99", "D"), ("65.00", "C"),
        ("76.60", "C"), ("76.61", "B"), ("81.25", "B"), ("81.26", "B"), ("88.30", "B"),
        ("88.31", "A"), ("100.00", "A"),
    ],
)  # fmt: skip
def test_the_bounds_are_those_of_2017(ikm: str, letter: str) -> None:
    assert grade_of(Decimal(ikm)).letter == letter


@pytest.mark.parametrize(
    ("raw", "rounded", "letter"),
    [
        ("76.6049", "76.60", "C"), ("76.605", "76.61", "B"), ("76.6099", "76.61", "B"),
        ("88.3049", "88.30", "B"), ("88.305", "88.31", "A"), ("64.995", "65.00", "C"),
        ("64.9949", "64.99", "D"),
    ],
)  # fmt: skip
def test_an_index_is_rounded_before_it_is_graded(raw: str, rounded: str, letter: str) -> None:
    share = Fraction(raw) / 25
    n = share.denominator
    found = index_from(n, dict.fromkeys(Unsur, share.numerator), dict.fromkeys(Unsur, n))
    assert found.ikm == Decimal(rounded)
    assert found.grade is not None
    assert found.grade.letter == letter


answers = st.builds(
    Answers,
    st.dictionaries(st.sampled_from(Unsur), st.integers(1, 4)),
)


def parts(found: Index) -> tuple[dict[Unsur, int], dict[Unsur, int]]:
    sums = {u: int((found.nrr[u] or 0) * found.answered[u]) for u in Unsur}
    return sums, dict(found.answered)


@given(st.lists(answers), st.lists(answers))
def test_the_parts_make_the_whole(some: list[Answers], others: list[Answers]) -> None:
    (a, m), (b, n) = parts(index_of(some)), parts(index_of(others))
    merged = index_from(
        len(some) + len(others), {u: a[u] + b[u] for u in Unsur}, {u: m[u] + n[u] for u in Unsur}
    )
    assert merged == index_of([*some, *others])


@given(st.lists(answers, min_size=1))
def test_an_index_lies_between_25_and_100_and_no_order_changes_it(given_: list[Answers]) -> None:
    found = index_of(given_)
    assert found == index_of(given_[::-1])
    if found.ikm is not None:
        assert Decimal(25) <= found.ikm <= Decimal(100)


def test_answers_are_one_to_four() -> None:
    for wrong in (0, 5, -1):
        with pytest.raises(ValueError, match="1, 2, 3 or 4"):
            Answers({Unsur.TIME: wrong})


def test_an_interval_that_crosses_a_bound_says_from_which_grade_it_cannot_be_told() -> None:
    d, c, b, a = GRADES[::-1]
    two = Decimal
    assert indistinguishable(b, (two("77.00"), two("88.00"))) == []
    assert indistinguishable(b, (two("76.60"), two("88.00"))) == [c]
    assert indistinguishable(b, (two("77.00"), two("88.31"))) == [a]
    assert indistinguishable(b, (two("60.00"), two("90.00"))) == [a, c, d]
    assert indistinguishable(a, (two("88.30"), two("95.00"))) == [b]


def test_the_sample_follows_krejcie_and_morgan() -> None:
    """From their table of 1970, rounded to the nearest."""
    table = {10: 10, 20: 19, 50: 44, 100: 80, 200: 132, 300: 169, 500: 217, 1_000: 278,
             2_000: 322, 3_000: 341, 5_000: 357, 10_000: 370, 50_000: 381, 1_000_000: 384}  # fmt: skip
    assert {n: sample_target(n) for n in table} == table
    assert sample_target(0) == 0
    assert sample_target(1) == 1


def test_every_question_has_its_own_four_options() -> None:
    assert list(CODES.values()) == [f"u{n}" for n in range(1, 10)]
    assert set(QUESTIONS) == set(Unsur)
    assert QUESTIONS[Unsur.COST].options[-1] == "Gratis"
    assert QUESTIONS[Unsur.FACILITIES].options[0] == "Buruk"
    assert QUESTIONS[Unsur.COMPLAINTS].options[1] == "Ada tetapi tidak berfungsi"
    for question in QUESTIONS.values():
        assert len(set(question.options)) == 4


@pytest.mark.parametrize("weights", list(Weights))
def test_an_interval_ends_where_the_scale_does(weights: Weights) -> None:
    ends = {
        Weights.EXACT: (25, 100),
        Weights.ROUNDED: (24.75, 99),
        Weights.THOUSANDTHS: (24.98, 99.9),
    }
    ones, fours = (row_of("a", "A", {(value,) * 9: 5}, 5, weights) for value in (1, 4))
    assert (ones.low, fours.high) == ends[weights]
