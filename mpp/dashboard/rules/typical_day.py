"""What a day usually brings by each hour, or what a manager expects of it, beside what it has brought.

Typical is what the last `MOST_DAYS` days of the same weekday brought: their median, and a range from the
lowest to the highest of them. Of n such days and one more of the same kind each is as likely to be the
highest, so the next one lies in the range with probability (n − 1)/(n + 1), whatever the distribution
(Wilks, "Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics 12,
1941): 7 of 9 for eight days. Below `FEWEST` days (3 of 5) no range is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from statistics import median

MOST_DAYS = 8
FEWEST = 4
"""Days below which no range is given."""
WEEKS = 26
"""So far back is looked for them: what was longer ago was another mall."""


@dataclass(frozen=True)
class PastDay:
    """What a day brought. `issued`: hour (0–23) → numbers taken; the median wait in seconds."""

    day: date
    issued: Mapping[int, int]
    served: int
    median_wait_s: float | None
    within: float | None

    @cached_property
    def total(self) -> int:
        return sum(self.issued.values())

    def by(self, moment: float) -> float:
        """Numbers taken by this moment in hours, 10.5 for half past ten: within an hour evenly."""
        hour = int(moment)
        whole = sum(count for each, count in self.issued.items() if each < hour)
        return whole + (moment - hour) * self.issued.get(hour, 0)


@dataclass(frozen=True)
class Band:
    """`low` and `high` are None where too few days are known for a range."""

    middle: float
    low: float | None = None
    high: float | None = None

    def where(self, value: float) -> str:
        """`above`, `below` or `within` the range; `unknown` without one."""
        if self.low is None or self.high is None:
            return "unknown"
        return "below" if value < self.low else "above" if value > self.high else "within"


def band(values: Sequence[float]) -> Band | None:
    """Median, lowest and highest; None of nothing."""
    if not values:
        return None
    if len(values) < FEWEST:
        return Band(median(values))
    return Band(median(values), min(values), max(values))


def same_weekdays(today: date, hours_of: Callable[[date], object]) -> tuple[list[date], list[date]]:
    """Days before today to look at, the latest first: those with today's opening hours, and others.

    `hours_of`: a day's opening hours, nothing (falsy) for a day on which the mall is closed.
    """
    days = [today - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    wanted = hours_of(today)
    alike = [day for day in days if hours_of(day) and hours_of(day) == wanted]
    return alike, [day for day in days if hours_of(day) and day not in alike]


@dataclass(frozen=True)
class TypicalDay:
    """The days to compare with, the latest first. `expected`: what a manager says of the whole day."""

    days: tuple[PastDay, ...] = ()
    has_other_hours: bool = False
    """Some of them had other opening hours than today."""
    expected: int | None = None
    note: str = ""

    def expecting(self, expected: int | None, note: str) -> "TypicalDay":
        return replace(self, expected=expected, note=note)

    @property
    def n(self) -> int:
        return len(self.days)

    @property
    def has_range(self) -> bool:
        return self.n >= FEWEST

    @property
    def coverage(self) -> Fraction:
        """How likely the next such day lies within the range."""
        return Fraction(self.n - 1, self.n + 1)

    @cached_property
    def factor(self) -> float:
        """What the typical counts are multiplied by, so that their median is what is expected."""
        typical = median([each.total for each in self.days]) if self.days else 0
        return self.expected / typical if self.expected is not None and typical else 1.0

    @property
    def hours(self) -> set[int]:
        """Those in which any number was taken."""
        return {hour for each in self.days for hour, count in each.issued.items() if count}

    def by(self, moment: float) -> Band | None:
        """Numbers typically taken by this moment; of an expected day as many times more or fewer."""
        return band([each.by(moment) * self.factor for each in self.days])

    @property
    def issued(self) -> Band | None:
        """In the whole day; what is expected, when no day is known."""
        if not self.days and self.expected is not None:
            return Band(float(self.expected))
        return self.by(24)

    @property
    def served(self) -> Band | None:
        return band([each.served * self.factor for each in self.days])

    @property
    def median_wait_s(self) -> Band | None:
        return band([each.median_wait_s for each in self.days if each.median_wait_s is not None])

    @property
    def within(self) -> Band | None:
        return band([each.within for each in self.days if each.within is not None])


@dataclass(frozen=True)
class Excess:
    """More numbers than the range has by `hour` o'clock."""

    count: int
    bound: float
    hour: int

    @property
    def percent(self) -> float:
        return (self.count / self.bound - 1) * 100


def excess(typical: TypicalDay, taken: Mapping[int, int], moment: float) -> Excess | None:
    """How far today lies above the range; None when it does not, or when none is known.

    Judged at whole hours only, because nobody knows how a past day went within an hour: what was
    taken by the last one against the highest by then, what is taken by now against the highest by the next.
    """
    found = []
    for hour in (int(moment), int(moment) + 1):
        count = sum(each for at, each in taken.items() if at < hour)
        bound = _bound(typical, hour)
        if bound and count > bound:
            found.append(Excess(count, bound, hour))
    return max(found, key=lambda each: each.percent, default=None)


def _bound(typical: TypicalDay, hour: int) -> float | None:
    if typical.has_range:
        known = typical.by(hour)
        return known.high if known else None
    return typical.expected
