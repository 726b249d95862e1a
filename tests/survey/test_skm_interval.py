"""The interval of the index: it covers the truth as often as it says, up to the ends of the scale."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.survey.rules.beta import beta_quantile, beta_share
from mpp.survey.rules.index import Weights, index_of
from mpp.survey.rules.interval import (
    LEAST_SAMPLE,
    Patterns,
    interval_from,
    interval_of,
    mean_interval,
)
from mpp.survey.rules.unsur import Answers, Unsur

Population = Callable[[random.Random], Answers]
HOLDS = 0.93
"""At least so many of a hundred intervals must hold the truth, whatever people answer."""


def contented(rng: random.Random) -> Answers:
    """A person's mood moves all nine answers together; most are content."""
    mood = rng.gauss(0, 0.5)
    return Answers({u: min(4, max(1, round(3.2 + mood + rng.gauss(0, 0.5)))) for u in Unsur})


def divided(rng: random.Random) -> Answers:
    """Two kinds of people, and many who leave questions out."""
    likes = rng.random() < 0.6
    values = {u: rng.choice((3, 4, 4) if likes else (1, 2, 3)) for u in Unsur}
    return Answers({u: v for u, v in values.items() if rng.random() < 0.8})


def one_by_one(mean: float) -> Population:
    """Every answer by itself is one of the two values around the mean."""
    least = min(3, int(mean))
    share = mean - least
    return lambda rng: Answers({u: least + (rng.random() < share) for u in Unsur})


def truth(population: Population) -> float:
    rng = random.Random(7)
    found = index_of([population(rng) for _ in range(10_000)])
    assert found.ikm is not None
    return float(found.ikm)


def covered(population: Population, true: float, n: int, surveys: int) -> float:
    rng, held = random.Random(1), 0
    for _ in range(surveys):
        found = interval_of([population(rng) for _ in range(n)])
        assert found is not None
        held += float(found[0]) <= true <= float(found[1])
    return held / surveys


@pytest.mark.parametrize("n", [5, 30])
@pytest.mark.parametrize("true", [99.4, 88.3])
def test_the_interval_covers_the_truth_when_answers_are_given_one_by_one(
    true: float, n: int
) -> None:
    assert covered(one_by_one(true / 25), true, n, surveys=100) >= HOLDS


@pytest.mark.slow
@pytest.mark.parametrize("n", [5, 10, 30])
@pytest.mark.parametrize("true", [25.5, 40, 60, 76.6, 88.3, 95, 98, 99, 99.4, 99.5])
def test_the_interval_covers_the_truth_all_over_the_scale(true: float, n: int) -> None:
    assert covered(one_by_one(true / 25), true, n, surveys=400) >= HOLDS


@pytest.mark.slow
@pytest.mark.parametrize("n", [8, 30, 100])
@pytest.mark.parametrize("population", [contented, divided])
def test_the_interval_covers_what_moods_and_gaps_make(population: Population, n: int) -> None:
    assert covered(population, truth(population), n, surveys=300) >= HOLDS


# -- whole sheets of one value: coverage is exact, as the survey is one binomial count ------------

TRUTHS = (25, 40, 60, 76.61, 88.31, 95, 98, 99, 99.4, 99.5)
SIZES = (5, 10, 30, 100)
KINDS = {"all 4 or all 1": (1, 4), "all 4 or all 3": (3, 4)}


def coverage(values: tuple[int, int], n: int) -> dict[float, float]:
    """True index → how often the interval of n sheets, each all of one of two values, holds it."""
    least, most = values
    ends = [interval_from({(least,) * 9: n - k, (most,) * 9: k}) for k in range(n + 1)]
    found = {}
    for true in TRUTHS:
        share = (true / 25 - least) / (most - least)
        if 0 <= share <= 1:
            found[true] = sum(
                comb(n, k) * share**k * (1 - share) ** (n - k)
                for k, end in enumerate(ends)
                if end is not None and float(end[0]) <= true <= float(end[1])
            )
    return found


@pytest.fixture(scope="module")
def exact() -> dict[tuple[str, int], dict[float, float]]:
    return {(kind, n): coverage(KINDS[kind], n) for kind in KINDS for n in SIZES}


def test_the_interval_holds_for_whole_sheets_of_one_value(exact) -> None:
    assert all(share >= HOLDS for each in exact.values() for share in each.values()), exact


def test_the_table_in_the_docs_is_what_is_reckoned(exact) -> None:
    said = (Path(__file__).parents[2] / "docs" / "survey.md").read_text(encoding="utf-8")
    for kind, n in exact:
        cells = " | ".join(
            f"{100 * exact[kind, n][true]:.1f}" if true in exact[kind, n] else "–"
            for true in TRUTHS
        )
        assert f"| {kind} | {n} | {cells} |" in said


# -- its shape -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "low"), [(5, "60.86"), (30, "91.32"), (300, "99.08")])
def test_nothing_but_fours_leaves_room_below(n: int, low: str) -> None:
    """By hand, Clopper & Pearson: 25 + 75 × 0.025 ** (1 / n)."""
    assert interval_from({(4,) * 9: n}) == (Decimal(low), Decimal("100.00"))
    mean = mean_interval({4: n})
    assert mean is not None
    assert (round(mean[0] * 25, 2), mean[1]) == (float(low), 4)


def test_nothing_but_ones_leaves_room_above() -> None:
    assert interval_from({(1,) * 9: 30}) == (Decimal("25.00"), Decimal("33.68"))


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 9), min_size=LEAST_SAMPLE, max_size=30))
def test_it_lies_on_the_scale_and_around_the_index(people: list[tuple[int, ...]]) -> None:
    patterns = Counter(people)
    for weights in Weights:
        found = interval_from(patterns, weights)
        ikm = index_of(answers_of(patterns), weights).ikm
        if found is None or ikm is None:
            continue
        least, most = (float(value * 9 * weights.each * 25) for value in (1, 4))
        assert least - 0.005 <= float(found[0]) <= float(ikm) + 0.005
        assert float(ikm) - 0.005 <= float(found[1]) <= most + 0.005


def a_survey(n: int = 40) -> Sequence[Answers]:
    rng = random.Random(3)
    return [contented(rng) for _ in range(n)]


def test_the_same_answers_give_the_same_interval_in_any_order() -> None:
    first = interval_of(a_survey())
    assert first == interval_of(a_survey()[::-1])
    assert first is not None
    ikm = index_of(a_survey()).ikm
    assert ikm is not None
    assert first[0] < ikm < first[1]


SPARSE: Patterns = {
    (3, 3, 2, 1, 3, 3, 4, 2, 3): 1,
    (4, 4, 3, 0, 4, 4, 4, 3, 3): 6,
    (1, 2, 2, 0, 1, 0, 2, 1, 1): 4,
    (2, 1, 4, 4, 0, 2, 1, 4, 2): 1,
}
"""Twelve people, of whom two say what the cost is worth."""


def answers_of(patterns: Patterns) -> list[Answers]:
    return [
        Answers({u: value for u, value in zip(Unsur, key, strict=True) if value})
        for key, often in patterns.items()
        for _ in range(often)
    ]


@pytest.mark.parametrize(
    ("weights", "level", "ends"),
    [
        (Weights.EXACT, 0.95, ("51.64", "84.15")),
        (Weights.ROUNDED, 0.95, ("51.12", "83.31")),
        (Weights.THOUSANDTHS, 0.95, ("51.58", "84.06")),
        (Weights.EXACT, 0.8, ("56.08", "80.64")),
    ],
)
def test_an_interval_once_published_can_be_reckoned_again(
    weights: Weights, level: float, ends: tuple[str, str]
) -> None:
    expected = tuple(Decimal(end) for end in ends)
    assert interval_from(SPARSE, weights, level=level) == expected
    assert interval_of(answers_of(SPARSE), weights, level=level) == expected


def test_more_respondents_make_it_narrower() -> None:
    widths = []
    for n in (20, 80, 320):
        found = interval_of(a_survey(n))
        assert found is not None
        widths.append(found[1] - found[0])
    assert widths[0] > widths[1] * Decimal("1.5") > widths[2] * Decimal("2.25")


def test_the_printed_weight_makes_it_one_per_cent_lower() -> None:
    exact, older = interval_of(a_survey()), interval_of(a_survey(), Weights.ROUNDED)
    assert exact is not None
    assert older is not None
    for a, b in zip(exact, older, strict=True):
        assert abs(a * Decimal("0.99") - b) <= Decimal("0.01")


def test_there_is_none_where_there_is_nothing_to_say() -> None:
    assert interval_of([]) is None
    assert interval_of(a_survey(LEAST_SAMPLE - 1)) is None
    assert interval_of(a_survey(LEAST_SAMPLE)) is not None
    silent = [Answers({u: 4 for u in Unsur if u is not Unsur.COST}) for _ in range(30)]
    assert interval_of(silent) is None
    assert interval_from({(0, *(3,) * 8): 40}) is None


def test_who_answered_nothing_does_not_make_it_surer() -> None:
    assert interval_from({**SPARSE, (0,) * 9: 100}) == interval_from(SPARSE)
    assert interval_from({(4,) * 9: 4, (0,) * 9: 100}) is None


# -- the mean of one unsur -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "level", "ends"),
    [
        ({4: 5}, 0.8, (1 + 3 * 0.1 ** (1 / 5), 4)),
        ({1: 4, 4: 1}, 0.95, (1 + 3 * 0.005051, 1 + 3 * 0.716418)),  # Clopper & Pearson, 1 of 5
        ({1: 3, 4: 7}, 0.95, (1 + 3 * 0.347547, 1 + 3 * 0.933261)),  # and 7 of 10
    ],
)
def test_the_interval_of_two_values_is_that_of_clopper_and_pearson(
    counts: dict[int, int], level: float, ends: tuple[float, float]
) -> None:
    assert mean_interval(counts, level=level) == pytest.approx(ends, abs=1e-5)


def test_an_unsurs_mean_has_none_for_too_few() -> None:
    assert mean_interval({1: 4}) is None
    assert mean_interval({}) is None


# -- the beta distribution -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "value"),
    [
        (1, 5, 0.0050507634),
        (5, 1, 0.4781762499),
        (0.5, 0.5, 0.0015413331),
        (30, 2, 0.8329788838),
        (1900, 3, 0.9962067447),
        (3000, 2500, 0.5322812389),
        (40, 90, 0.2316259574),
    ],
)
def test_quantiles_of_the_beta_distribution(a: float, b: float, value: float) -> None:
    """As SciPy 1.16 gives them."""
    assert beta_quantile(0.025, a, b) == pytest.approx(value, abs=1e-6)
    assert beta_quantile(0.975, b, a) == pytest.approx(1 - value, abs=1e-6)


@given(st.floats(0.01, 0.99), st.floats(0.05, 1_900), st.floats(0.05, 1_900))
def test_a_quantile_has_its_share_below(share: float, a: float, b: float) -> None:
    x = beta_quantile(share, a, b)
    assert beta_share(x - 2e-9, a, b) <= share <= beta_share(x + 2e-9, a, b)
