"""How sure an index is: a bootstrap interval over respondents.

Respondents are drawn again with replacement, the index is computed from each draw, and the interval is cut
from those indices at quantiles widened for small samples (the "expanded percentile interval" of Hesterberg,
"What Teachers Should Know About the Bootstrap", The American Statistician 69:4, 2015): the plain percentile
interval is too narrow by √((n−1)/n) and takes the normal for Student's distribution. The draw is seeded, so
the same answers give the same interval.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING

from mpp.survey.rules.index import SCALE, Weights
from mpp.survey.rules.unsur import Answers, Unsur

if TYPE_CHECKING:
    from numpy.typing import NDArray

Interval = tuple[Decimal, Decimal]
Patterns = Mapping[tuple[int, ...], int]
"""Values in the order of `Unsur`, 0 where not answered → how many respondents gave them."""
DRAWS = 4_000
LEAST_SAMPLE = 5
"""Respondents below which no interval is given: `student` holds from four degrees of freedom on."""
_NORMAL = NormalDist()
_CHUNK = 2_000_000  # numbers drawn at a time: 16 MB


def interval_of(
    respondents: Sequence[Answers],
    weights: Weights = Weights.EXACT,
    *,
    level: float = 0.95,
    seed: int = 14_2017,
) -> Interval | None:
    """(low, high) of the index with two decimals; None for too few respondents or an unanswered unsur.

    A draw in which an unsur has no answer takes that unsur's mean from the whole sample.
    """
    patterns = Counter(tuple(each.values.get(u, 0) for u in Unsur) for each in respondents)
    return interval_from(patterns, weights, level=level, seed=seed)


def interval_from(
    patterns: Patterns,
    weights: Weights = Weights.EXACT,
    *,
    level: float = 0.95,
    seed: int = 14_2017,
) -> Interval | None:
    """The same from patterns of answers with how often each was given."""
    import numpy as np  # noqa: PLC0415 - a quarter of a mall's start, for a figure of its reports

    n = sum(patterns.values())
    if n < LEAST_SAMPLE:
        return None
    values = np.array(sorted(patterns), dtype=float).reshape(-1, len(Unsur))
    often = np.array([patterns[key] for key in sorted(patterns)], dtype=float)
    answered = (values > 0).astype(float)
    whole = often @ answered
    if not whole.all():
        return None
    means = (often @ values) / whole
    rng = np.random.default_rng(seed)
    indices: list[NDArray[np.float64]] = []
    at_once = max(1, _CHUNK // len(often))
    for start in range(0, DRAWS, at_once):
        drawn = rng.multinomial(n, often / n, size=min(at_once, DRAWS - start)).astype(float)
        counts = drawn @ answered
        nrr = np.where(counts > 0, (drawn @ values) / np.maximum(counts, 1), means)
        indices.append(nrr.sum(axis=1) * float(weights.each) * SCALE)
    tail = _widened((1 - level) / 2, n)
    low, high = np.quantile(np.concatenate(indices), [tail, 1 - tail])
    return _two_decimals(low), _two_decimals(high)


def near_interval(
    patterns: Patterns, weights: Weights = Weights.EXACT, *, level: float = 0.95
) -> Interval | None:
    """An interval without drawing, for many small tables: Student's, around the linearised index.

    A respondent's influence on the index is Σ weight × (value − mean) / respondents of that unsur.
    """
    n = sum(patterns.values())
    answered = [
        sum(often for key, often in patterns.items() if key[at]) for at in range(len(Unsur))
    ]
    if n < LEAST_SAMPLE or not all(answered):
        return None
    sums = [sum(key[at] * often for key, often in patterns.items()) for at in range(len(Unsur))]
    means = [total / count for total, count in zip(sums, answered, strict=True)]
    scale = float(weights.each) * SCALE
    spread = 0.0
    for key, often in patterns.items():
        pulls = [
            (value - mean) / count
            for value, mean, count in zip(key, means, answered, strict=True)
            if value
        ]
        spread += often * (scale * sum(pulls)) ** 2
    half = student(1 - (1 - level) / 2, n - 1) * (spread * n / (n - 1)) ** 0.5
    middle = sum(means) * scale
    return _two_decimals(middle - half), _two_decimals(middle + half)


def mean_interval(counts: Mapping[int, int], *, level: float = 0.95) -> tuple[float, float] | None:
    """Student's interval of the mean of values 1 … 4, given how often each; None for too few."""
    n = sum(counts.values())
    if n < LEAST_SAMPLE:
        return None
    mean = sum(value * often for value, often in counts.items()) / n
    variance = sum(often * (value - mean) ** 2 for value, often in counts.items()) / (n - 1)
    half = student(1 - (1 - level) / 2, n - 1) * (variance / n) ** 0.5
    return max(1.0, mean - half), min(4.0, mean + half)


def _widened(tail: float, n: int) -> float:
    """The share to cut off at each end so that n respondents are covered as they should be."""
    return _NORMAL.cdf(-((n / (n - 1)) ** 0.5) * student(1 - tail, n - 1))


def student(p: float, degrees: int) -> float:
    """Student's t quantile (Fisher & Cornish 1960, four terms: to 0.01 from four degrees on)."""
    z = _NORMAL.inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum((term / degrees**power for power, term in enumerate(terms, start=1)), 0.0)


def _two_decimals(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))
