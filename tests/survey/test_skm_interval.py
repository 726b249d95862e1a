"""The interval of the index: it covers the truth as often as it says, and is the same every time."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from statistics import NormalDist

import pytest

from mpp.survey.rules import interval
from mpp.survey.rules.index import Weights, index_of
from mpp.survey.rules.interval import (
    LEAST_SAMPLE,
    Patterns,
    interval_from,
    interval_of,
    mean_interval,
    student,
)
from mpp.survey.rules.unsur import Answers, Unsur

Population = Callable[[random.Random], Answers]


def contented(rng: random.Random) -> Answers:
    """A person's mood moves all nine answers together; most are content."""
    mood = rng.gauss(0, 0.5)
    return Answers({u: min(4, max(1, round(3.2 + mood + rng.gauss(0, 0.5)))) for u in Unsur})


def divided(rng: random.Random) -> Answers:
    """Two kinds of people, and many who leave questions out."""
    likes = rng.random() < 0.6
    values = {u: rng.choice((3, 4, 4) if likes else (1, 2, 3)) for u in Unsur}
    return Answers({u: v for u, v in values.items() if rng.random() < 0.8})


TRUTH_OF = 40_000


def truth(population: Population) -> float:
    rng = random.Random(7)
    found = index_of([population(rng) for _ in range(TRUTH_OF)])
    assert found.ikm is not None
    return float(found.ikm)


@pytest.mark.slow
@pytest.mark.parametrize(("population", "n"), [(contented, 60), (divided, 100)])
def test_the_interval_covers_the_truth_as_often_as_it_says(
    population: Population, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """93 to 97 of a hundred surveys; few draws each, as only the ends matter here."""
    monkeypatch.setattr(interval, "DRAWS", 800)
    rng, true, covered, surveys = random.Random(1), truth(population), 0, 400
    for number in range(surveys):
        found = interval_of([population(rng) for _ in range(n)], seed=number)
        assert found is not None
        covered += float(found[0]) <= true <= float(found[1])
    assert 0.93 <= covered / surveys <= 0.97, covered


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
"""Twelve people, of whom two say what the cost is worth: many draws have neither of them."""


@pytest.mark.parametrize(
    ("weights", "level", "ends"),
    [
        (Weights.EXACT, 0.95, ("55.60", "82.42")),
        (Weights.ROUNDED, 0.95, ("55.05", "81.60")),
        (Weights.EXACT, 0.8, ("60.63", "78.19")),
    ],
)
def test_an_interval_once_published_can_be_drawn_again(
    weights: Weights, level: float, ends: tuple[str, str]
) -> None:
    """Reports keep theirs. Should this fail after an update of NumPy, its generator draws otherwise."""
    expected = tuple(Decimal(end) for end in ends)
    assert interval_from(SPARSE, weights, level=level) == expected
    people = [
        Answers({u: value for u, value in zip(Unsur, key, strict=True) if value})
        for key, often in SPARSE.items()
        for _ in range(often)
    ]
    assert interval_of(people, weights, level=level) == expected
    if level == 0.95:
        assert interval_from(SPARSE, weights) == interval_of(people, weights) == expected
    assert interval_from(SPARSE, weights, level=level, seed=1) != expected
    assert interval_of(people, weights, level=level, seed=1) != expected


@pytest.mark.parametrize("chunk", [1, 28, 4_000])
def test_an_interval_is_the_same_drawn_in_one_go_or_in_many(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interval, "DRAWS", 100)
    whole = interval_from(SPARSE)
    monkeypatch.setattr(interval, "_CHUNK", chunk)
    assert interval_from(SPARSE) == whole


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


@pytest.mark.parametrize(
    ("degrees", "value"), [(4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (1_000, 1.962)]
)
def test_students_quantiles_are_those_of_the_tables(degrees: int, value: float) -> None:
    assert student(0.975, degrees) == pytest.approx(value, abs=0.01)
    assert student(0.025, degrees) == pytest.approx(-value, abs=0.01)


@pytest.mark.parametrize(
    ("p", "degrees", "value"),
    [
        (0.9, 4, 1.5331302352),
        (0.975, 4, 2.7755822242),
        (0.995, 5, 4.0289713913),
        (0.975, 9, 2.2621435754),
    ],
)
def test_the_four_terms_have_the_published_coefficients(
    p: float, degrees: int, value: float
) -> None:
    """Reckoned in fractions from Abramowitz & Stegun, 26.7.5."""
    assert student(p, degrees) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "level", "ends"),
    [
        ({2: 5, 3: 5}, 0.95, (2.123, 2.877)),  # 2.5 ± 2.262 × √(0.2778 / 10)
        ({2: 5, 3: 5}, 0.8, (2.2695, 2.7305)),  # 2.5 ± 1.383 × √(0.2778 / 10)
        ({1: 1, 2: 5, 3: 6, 4: 2}, 0.95, (2.1568, 3.129)),  # 2.6429 ± 2.160 × √(0.7088 / 14)
        ({4: 4, 1: 1}, 0.95, (1.7347, 4)),  # 3.4 ± 2.776 × √(1.8 / 5)
        ({1: 4, 4: 1}, 0.95, (1, 3.2653)),
    ],
)
def test_the_interval_of_a_mean_is_students_inside_the_scale(
    counts: dict[int, int], level: float, ends: tuple[float, float]
) -> None:
    assert mean_interval(counts, level=level) == pytest.approx(ends, abs=1e-4)
    if level == 0.95:
        assert mean_interval(counts) == pytest.approx(ends, abs=1e-4)


def test_with_endless_respondents_it_is_the_normal() -> None:
    assert student(0.975, 10**9) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-6)
