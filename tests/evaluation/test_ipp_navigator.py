"""The way to the next predicate: it gets there, and nothing cheaper does."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from mpp.evaluation.rules.instrument import Instrument, instrument_of
from mpp.evaluation.rules.navigator import HALF_A_CENT, Way, best_single_steps, way_up
from mpp.evaluation.rules.score import Levels, Score, WithoutUsers, score_of
from tests.evaluation.test_ipp_score import all_at, tiny

PEKPPP = instrument_of("pekppp-2023")
A, B = PEKPPP.variant_of("A"), PEKPPP.variant_of("B")


def raised(levels: Levels, way: Way) -> dict[int, int]:
    return {**levels, **{each.indicator.number: each.then for each in way.raises}}


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[Instrument, dict[int, int], list[list[int | None]]]:
    size = draw(st.integers(1, 3))
    several = st.tuples(*[st.integers(1, 5)] * size)
    instrument = tiny(draw(several), draw(several))
    levels = draw(st.dictionaries(st.integers(1, size), st.integers(0, 5)))
    answers = draw(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=1), max_size=3))
    return instrument, levels, answers  # type: ignore[return-value]


def by_trying_everything(
    instrument: Instrument, score: Score, levels: Levels
) -> tuple[int, Fraction] | None:
    """The least effort that is enough, and the most points that it can bring; None when none is."""
    indicators = instrument.variant["A"].aspect[0].indicator
    within = sum(each.weight for each in indicators)
    target = min(p.lowest for p in instrument.predicate if p.lowest > score.ipp)
    needed = Fraction(target) - HALF_A_CENT - score.raw
    found = []
    for ends in product(range(6), repeat=len(indicators)):
        ups = [end - levels.get(each.number, 0) for each, end in zip(indicators, ends, strict=True)]
        gain = sum(
            (
                score.f02_share * Fraction(each.weight, within) * up
                for each, up in zip(indicators, ups, strict=True)
            ),
            Fraction(0),
        )
        if min(ups) >= 0 and gain >= needed:
            effort = sum(each.effort * up for each, up in zip(indicators, ups, strict=True))
            found.append((effort, -gain))
    return (min(found)[0], -min(found)[1]) if found else None


@given(case=small_cases(), choice=st.sampled_from(WithoutUsers))
def test_no_way_is_cheaper_than_the_one_found(
    case: tuple[Instrument, dict[int, int], list[list[int | None]]], choice: WithoutUsers
) -> None:
    instrument, levels, answers = case
    variant = instrument.variant["A"]
    score = score_of(instrument, variant, levels, answers, choice)
    way = way_up(instrument, variant, score, levels)
    if way.target is None:
        assert score.predicate.letter == "A"
        return
    best = by_trying_everything(instrument, score, levels)
    if best is None:
        assert way.raises == ()
        return
    assert (way.effort, way.gain) == best
    after = score_of(instrument, variant, raised(levels, way), answers, choice)
    assert after.raw == score.raw + way.gain
    assert after.ipp >= way.target.lowest, "it gets there"


@given(
    levels=st.dictionaries(st.integers(1, 30), st.integers(0, 5)),
    answer=st.integers(0, 5),
    variant=st.sampled_from([A, B]),
)
def test_with_the_delivered_instrument_it_gets_there_exactly_when_it_says_so(
    levels: dict[int, int], answer: int, variant: object
) -> None:
    answers = [[answer] * len(variant.question)]  # type: ignore[attr-defined]
    score = score_of(PEKPPP, variant, levels, answers)  # type: ignore[arg-type]
    way = way_up(PEKPPP, variant, score, levels)  # type: ignore[arg-type]
    if way.target is None:
        return
    after = score_of(PEKPPP, variant, raised(levels, way), answers)  # type: ignore[arg-type]
    best = score_of(PEKPPP, variant, all_at(variant, 5), answers)  # type: ignore[arg-type]
    assert bool(way.raises) == (best.ipp >= way.target.lowest)
    if way.raises:
        assert after.ipp >= way.target.lowest
        assert all(each.now == levels.get(each.indicator.number, 0) for each in way.raises)
        assert all(each.now < each.then <= 5 for each in way.raises)


def test_a_way_worked_by_hand() -> None:
    """All at 4 (4.00, B) and users at 4: A- begins at 3.995 + 0.01, so 0.005 are needed.

    Nothing of effort 1 is worth less than 0.005 a level, so one step of effort 1 is enough; of those
    (3, 5, 7, 20, 24) the freshness of information brings most, 0.75 × 0.11 × 0.30 = 0.02475.
    """
    levels = all_at(A, 4)
    score = score_of(PEKPPP, A, levels, [[4] * 14])
    way = way_up(PEKPPP, A, score, levels)
    assert way.target is not None
    assert (way.target.letter, way.needed) == ("A-", Fraction("0.005"))
    assert [(each.indicator.number, each.now, each.then) for each in way.raises] == [(24, 4, 5)]
    assert (way.effort, way.gain) == (1, Fraction("0.02475"))


def test_where_users_drag_it_down_no_level_helps() -> None:
    levels = all_at(A, 5)
    score = score_of(PEKPPP, A, levels, [[0] * 14])
    way = way_up(PEKPPP, A, score, levels)
    assert way.target is not None
    assert (str(score.ipp), way.target.letter, way.raises) == ("3.75", "A-", ())


def test_at_the_top_there_is_nowhere_to_go() -> None:
    levels = all_at(A, 5)
    way = way_up(PEKPPP, A, score_of(PEKPPP, A, levels, [[5] * 14]), levels)
    assert (way.target, way.raises, way.effort) == (None, (), 0)


def test_a_mall_may_know_its_efforts_better() -> None:
    levels = all_at(A, 4)
    score = score_of(PEKPPP, A, levels, [[4] * 14])
    way = way_up(PEKPPP, A, score, levels, {24: 5})
    assert [each.indicator.number for each in way.raises] != [24]


def test_a_level_is_worth_more_where_the_evaluator_counts_alone() -> None:
    levels = all_at(A, 4)
    alone = score_of(PEKPPP, A, levels, [], WithoutUsers.EVALUATOR_ALONE)
    steps = {each.indicator.number: each.gain for each in best_single_steps(A, alone, levels)}
    assert steps[24] == Fraction("0.033")
    way = way_up(PEKPPP, A, alone, levels)
    after = score_of(PEKPPP, A, raised(levels, way), [], WithoutUsers.EVALUATOR_ALONE)
    assert after.raw == alone.raw + way.gain


def test_single_steps_come_best_first_and_leave_out_what_is_at_the_top() -> None:
    levels = all_at(A, 3) | {24: 5}
    score = score_of(PEKPPP, A, levels, [])
    steps = best_single_steps(A, score, levels)
    assert 24 not in {each.indicator.number for each in steps}
    assert len(steps) == 29
    worth = [each.gain / each.effort for each in steps]
    assert worth == sorted(worth, reverse=True)
    assert {each.then - each.now for each in steps} == {1}
