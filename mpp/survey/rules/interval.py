"""How sure an index is: an interval that holds up to the ends of the scale.

Answers lie on a scale with two ends, and most surveys near the upper one. There what is not in a small
sample matters most: thirty respondents who gave nothing but fours do not prove that nobody gives less.
Intervals made of the sample alone (Student's, the bootstrap's) end where the sample does. So for the low
end one more respondent is counted who gave the lowest value everywhere, for the high end one who gave the
highest, and all of them are weighed at random (Gaffke, "Three test statistics for a nonparametric one-sided
hypothesis on the mean of a nonnegative variable", Math. Methods Statist. 14:451–467, 2005; Learned-Miller &
Thomas, "A New Confidence Interval for the Mean of a Bounded Random Variable", arXiv:1905.06208, 2019).
Nothing is drawn: the weighed mean is taken for beta distributed, with the mean and variance that it has,
which makes the interval of two values exactly that of Clopper & Pearson (Biometrika 26:404–413, 1934).
Where questions were left out, the variance is that of the linearised index.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from mpp.survey.rules.beta import quantile_between
from mpp.survey.rules.index import SCALE, Weights
from mpp.survey.rules.unsur import VALUES, Answers, Unsur

Interval = tuple[Decimal, Decimal]
Patterns = Mapping[tuple[int, ...], int]
"""Values in the order of `Unsur`, 0 where not answered → how many respondents gave them."""
LEAST_SAMPLE = 5
"""Respondents below which no interval is given: it would span most of the scale."""
_LOWEST, _HIGHEST = VALUES[0], VALUES[-1]
_RANGE = _HIGHEST - _LOWEST


def interval_of(
    respondents: Sequence[Answers], weights: Weights = Weights.EXACT, *, level: float = 0.95
) -> Interval | None:
    """(low, high) of the index with two decimals; None for too few respondents or an unanswered unsur."""
    patterns = Counter(tuple(each.values.get(u, 0) for u in Unsur) for each in respondents)
    return interval_from(patterns, weights, level=level)


def interval_from(
    patterns: Patterns, weights: Weights = Weights.EXACT, *, level: float = 0.95
) -> Interval | None:
    """The same from patterns of answers with how often each was given."""
    ends = _ends(patterns, level)
    if ends is None:
        return None
    scale = float(weights.each * len(Unsur) * SCALE)
    low, high = (_two_decimals(scale * end) for end in ends)
    return low, high


def mean_interval(counts: Mapping[int, int], *, level: float = 0.95) -> tuple[float, float] | None:
    """The same of the mean of values 1 … 4 of one unsur, given how often each; None for too few."""
    return _ends({(value,): often for value, often in counts.items()}, level)


def _ends(patterns: Patterns, level: float) -> tuple[float, float] | None:
    """Of the mean over the questions of their means, on the scale of the answers."""
    told = {key: often for key, often in patterns.items() if often and any(key)}
    n = sum(told.values())
    if n < LEAST_SAMPLE or not all(
        any(values) for values in zip(*told, strict=True)
    ):  # an unsur that nobody answered
        return None
    tail = (1 - level) / 2
    return _end(told, n, _LOWEST, tail), _end(told, n, _HIGHEST, 1 - tail)


def _end(patterns: Patterns, n: int, extreme: int, share: float) -> float:
    """Where the `share` of the means lies, when one more respondent gave the extreme everywhere."""
    questions = len(next(iter(patterns)))
    weighed = Counter(patterns)
    weighed[(extreme,) * questions] += 1
    places = range(questions)
    answered = [sum(often for key, often in weighed.items() if key[at]) for at in places]
    sums = [sum(key[at] * often for key, often in weighed.items()) for at in places]
    means = [total / count for total, count in zip(sums, answered, strict=True)]
    mean = (sum(means) / questions - _LOWEST) / _RANGE
    spread = 0.0
    for key, often in weighed.items():
        pull = sum(
            (value - middle) / count
            for value, middle, count in zip(key, means, answered, strict=True)
            if value
        )
        spread += often * (pull / questions / _RANGE) ** 2
    variance = spread * (n + 1) / (n + 2)
    return _LOWEST + _RANGE * quantile_between(share, mean, variance)


def _two_decimals(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))
