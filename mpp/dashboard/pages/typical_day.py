"""Today beside the typical day: what the overview is drawn against, its picture, its table and its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from mpp.dashboard.rules.typical_day import Band, TypicalDay
from mpp.dashboard.rules.typical_day_chart import Row, TypicalDayChart, rows, typical_day_chart

WIDE, NARROW = (820, 360), (360, 300)


class BandOut(msgspec.Struct, kw_only=True):
    """`low` and `high` are null when too few days are known for a range."""

    middle: float
    low: float | None
    high: float | None


class TypicalDayOut(msgspec.Struct, kw_only=True):
    """What `days` days of this weekday brought; `expected`: what a manager says of today instead.

    `coverage`: how likely another such day lies within the range; null when `expected` is said.
    """

    days: int
    expected: int | None
    issued_by_now: BandOut | None
    issued: BandOut | None
    coverage: float | None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of the table beside the picture: today so far, and what a whole day usually brings."""

    key: str
    today: float | None
    typical: Band | None


@dataclass(frozen=True, kw_only=True)
class TypicalDayView:
    """Today against the typical day. `by_now`: its count by now; `where`: today's place in its range."""

    typical: TypicalDay
    taken: int
    by_now: Band | None
    where: str
    wide: TypicalDayChart | None
    narrow: TypicalDayChart | None
    rows: Sequence[Row]
    facts: Sequence[Fact]
    chance: tuple[int, int]
    """The range's coverage as a fraction."""


def typical_day_out(typical: TypicalDay, moment: float) -> TypicalDayOut:
    return TypicalDayOut(
        days=typical.n,
        expected=typical.expected,
        issued_by_now=_band(typical.by(moment)),
        issued=_band(typical.issued),
        coverage=float(typical.coverage)
        if typical.has_range and typical.expected is None
        else None,
    )


def _band(found: Band | None) -> BandOut | None:
    return None if found is None else BandOut(middle=found.middle, low=found.low, high=found.high)


def hours_of(now: datetime) -> float:
    """A local moment as hours since midnight."""
    return now.hour + now.minute / 60 + now.second / 3600


def typical_day_view(
    typical: TypicalDay,
    taken: Mapping[int, int],
    opening: set[int],
    now: datetime,
    *,
    served: int,
    median_wait_s: float | None,
    within: float | None,
) -> TypicalDayView:
    """`taken`: hour → numbers taken today; `now`: the mall's local time."""
    moment, total = hours_of(now), sum(taken.values())
    by_now = typical.by(moment)
    wide, narrow = (
        typical_day_chart(typical, taken, opening, moment, width=width, height=height)
        for width, height in (WIDE, NARROW)
    )
    return TypicalDayView(
        typical=typical,
        taken=total,
        by_now=by_now,
        where=by_now.where(total) if by_now else "unknown",
        wide=wide,
        narrow=narrow,
        rows=rows(typical, taken, opening, moment),
        facts=[
            Fact(key="issued", today=total, typical=typical.issued),
            Fact(key="served", today=served, typical=typical.served),
            Fact(key="wait", today=median_wait_s, typical=typical.median_wait_s),
            Fact(key="within", today=within, typical=typical.within),
        ],
        chance=(typical.n - 1, typical.n + 1),
    )
