"""What of a period was recorded at all: before the first day kept here a nought would be a lie."""

from dataclasses import dataclass
from datetime import date

from mpp.metrics.rules.periods import Period

GRACE_DAYS = 7
"""Figures that begin so many days into a month are not the month's; of a shorter period a quarter of it."""


@dataclass(frozen=True)
class Recorded:
    """`since`: the mall's first day with any figures, None before it. `days`: those of this period."""

    period: Period
    since: date | None
    days: int

    @property
    def is_known(self) -> bool:
        """Some of it was recorded, be it that nothing happened."""
        return self.since is not None and self.since <= self.period.last

    @property
    def is_whole(self) -> bool:
        """So much of it that others may be set beside it."""
        if self.since is None:
            return False
        length = (self.period.next_day - self.period.first).days
        late = (self.since - self.period.first).days
        return late < max(1, min(GRACE_DAYS, length // 4))


def are_comparable(now: Recorded, before: Recorded) -> bool:
    """Whether a difference between them says anything."""
    return now.is_whole and before.is_whole
