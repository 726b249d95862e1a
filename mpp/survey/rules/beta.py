"""Quantiles of the beta distribution, whose values lie between 0 and 1, as shares of a scale do."""

from collections.abc import Iterator
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_LARGE = 2_000
"""Parameters above which two terms of Cornish & Fisher are closer than anybody reads."""
_TINY = 1e-300
_STEPS = 60


def beta_quantile(share: float, a: float, b: float) -> float:
    """Below which value the `share` (above 0, below 1) of a beta distribution lies; `a` and `b` above 0."""
    mean, whole = a / (a + b), a + b
    spread = sqrt(mean * (1 - mean) / (whole + 1))
    z = _NORMAL.inv_cdf(share)
    if min(a, b) > _LARGE:
        skew = 2 * (b - a) * sqrt(whole + 1) / ((whole + 2) * sqrt(a * b))
        return mean + spread * (z + skew * (z * z - 1) / 6)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_share(middle, a, b) < share else (low, middle)
        if high - low < 1e-9:
            break
    return (low + high) / 2


def quantile_between(share: float, mean: float, variance: float) -> float:
    """The same of the beta distribution with this mean, from 0 to 1, and this variance."""
    if variance <= 0 or not 0 < mean < 1:
        return mean
    # No wider than what is at either end and nowhere between: an approximate variance may be.
    room = max(mean * (1 - mean) / variance - 1, 1e-3)
    return beta_quantile(share, mean * room, (1 - mean) * room)


def beta_share(x: float, a: float, b: float) -> float:
    """The share of a beta distribution below `x`: the regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of DLMF 8.17.22, by the modified method of Lentz."""
    c, d = 1.0, 0.0
    value = 1.0
    for term in _terms(x, a, b):
        d = 1 / _not_zero(1 + term * d)
        c = _not_zero(1 + term / c)
        value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return 1 / value


def _terms(x: float, a: float, b: float) -> Iterator[float]:
    """As many as are ever needed for parameters of which one is not large."""
    for m in range(10_000):
        if m:
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
