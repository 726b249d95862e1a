"""A histogram of durations that can be merged, with quantiles of a stated error.

Buckets grow by a constant factor, as in DDSketch (Masson, Rim, Lee, PVLDB 12:12, 2019): whatever the
duration, the bucket tells it with the same relative error. Their bounds are whole microseconds made by
whole-number arithmetic, so every machine puts a duration into the same bucket; count, sum, least and
most are exact. So adding up parts in any order gives the same histogram as the whole.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

ERROR = 0.01
"""A quantile is at most so far from the exact one, relatively …"""
FINEST_US = 1_000
"""… or by so much where it is less than this."""
_LONGEST_US = 10**17  # three thousand years


def _bounds() -> tuple[int, ...]:
    """Upper bounds, each at most 2 % above the one before: half of that is the error."""
    bounds = [FINEST_US]
    while bounds[-1] < _LONGEST_US:
        bounds.append(bounds[-1] * 102 // 100)
    return tuple(bounds)


BOUNDS = _bounds()
_TYPICAL = (0, *(2 * low * high // (low + high) for low, high in pairwise(BOUNDS)), _LONGEST_US)
"""Equally far from both bounds, relatively."""

Packed = tuple[int, int, int, list[int], list[int]]
"""Sum, least, most; buckets, each but the first as its distance from the one before; their counts."""


def bucket_of(us: int) -> int:
    """The bucket that holds a duration, whole microseconds."""
    return bisect_left(BOUNDS, us)


@dataclass(slots=True)
class Histogram:
    """Durations, whole microseconds. Few buckets hold anything, so only those are kept."""

    counts: dict[int, int] = field(default_factory=dict)
    """Bucket → how many."""
    n: int = 0
    sum_us: int = 0
    least_us: int = 0
    most_us: int = 0

    def add(self, us: int, bucket: int | None = None) -> None:
        """`bucket`: the duration's own, where it is known already."""
        place = bucket_of(us) if bucket is None else bucket
        self.counts[place] = self.counts.get(place, 0) + 1
        self.least_us = min(self.least_us, us) if self.n else us
        self.most_us = max(self.most_us, us)
        self.n += 1
        self.sum_us += us

    def merge(self, other: "Histogram") -> None:
        """Count everything that the other has counted."""
        if not other.n:
            return
        counts = self.counts
        for place, count in other.counts.items():
            counts[place] = counts.get(place, 0) + count
        self.least_us = min(self.least_us, other.least_us) if self.n else other.least_us
        self.most_us = max(self.most_us, other.most_us)
        self.n += other.n
        self.sum_us += other.sum_us

    def steps(self) -> Iterator[tuple[int, float, int]]:
        """(bucket, its duration in seconds, how many), from the shortest to the longest."""
        for place in sorted(self.counts):
            yield place, self.seconds(place), self.counts[place]

    def seconds(self, place: int) -> float:
        """What a duration in this bucket is taken for."""
        return min(max(_TYPICAL[place], self.least_us), self.most_us) / 1_000_000

    @property
    def mean_s(self) -> float | None:
        return self.sum_us / self.n / 1_000_000 if self.n else None

    def quantiles(self, shares: Sequence[float]) -> list[float] | None:
        """Type 7, as the exact ones; each at most `ERROR` away from it, relatively. None when empty."""
        if not self.n:
            return None
        places = sorted(self.counts)
        upto = list(accumulate(self.counts[place] for place in places))

        def ranked(rank: int) -> float:
            if rank in (0, self.n - 1):
                return (self.most_us if rank else self.least_us) / 1_000_000
            return self.seconds(places[bisect_left(upto, rank + 1)])

        return [_between(ranked, self.n, share) for share in shares]

    def pack(self) -> Packed:
        places = sorted(self.counts)
        distances = [b - a for a, b in pairwise([0, *places])]
        counts = [self.counts[place] for place in places]
        return self.sum_us, self.least_us, self.most_us, distances, counts

    def absorb(self, packed: Packed) -> None:
        """Count everything that was packed, without unpacking it first."""
        sum_us, least_us, most_us, distances, numbers = packed
        places = accumulate(distances)
        if not self.n:
            self.counts = dict(zip(places, numbers, strict=True))
            self.least_us = least_us
        else:
            counts = self.counts
            known = counts.get
            for place, number in zip(places, numbers, strict=True):
                counts[place] = known(place, 0) + number
            self.least_us = min(self.least_us, least_us)
        self.most_us = max(self.most_us, most_us)
        self.n += sum(numbers)
        self.sum_us += sum_us

    @classmethod
    def unpack(cls, packed: Packed) -> "Histogram":
        made = cls()
        made.absorb(packed)
        return made


def _between(ranked: Callable[[int], float], n: int, share: float) -> float:
    """Linear between the two neighbours, as `forecast.quantile` does it with the values themselves."""
    position = share * (n - 1)
    below = int(position)
    low, high = ranked(below), ranked(min(below + 1, n - 1))
    return low + (high - low) * (position - below)
