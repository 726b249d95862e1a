"""The index of public service: cases worked by hand, every bound, the delivered instrument."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from mpp.errors import Invalid
from mpp.evaluation.rules.instrument import (
    Aspect,
    Indicator,
    Instrument,
    Predicate,
    Question,
    Variant,
    instrument_of,
)
from mpp.evaluation.rules.score import (
    Score,
    WithoutUsers,
    next_predicate,
    predicate_of,
    score_of,
    users_mean,
)

PEKPPP = instrument_of("pekppp-2023")
A, B = PEKPPP.variant_of("A"), PEKPPP.variant_of("B")
USERS = {"A": 14, "B": 11}


def all_at(variant: Variant, level: int) -> dict[int, int]:
    return {each.number: level for _, each in variant.indicators()}


# -- cases worked by hand ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["A", "B"])
@pytest.mark.parametrize("level", range(6))
def test_the_same_level_everywhere_is_the_index(name: str, level: int) -> None:
    """Weights sum to one: 0.75 × level + 0.25 × level = level."""
    variant = PEKPPP.variant_of(name)
    found = score_of(PEKPPP, variant, all_at(variant, level), [[level] * USERS[name]])
    assert found.raw == level
    assert found.ipp == Decimal(level)
    assert found.is_complete
    assert {each.score for each in found.aspects} == {level}


def test_a_case_worked_by_hand() -> None:
    """Levels 3, but policy 4 everywhere and the survey (17 of its 100) 5; one user answers 4, one 3.

    Policy: 4 + 17/100 = 4.17.
    F-02 = 0.24 × 4.17 + 0.76 × 3 = 1.0008 + 2.28 = 3.2808.   F-03 = (14×4 + 14×3) / 28 = 3.5.
    IPP = 0.75 × 3.2808 + 0.25 × 3.5 = 2.4606 + 0.875 = 3.3356 → 3.34, B-.
    """
    levels = all_at(A, 3) | dict.fromkeys(range(1, 10), 4) | {6: 5}
    found = score_of(PEKPPP, A, levels, [[4] * 14, [3] * 14])
    assert found.aspects[0].score == Fraction(417, 100)
    assert found.f02 == Fraction("3.2808")
    assert found.f03 == Fraction(7, 2)
    assert found.raw == Fraction("3.3356")
    assert found.ipp == Decimal("3.34")
    assert (found.predicate.letter, found.predicate.name) == ("B-", "Baik (Dengan Catatan)")


def test_the_same_by_hand_for_the_electronic_variant() -> None:
    """All at 2, but the six of infrastructure (18 %, equal weights) 5, 4, 3, 2, 1, 0: mean 2.5.

    F-02 = 0.82 × 2 + 0.18 × 2.5 = 2.09; no answers: IPP = 0.75 × 2.09 = 1.5675 → 1.57, D.
    With F-02 alone 2.09, C-.
    """
    levels = all_at(B, 2) | dict(zip(range(15, 21), (5, 4, 3, 2, 1, 0), strict=True))
    zero = score_of(PEKPPP, B, levels, [])
    assert (zero.f02, zero.ipp, zero.predicate.letter) == (
        Fraction("2.09"),
        Decimal("1.57"),
        "D",
    )
    alone = score_of(PEKPPP, B, levels, [], WithoutUsers.EVALUATOR_ALONE)
    assert (alone.ipp, alone.predicate.letter) == (Decimal("2.09"), "C-")
    assert (zero.f03, alone.f03) == (None, None)


def test_answers_that_exist_count_whatever_the_choice() -> None:
    levels = all_at(A, 4)
    for choice in WithoutUsers:
        assert score_of(PEKPPP, A, levels, [[0] * 14], choice).ipp == Decimal("3.00")


# -- every bound ---------------------------------------------------------------------------------

BOUNDS = [
    ("5.00", "A", "Pelayanan Prima"),
    ("4.51", "A", "Pelayanan Prima"),
    ("4.50", "A-", "Sangat Baik"),
    ("4.01", "A-", "Sangat Baik"),
    ("4.00", "B", "Baik"),
    ("3.51", "B", "Baik"),
    ("3.50", "B-", "Baik (Dengan Catatan)"),
    ("3.01", "B-", "Baik (Dengan Catatan)"),
    ("3.00", "C", "Cukup"),
    ("2.51", "C", "Cukup"),
    ("2.50", "C-", "Cukup (Dengan Catatan)"),
    ("2.01", "C-", "Cukup (Dengan Catatan)"),
    ("2.00", "D", "Buruk"),
    ("1.51", "D", "Buruk"),
    ("1.50", "E", "Sangat Buruk"),
    ("1.01", "E", "Sangat Buruk"),
    ("1.00", "F", "Gagal"),
    ("0.00", "F", "Gagal"),
]


@pytest.mark.parametrize(("ipp", "letter", "name"), BOUNDS)
def test_the_predicate_at_each_bound(ipp: str, letter: str, name: str) -> None:
    found = predicate_of(PEKPPP, Decimal(ipp))
    assert (found.letter, found.name) == (letter, name)


def halves(bound: Decimal) -> Iterator[tuple[Fraction, Decimal]]:
    """Raw indices around a bound, and what they are published as: half a cent rounds up."""
    exact = Fraction(bound)
    yield exact - Fraction(1, 200), bound
    yield exact - Fraction(1, 200) - Fraction(1, 1000), bound - Decimal("0.01")
    yield exact, bound
    yield exact + Fraction(499, 100_000), bound


@pytest.mark.parametrize("predicate", PEKPPP.predicate[:-1], ids=lambda each: each.letter)
def test_the_raw_index_is_rounded_half_up_before_it_is_judged(predicate: Predicate) -> None:
    """One indicator weighs all, so that users' answers and its level can be any raw index."""
    lowest: Decimal = predicate.lowest
    below = PEKPPP.predicate[PEKPPP.predicate.index(predicate) + 1]
    for raw, published in halves(lowest):
        found = published_at(raw)
        assert (found.raw, found.ipp) == (raw, published)
        expected = predicate if published >= lowest else below
        assert found.predicate == expected


def published_at(raw: Fraction) -> Score:
    """A score of exactly this raw index: F-03 counts alone, the mean of 100 000 answers."""
    single = tiny(weights=(1,), f02_share="0", f03_share="1")
    parts = 100_000
    whole, rest = divmod(raw * parts, parts)
    rows = [[int(whole) + 1]] * int(rest) + [[int(whole)]] * (parts - int(rest))
    return score_of(single, single.variant["A"], {1: 0}, rows)


def tiny(
    weights: tuple[int, ...],
    efforts: tuple[int, ...] | None = None,
    f02_share: str = "0.75",
    f03_share: str = "0.25",
) -> Instrument:
    """An instrument of one aspect and one question, with the delivered predicates."""
    indicators = [
        Indicator(number, f"Indikator {number}", weight, ["-"] * 6, effort=effort)
        for number, (weight, effort) in enumerate(
            zip(weights, efforts or (1,) * len(weights), strict=True), start=1
        )
    ]
    variant = Variant("Uji", [Aspect("I", "Uji", 1, indicators)], [Question(1, "?")], "-")
    return Instrument(
        key="uji",
        name="Uji",
        source="-",
        from_year=2000,
        f02_share=Decimal(f02_share),
        f03_share=Decimal(f03_share),
        predicate=PEKPPP.predicate,
        variant={"A": variant},
    )


def test_the_next_predicate_is_the_one_above() -> None:
    letters = [each.letter for each in PEKPPP.predicate]
    for at, letter in enumerate(letters):
        lowest = PEKPPP.predicate[at].lowest
        found = next_predicate(PEKPPP, lowest)
        assert (found.letter if found else None) == (letters[at - 1] if at else None), letter


# -- what is missing, what is wrong --------------------------------------------------------------


def test_what_has_no_score_counts_as_zero_and_is_listed() -> None:
    levels = {number: 5 for number in all_at(A, 5) if number not in {6, 14, 30}}
    found = score_of(PEKPPP, A, levels, [[5] * 14])
    # 0.24 × 17/100 + 0.25 × 30/100 + 0.12 × 50/100 = 0.0408 + 0.075 + 0.06 = 0.1758 of 5 are gone
    assert found.missing == (6, 14, 30)
    assert found.f02 == 5 - 5 * Fraction("0.1758")
    assert not found.is_complete
    assert [each.missing for each in found.aspects] == [(6,), (14,), (), (), (), (30,)]


def test_nothing_at_all_is_zero() -> None:
    found = score_of(PEKPPP, A, {}, [])
    assert (found.ipp, found.predicate.letter, len(found.missing)) == (Decimal("0.00"), "F", 30)


def test_an_answer_left_out_is_not_a_zero() -> None:
    assert users_mean([[5, None], [None, 2]]) == Fraction(7, 2)
    assert users_mean([[None, None]]) is None
    assert users_mean([]) is None


def test_the_indicator_outside_the_index_changes_nothing() -> None:
    levels = all_at(A, 3)
    with_it = score_of(PEKPPP, A, levels | {31: 5}, [[3] * 14])
    assert with_it == score_of(PEKPPP, A, levels, [[3] * 14])


WRONG_LEVELS: list[tuple[Mapping[int, int], str]] = [
    ({32: 1}, "f02.32"),
    ({0: 1}, "f02.0"),
    ({6: 6}, "f02.6"),
    ({6: -1}, "f02.6"),
    ({31: 6}, "f02.31"),
]


@pytest.mark.parametrize(("levels", "field"), WRONG_LEVELS)
def test_levels_that_cannot_be_are_named(levels: Mapping[int, int], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        score_of(PEKPPP, A, levels, [])
    assert refused.value.facts == {"field": field}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ([[3] * 13], "f03[0]"),
        ([[3] * 14, [3] * 15], "f03[1]"),
        ([[3] * 13 + [6]], "f03[0]"),
        ([[-1] + [3] * 13], "f03[0]"),
        ([[]], "f03[0]"),
    ],
)
def test_answers_that_cannot_be_are_named(answers: list[list[int | None]], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        score_of(PEKPPP, A, {}, answers)
    assert refused.value.facts == {"field": field}
