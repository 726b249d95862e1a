"""How long somebody will wait: a range learned from this service's recent past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ENOUGH = 20
"""Fewer recent waits than this are too thin to promise anything from."""

COVERAGE = 0.9


@dataclass(frozen=True)
class Observed:
    """A wait that ended in a call: how many stood ahead at issue, how many counters were open."""

    ahead: int
    open_counters: int
    wait_s: float

    @property
    def pace(self) -> float:
        """Seconds of wait per place in the queue, per open counter."""
        return max(self.wait_s, 0.0) * max(self.open_counters, 1) / (self.ahead + 1)


@dataclass(frozen=True)
class ExpectedWait:
    """Seconds: nine of ten recent waits, scaled to this place, lay between `low_s` and `high_s`."""

    low_s: int
    mid_s: int
    high_s: int


@dataclass(frozen=True)
class Standing:
    """Where a waiting ticket stands."""

    people_ahead: int | None
    expected: ExpectedWait | None


NOWHERE = Standing(None, None)


def paces_of(recent: Iterable[Observed]) -> Sequence[float]:
    """Recent waits as paces, slowest last."""
    return sorted(each.pace for each in recent)


def expected_wait(paces: Sequence[float], *, ahead: int, open_counters: int) -> ExpectedWait | None:
    """The wait of somebody with `ahead` people in front and `open_counters` serving.

    `paces`: those of the service's recent waits, in order. The range is the pace's empirical 5 %,
    50 % and 95 % points times this place. None when fewer than `ENOUGH` waits are known, or when no
    counter is open: then nobody knows, and we say so.
    """
    if len(paces) < ENOUGH or open_counters < 1:
        return None
    scale = (ahead + 1) / open_counters
    low, mid, high = (
        round(quantile(paces, share) * scale)
        for share in ((1 - COVERAGE) / 2, 0.5, (1 + COVERAGE) / 2)
    )
    return ExpectedWait(low, mid, high)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The `share` quantile of values in order, linear between neighbours (Hyndman-Fan type 7).

    >>> quantile([1.0, 2.0, 3.0], 0.5)
    2.0
    """
    if not ordered:
        raise ValueError("no values")
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
