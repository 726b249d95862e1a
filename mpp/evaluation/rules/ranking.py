"""Which ranks an index can have: what a handful of users said by chance is not ranked.

The evaluator's levels are no sample; users' answers are. Their mean has the interval of the satisfaction
survey (`survey/rules/interval.py`): one more user is counted who answered 0 or `TOP` everywhere, and the
weighed mean is taken for beta distributed. A unit is below another for sure where their intervals do not
meet, so its rank is a range: from one below all that are surely better, down to one above all that are
surely worse (Goldstein & Spiegelhalter, "League tables and their limitations", JRSS A 159:385–443, 1996).
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from mpp.evaluation.rules.evaluation import Answers, Evaluation
from mpp.evaluation.rules.instrument import TOP
from mpp.survey.rules.beta import quantile_between
from mpp.survey.rules.index import round_half_up

Interval = tuple[Decimal, Decimal]
TAIL = 0.025


def interval_of(evaluation: Evaluation) -> Interval:
    """Where the index would lie had everybody answered, in 95 of 100; two decimals.

    A point where no user's answer counts: what the evaluator gave is no sample.
    """
    score = evaluation.score
    if score.f03 is None:
        return score.ipp, score.ipp
    users = Fraction(evaluation.instrument.f03_share)
    ends = (_end(evaluation.users, 0, TAIL), _end(evaluation.users, TOP, 1 - TAIL))
    low, high = (round_half_up(score.f02_share * score.f02 + users * Fraction(end)) for end in ends)
    return low, high


def ranks_of(intervals: Sequence[Interval]) -> list[tuple[int, int]]:
    """The best and the worst rank that each can have, from 1.

    >>> ranks_of([(Decimal(4), Decimal(5)), (Decimal(3), Decimal(4)), (Decimal(1), Decimal(2))])
    [(1, 2), (1, 2), (3, 3)]
    """
    return [
        (
            1 + sum(other[0] > high for other in intervals),
            len(intervals) - sum(other[1] < low for other in intervals),
        )
        for low, high in intervals
    ]


def _end(users: Answers, extreme: int, share: float) -> float:
    """Where the `share` of the means of all answers lies, with one more user who answered `extreme`."""
    given = [[each for each in row if each is not None] for row in users]
    rows = [(sum(row), len(row)) for row in given if row]
    asked = max(len(row) for row in given)
    rows.append((extreme * asked, asked))
    total, answers = sum(each for each, _ in rows), sum(n for _, n in rows)
    mean = total / answers
    spread = sum(((each - mean * n) / answers) ** 2 for each, n in rows) / TOP**2
    return TOP * quantile_between(share, mean / TOP, spread * len(rows) / (len(rows) + 1))
