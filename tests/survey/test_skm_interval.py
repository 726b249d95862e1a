"""The interval of the index: it covers the truth as often as it says, and is the same every time."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from statistics import NormalDist

import pytest

from mpp.survey.rules import interval
from mpp.survey.rules.index import Weights, index_of
from mpp.survey.rules.interval import LEAST_SAMPLE, interval_of, student
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
    silent = [Answers({u: 4 for u in Unsur if u is not Unsur.COST}) for _ in range(30)]
    assert interval_of(silent) is None


@pytest.mark.parametrize(
    ("degrees", "value"), [(4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (1_000, 1.962)]
)
def test_students_quantiles_are_those_of_the_tables(degrees: int, value: float) -> None:
    assert student(0.975, degrees) == pytest.approx(value, abs=0.01)
    assert student(0.025, degrees) == pytest.approx(-value, abs=0.01)


def test_with_endless_respondents_it_is_the_normal() -> None:
    assert student(0.975, 10**9) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-6)
