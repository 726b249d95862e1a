"""Today beside the usual: what the overview is drawn against, its picture, its table and its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from mpp.dashboard.rules.typical_day import Band, Usual
from mpp.dashboard.rules.typical_day_chart import Row, TypicalDayChart, rows, typical_day_chart

WIDE, NARROW = (820, 360), (360, 300)


class BandOut(msgspec.Struct, kw_only=True):
    """`low` and `high` are null when too few days are known for a range."""

    middle: float
    low: float | None
    high: float | None


class UsualOut(msgspec.Struct, kw_only=True):
    """What `days` days of this weekday brought; `expected`: what a manager says of today instead.

    `coverage`: how likely another such day lies within the range; null of a day that was planned otherwise.
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
    usual: Band | None


@dataclass(frozen=True, kw_only=True)
class TypicalDayView:
    """Today against plan. `by_now`: the usual at this moment; `where`: today's place in its range."""

    usual: Usual
    taken: int
    by_now: Band | None
    where: str
    wide: TypicalDayChart | None
    narrow: TypicalDayChart | None
    rows: Sequence[Row]
    facts: Sequence[Fact]
    chance: tuple[int, int]
    """The range's coverage as a fraction."""


def usual_out(usual: Usual, moment: float) -> UsualOut:
    return UsualOut(
        days=usual.n,
        expected=usual.expected,
        issued_by_now=_band(usual.by(moment)),
        issued=_band(usual.issued),
        coverage=float(usual.coverage) if usual.has_range and usual.expected is None else None,
    )


def _band(found: Band | None) -> BandOut | None:
    return None if found is None else BandOut(middle=found.middle, low=found.low, high=found.high)


def hours_of(now: datetime) -> float:
    """A local moment as hours since midnight."""
    return now.hour + now.minute / 60 + now.second / 3600


def typical_day_view(
    usual: Usual,
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
    by_now = usual.by(moment)
    wide, narrow = (
        typical_day_chart(usual, taken, opening, moment, width=width, height=height)
        for width, height in (WIDE, NARROW)
    )
    return TypicalDayView(
        usual=usual,
        taken=total,
        by_now=by_now,
        where=by_now.where(total) if by_now else "unknown",
        wide=wide,
        narrow=narrow,
        rows=rows(usual, taken, opening, moment),
        facts=[
            Fact(key="issued", today=total, usual=usual.issued),
            Fact(key="served", today=served, usual=usual.served),
            Fact(key="wait", today=median_wait_s, usual=usual.median_wait_s),
            Fact(key="within", today=within, usual=usual.within),
        ],
        chance=(usual.n - 1, usual.n + 1),
    )
