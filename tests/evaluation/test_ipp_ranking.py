"""Ranks of evaluations: sure ones only, and a mean of few users' answers with its interval."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.evaluation.rules.evaluation import Answers, Evaluation
from mpp.evaluation.rules.ranking import interval_of, ranks_of
from mpp.evaluation.rules.score import WithoutUsers
from mpp.evaluation.rules.standing import Judged

TENTHS = st.integers(0, 50).map(lambda n: Decimal(n) / 10)
INTERVALS = st.lists(st.tuples(TENTHS, TENTHS).map(lambda it: (min(it), max(it))), max_size=8)


def judged(level: int, users: Answers, without: WithoutUsers = WithoutUsers.ZERO) -> Evaluation:
    return Evaluation(
        mall_id=1, id=1, year=2026, unit="A", instrument_key="pekppp-2023", variant_name="A",
        without_users=without, judged={n: Judged(level=level) for n in range(1, 31)}, users=users,
    )  # fmt: skip


@given(INTERVALS)
def test_a_rank_is_between_those_surely_better_and_those_surely_worse(found) -> None:
    for (best, worst), (low, high) in zip(ranks_of(found), found, strict=True):
        assert 1 <= best <= worst <= len(found)
        assert best - 1 == len([other for other in found if other[0] > high])
        assert len(found) - worst == len([other for other in found if other[1] < low])


def test_ranks_without_doubt_are_those_of_a_list() -> None:
    points = [(Decimal(n), Decimal(n)) for n in (3, 5, 1, 5)]
    assert ranks_of(points) == [(3, 3), (1, 2), (4, 4), (1, 2)]


@pytest.mark.parametrize(("users", "low"), [(1, "3.78"), (5, "4.35"), (40, "4.89")])
def test_few_users_leave_the_index_unsure(users: int, low: str) -> None:
    """All answer 5. By hand, Clopper & Pearson: 0.75 × 5 + 0.25 × 5 × 0.025 ** (1 / users)."""
    assert interval_of(judged(5, [[5] * 14] * users)) == (Decimal(low), Decimal(5))


def test_what_the_evaluator_gave_is_no_sample() -> None:
    alone = judged(4, [], WithoutUsers.EVALUATOR_ALONE)
    assert interval_of(alone) == (Decimal(4), Decimal(4))
    assert interval_of(judged(4, [])) == (Decimal(3), Decimal(3))
    assert interval_of(judged(4, [[None] * 14])) == (Decimal(3), Decimal(3))


@pytest.mark.parametrize("n", [3, 10, 40])
def test_it_covers_what_all_users_would_say(n: int) -> None:
    """Answers 4 or 5, and every fifth left out; the truth is 0.75 × 3 + 0.25 × 4.7."""
    rng, held = random.Random(3), 0
    for _ in range(60):
        users = [
            [None if rng.random() < 0.2 else 4 + (rng.random() < 0.7) for _ in range(14)]
            for _ in range(n)
        ]
        low, high = interval_of(judged(3, users))
        held += low <= Decimal("3.425") <= high
    assert held / 60 >= 0.93
