"""The delivered instrument: its weights, its levels, its questions; and how one is found."""

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from mpp.errors import Invalid
from mpp.evaluation.rules.instrument import (
    FOLDER,
    Variant,
    gains,
    instrument_of,
    instruments,
    read_instrument,
)

PEKPPP = instrument_of("pekppp-2023")
A, B = PEKPPP.variant_of("A"), PEKPPP.variant_of("B")


@pytest.mark.parametrize("variant", [A, B], ids=["A", "B"])
def test_aspects_weigh_24_25_18_11_10_12(variant: Variant) -> None:
    assert [each.weight for each in variant.aspect] == [24, 25, 18, 11, 10, 12]
    assert [each.code for each in variant.aspect] == ["I", "II", "III", "IV", "V", "VI"]


def test_weights_within_each_aspect_sum_to_100() -> None:
    assert {sum(each.weight for each in aspect.indicator) for aspect in A.aspect} == {100}


def test_thirty_indicators_count_and_the_queue_system_stands_outside() -> None:
    assert [each.number for _, each in A.indicators()] == list(range(1, 31))
    assert [(each.number, each.weight, each.derived) for each in A.extra] == [(31, 0, "queueing")]


def test_the_electronic_variant_has_its_own_infrastructure_and_speed_of_reply() -> None:
    assert [each.number for _, each in B.indicators()] == list(range(1, 32))
    assert B.extra == []
    speed = next(each for _, each in B.indicators() if each.derived == "complaint_speed")
    assert (speed.number, speed.name) == (29, "Kecepatan menanggapi pengaduan")


def test_users_answer_14_questions_in_person_and_11_online() -> None:
    assert [each.number for each in A.question] == list(range(1, 15))
    assert [each.number for each in B.question] == list(range(1, 12))
    assert "13.d.T" not in {each.code for each in A.question}, "the form skips it"


@pytest.mark.parametrize("variant", [A, B], ids=["A", "B"])
def test_each_indicator_has_six_levels_in_words_and_an_effort(variant: Variant) -> None:
    for each in [*(one for _, one in variant.indicators()), *variant.extra]:
        assert len(each.levels) == 6, each.number
        assert all(text.strip() for text in each.levels), each.number
        assert len(set(each.levels)) == 6, each.number
        assert 1 <= each.effort <= 5, each.number


@pytest.mark.parametrize("variant", [A, B], ids=["A", "B"])
def test_all_gains_of_five_levels_are_the_whole_of_f02(variant: Variant) -> None:
    assert sum(each.gain for each in gains(variant, Fraction(1)).values()) == 1


@pytest.mark.parametrize(
    ("number", "gain"),
    [(6, "0.0306"), (14, "0.05625"), (24, "0.02475"), (28, "0.0225"), (29, "0.045")],
)
def test_points_a_level_are_those_worked_by_hand(number: int, gain: str) -> None:
    """0.75 × aspect × indicator, such as 0.75 × 0.24 × 0.17 for the survey."""
    assert gains(A, Fraction(PEKPPP.f02_share))[number].gain == Fraction(gain)


def test_the_shares_and_the_predicates() -> None:
    assert (PEKPPP.f02_share, PEKPPP.f03_share) == (Decimal("0.75"), Decimal("0.25"))
    bounds = [(each.letter, str(each.lowest)) for each in PEKPPP.predicate]
    assert bounds == [
        ("A", "4.51"),
        ("A-", "4.01"),
        ("B", "3.51"),
        ("B-", "3.01"),
        ("C", "2.51"),
        ("C-", "2.01"),
        ("D", "1.51"),
        ("E", "1.01"),
        ("F", "0.00"),
    ]


def test_an_instrument_is_found_by_key_and_by_year() -> None:
    newest = list(instruments().values())[-1]
    assert instrument_of(None) is newest
    assert instrument_of("pekppp-2023") is instrument_of(2024) is instrument_of("PEKPPP 2025")


@pytest.mark.parametrize("wanted", ["", "pekppp-1999", 2019, "kuning", "../../etc/passwd", -1])
def test_an_instrument_that_is_none_is_refused_by_its_field(wanted: str | int) -> None:
    with pytest.raises(Invalid) as refused:
        instrument_of(wanted)
    assert refused.value.facts == {"field": "instrument"}


def test_a_variant_that_is_none_is_refused_by_its_field() -> None:
    with pytest.raises(Invalid, match="A, B") as refused:
        PEKPPP.variant_of("C")
    assert refused.value.facts == {"field": "variant"}


def test_an_unknown_key_in_an_instruments_file_is_refused() -> None:
    text = (FOLDER / "pekppp-2023.toml").read_text(encoding="utf-8")
    with pytest.raises(msgspec.ValidationError, match="colour"):
        read_instrument('colour = "blue"\n' + text)
