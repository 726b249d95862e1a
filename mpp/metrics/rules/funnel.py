"""Who keeps the promise more or less often than the mall does, beyond chance and beyond their services.

Indirect standardisation: a counter is compared with what the mall keeps **of the same services**, so that
a hard service is not held against whoever gives it. Given how many of each service were kept in the whole
mall, those kept at one counter follow, under chance alone, a sum of hypergeometric distributions, which
holds no unknown. Limits are its mid-P quantiles (Lancaster, "Significance tests in discrete distributions",
JASA 56:223–234, 1961), so that one in twenty lies outside by chance, as the limits say, and not fewer.

Given what was kept in all, that compares a unit with the others, not with itself. But one bad unit among
few pulls down what is expected of all, and the innocent seem too good. So the farthest unit beyond the
outer limits is left out of what the others are compared with, then the next, while most remain.

Waits in one queue are alike, so counts scatter more than chance: from `ENOUGH` units on, the limits are
widened by the scatter found between the units, its extremes pulled in (Spiegelhalter, "Funnel plots for
comparing institutional performance", Statistics in Medicine 24:1185–1202, 2005).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from mpp.metrics.rules.disclosure import hidden
from mpp.metrics.rules.figures import Key

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

LEVELS = (0.95, 0.998)
ENOUGH = 10
"""Units below which their scatter is not judged."""
WINSORISED = 0.1
"""So large a share of the units at either end is pulled in before the scatter is judged."""
_EXACT = 2_000
"""Spans up to which the distribution is exact; beyond, the normal one is as good."""
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Cell:
    """Spans of one service at one unit: how many were promised something, how many kept it."""

    judged: int
    kept: int


Cells = Mapping[Key, Mapping[Key, Cell]]
"""Unit → service → its cell. Every span of the mall lies in one of them."""


class Verdict(StrEnum):
    """Where a unit lies."""

    USUAL = "usual"
    """Within the 95 % limits: nothing that chance does not do."""
    NOTABLE = "notable"
    """Between the limits: one in twenty lies there by chance."""
    FAR = "far"
    """Beyond the 99.8 % limits."""
    ALONE = "alone"
    """Nobody else gives these services: there is nothing to compare with."""
    SMALL = "small"
    """Too few to be shown, or hidden with those: the mall's share is told."""


@dataclass(frozen=True)
class Limits:
    """Shares between which chance alone keeps a unit."""

    low: float
    high: float


@dataclass(frozen=True)
class Place:
    """One unit of the plot. Shares are of the spans that were promised something."""

    unit: Key
    judged: int
    verdict: Verdict
    share: float | None = None
    """As it is; None where it is not shown."""
    expected: float | None = None
    """What the mall, without units far from the others, keeps of the same services."""
    adjusted: float | None = None
    """The mall's share, plus by how much the unit's own is above what was expected of it."""
    inner: Limits | None = None
    outer: Limits | None = None
    """The 95 % and the 99.8 % limits of the adjusted share."""


@dataclass(frozen=True)
class Funnel:
    """The units, those with most spans first. `share`: the mall's; `dispersion`: 1 for chance alone."""

    places: Sequence[Place]
    share: float | None
    dispersion: float


@dataclass(frozen=True)
class _Unit:
    key: Key
    judged: int
    kept: int
    expected: float
    variance: float
    strata: Sequence[tuple[int, int, int]]
    """Of each service: all spans that it is compared with and its own, those kept of them, its own."""

    @property
    def is_alone(self) -> bool:
        """Nobody else gives any of its services."""
        return all(judged == n for judged, _kept, n in self.strata)

    @property
    def z(self) -> float:
        return (self.kept - self.expected) / sqrt(self.variance)


def funnel(cells: Cells) -> Funnel:
    """Where every unit lies."""
    whole = _whole(cells)
    judged, kept = (
        sum(getattr(each, name) for each in whole.values()) for name in ("judged", "kept")
    )
    if not judged:
        return Funnel([], None, 1.0)
    sizes = {key: sum(cell.judged for cell in cells[key].values()) for key in cells}
    unseen, share = hidden({key: n for key, n in sizes.items() if n}), kept / judged
    apart: set[Key] = set()
    while True:
        units = [_unit(key, cells, whole, apart) for key in sizes if sizes[key]]
        shown = [unit for unit in units if unit.variance > 0 and unit.key not in unseen]
        dispersion = _dispersion([unit.z for unit in shown])
        farthest = max(
            (unit for unit in shown if unit.key not in apart), key=lambda u: abs(u.z), default=None
        )
        if farthest is None or 2 * (len(apart) + 1) >= len(shown):
            break
        if _place(farthest, share, dispersion).verdict is not Verdict.FAR:
            break
        apart.add(farthest.key)
    places = [
        Place(unit.key, unit.judged, Verdict.SMALL)
        if unit.key in unseen
        else _place(unit, share, dispersion)
        for unit in sorted(units, key=lambda u: -u.judged)
    ]
    return Funnel(places, share, dispersion)


def _whole(cells: Cells) -> dict[Key, Cell]:
    """The mall's cell of each service."""
    whole: dict[Key, Cell] = {}
    for services in cells.values():
        for service, cell in services.items():
            known = whole.get(service, Cell(0, 0))
            whole[service] = Cell(known.judged + cell.judged, known.kept + cell.kept)
    return whole


def _unit(key: Key, cells: Cells, whole: Mapping[Key, Cell], apart: Set[Key]) -> _Unit:
    """A unit beside the mall without those set `apart`, but for services that nobody else gives then."""
    strata = []
    for service, cell in cells[key].items():
        if not cell.judged:
            continue
        gone = [cells[each].get(service, Cell(0, 0)) for each in apart if each != key]
        judged = whole[service].judged - sum(each.judged for each in gone)
        kept = whole[service].kept - sum(each.kept for each in gone)
        if judged == cell.judged:
            judged, kept = whole[service].judged, whole[service].kept
        strata.append((judged, kept, cell.judged))
    return _Unit(
        key,
        sum(cell.judged for cell in cells[key].values()),
        sum(cell.kept for cell in cells[key].values()),
        sum(n * kept / judged for judged, kept, n in strata),
        sum(_variance(*each) for each in strata),
        strata,
    )


def _variance(judged: int, kept: int, n: int) -> float:
    """Of a hypergeometric count."""
    if judged < 2:
        return 0.0
    share = kept / judged
    return n * share * (1 - share) * (judged - n) / (judged - 1)


def _dispersion(scores: Sequence[float]) -> float:
    """The mean square of the scores, extremes pulled in; never below 1, and 1 for a few units."""
    if len(scores) < ENOUGH:
        return 1.0
    ordered = sorted(scores)
    cut = int(len(ordered) * WINSORISED)
    low, high = ordered[cut], ordered[-1 - cut]
    return max(1.0, sum(min(max(z, low), high) ** 2 for z in ordered) / len(ordered))


def _place(unit: _Unit, share: float, dispersion: float) -> Place:
    own, expected = unit.kept / unit.judged, unit.expected / unit.judged
    adjusted = share + own - expected
    if unit.is_alone:
        return Place(unit.key, unit.judged, Verdict.ALONE, own, expected, adjusted)
    if unit.variance <= 0:  # what it shares with others is kept always, or never: all are alike
        sure = Limits(share, share)
        return Place(unit.key, unit.judged, Verdict.USUAL, own, expected, adjusted, sure, sure)
    counts = _limits(unit, dispersion)
    inner, outer = (
        Limits(*(share + (each - unit.expected) / unit.judged for each in pair)) for pair in counts
    )
    verdict = Verdict.USUAL
    if not counts[1][0] <= unit.kept <= counts[1][1]:
        verdict = Verdict.FAR
    elif not counts[0][0] <= unit.kept <= counts[0][1]:
        verdict = Verdict.NOTABLE
    return Place(unit.key, unit.judged, verdict, own, expected, adjusted, inner, outer)


def _limits(unit: _Unit, dispersion: float) -> list[tuple[float, float]]:
    """For each level the counts between which chance keeps the unit."""
    tails = [((1 - level) / 2, (1 + level) / 2) for level in LEVELS]
    if sum(n for _judged, _kept, n in unit.strata) > _EXACT:
        spread = sqrt(unit.variance)
        found = [
            (
                unit.expected + spread * _NORMAL.inv_cdf(low),
                unit.expected + spread * _NORMAL.inv_cdf(high),
            )
            for low, high in tails
        ]
    else:
        chances = _chances(unit.strata)
        found = [(_cut(chances, low), _cut(chances, high)) for low, high in tails]
    wider = sqrt(dispersion)
    return [
        (
            unit.expected + wider * (low - unit.expected),
            unit.expected + wider * (high - unit.expected),
        )
        for low, high in found
    ]


def _chances(strata: Sequence[tuple[int, int, int]]) -> "NDArray[float64]":
    """The distribution of the kept ones: a sum over the services."""
    import numpy as np  # noqa: PLC0415 - it takes a tenth of a second, and few ask for it

    chances = np.ones(1)
    for judged, kept, n in strata:
        least, most = max(0, n + kept - judged), min(n, kept)
        own = np.zeros(most + 1)
        own[least:] = _hypergeometric(judged, kept, n, least, most)
        chances = np.convolve(chances, own)
    return chances


def _hypergeometric(judged: int, kept: int, n: int, least: int, most: int) -> "NDArray[float64]":
    """The chances of least … most kept ones among `n` drawn."""
    import numpy as np  # noqa: PLC0415

    ratios = [
        (kept - k) * (n - k) / ((k + 1) * (judged - kept - n + k + 1)) for k in range(least, most)
    ]
    logs = np.concatenate(([0.0], np.cumsum(np.log(ratios)))) if ratios else np.zeros(1)
    chances: NDArray[float64] = np.exp(logs - logs.max())
    chances /= chances.sum()
    return chances


def _cut(chances: "NDArray[float64]", share: float) -> float:
    """The quantile of the mid-distribution, linear between whole counts; never beyond what can happen.

    A count lies outside it just when half of its own chance and all beyond it are rarer than the tail.
    """
    import numpy as np  # noqa: PLC0415

    places = np.flatnonzero(chances > 0)
    own = chances[places]
    return float(np.interp(share, np.cumsum(own) - own / 2, places))
