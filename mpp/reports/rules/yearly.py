"""A year's figures: counted, set beside the same days of the year before, ranked; kept when published."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

import msgspec

from mpp.metrics.rules.figures import Key
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.reports.rules.years import YearSpan

FORM = 1
"""Of what is kept when a year is published; whoever changes what follows counts on."""
MOST_SERVICES = 20
LATE_DAY = 7
"""A month recorded from a later day on is not set beside a whole one."""
LATE = timedelta(days=14)
"""Holidays aside, a year of a mall that is in use begins within so many days."""


K = TypeVar("K", int, date)


class MonthFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers issued; None in a month that has not begun, or of which nothing was recorded yet.

    `before`: in the whole month of last year; `before_same`: on the same days of it, None too where
    last year was recorded from later in the month on.
    """

    month: int
    issued: int | None
    before: int | None
    before_same: int | None
    is_partial: bool

    @property
    def change(self) -> float | None:
        """Against the same days; None where there is nothing to compare with."""
        return change_of(self.issued, self.before_same)


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """The whole mall over a period: counts, seconds, shares of 0–1. `days`: with any number issued."""

    days: int
    issued: int
    served: int
    left: int
    no_show: int
    waiting_median_s: float | None
    waiting_p90_s: float | None
    service_median_s: float | None
    service_p90_s: float | None
    within_wait: float | None
    within_service: float | None

    @property
    def left_share(self) -> float | None:
        return self.left / self.issued if self.issued else None

    @property
    def no_show_share(self) -> float | None:
        return self.no_show / self.issued if self.issued else None


class Peaks(msgspec.Struct, frozen=True, kw_only=True):
    """The busiest of each kind. `weekday`: 1 Monday … 7 Sunday, by the mean of its days with service."""

    month: int
    month_issued: int
    weekday: int
    weekday_mean: float
    day: date
    day_issued: int
    hour: int
    hour_issued: int


class UnitFigure(msgspec.Struct, frozen=True, kw_only=True):
    """An agency or a service. `issued_before`, `rank_before`: None where too few to be told.

    `share`: of everything issued, 0–1. Ranks are by numbers issued, from 1.
    """

    key: str
    name: str
    name_en: str | None
    rank: int
    issued: int
    served: int
    share: float
    waiting_median_s: float | None
    within_wait: float | None
    within_service: float | None
    issued_before: int | None
    rank_before: int | None

    @property
    def change(self) -> float | None:
        return change_of(self.issued, self.issued_before)


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """Units that are not told one by one: beyond the longest list, or too small."""

    units: int
    issued: int
    served: int
    share: float


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """Units by rank; with `rest` they add up to the whole."""

    rows: list[UnitFigure]
    rest: Rest | None


class SurveyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A published index of satisfaction (IKM) with its 95 % interval."""

    first: date
    last: date
    n: int
    ikm: float
    grade: str
    performance: str
    low: float | None
    high: float | None
    others: list[str]
    """Grades that it cannot be told from."""


class EvaluationLine(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's index of public service (IPP). `is_estimate`: not judged by the evaluator yet."""

    unit: str
    ipp: float
    letter: str
    predicate: str
    is_estimate: bool


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a year's report tells. Days are the mall's business days, ends included."""

    form: int
    definitions: str
    is_synthetic: bool
    year: int
    first: date
    last: date
    before_first: date
    before_last: date
    is_over: bool
    days_in_year: int
    since: date | None
    before_since: date | None
    """The first day of either year with any number: what came before may not have been kept here."""
    months: list[MonthFigure]
    peaks: Peaks | None
    now: Column
    before: Column
    agencies: Units
    services: Units
    surveys: list[SurveyLine]
    evaluations: list[EvaluationLine]

    @property
    def days_over(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begins_late(self) -> bool:
        """Figures begin so late that the year is not told whole."""
        return self.since is not None and self.since - self.first > LATE

    @property
    def compares_short(self) -> bool:
        """Last year has no figures, or begins so late that every difference misleads."""
        return is_short(self.before_since, self.before_first)

    @property
    def knows_before(self) -> bool:
        """Some of the days beside this year's were recorded; before that a nought would be a lie."""
        return self.before_since is not None and self.before_since <= self.before_last


def is_short(since: date | None, first: date) -> bool:
    """Figures that begin on `since`, or never, are not those of a year from `first` on."""
    return since is None or since - first > LATE


def change_of(now: int | None, before: int | None) -> float | None:
    """By which share it grew: 0.1 is a tenth more."""
    return now / before - 1 if now is not None and before else None


def months_of(
    span: YearSpan, days: Mapping[date, int], days_before: Mapping[date, int]
) -> list[MonthFigure]:
    """All twelve. `days`, `days_before`: numbers issued, of last year over its whole length."""
    same = {day: n for day, n in days_before.items() if day <= span.before.last}
    last = span.counted.last
    return [
        MonthFigure(
            month=month,
            issued=_recorded(days, month) if month <= last.month else None,
            before=_recorded(days_before, month),
            before_same=_recorded(same, month, whole=True) if month <= last.month else None,
            is_partial=month == last.month and (last + timedelta(days=1)).month == month,
        )
        for month in range(1, 13)
    ]


def since_of(days: Mapping[date, int]) -> date | None:
    """The first day on which anything was issued."""
    return min((day for day, issued in days.items() if issued), default=None)


def _recorded(days: Mapping[date, int], month: int, *, whole: bool = False) -> int | None:
    """None before the first day that was recorded; with `whole` also of a month in which that lies late."""
    since = since_of(days)
    if since is None or month < since.month:
        return None
    if whole and month == since.month and since.day > LATE_DAY:
        return None
    return _in_month(days, month)


def _in_month(days: Mapping[date, int], month: int) -> int:
    return sum(issued for day, issued in days.items() if day.month == month)


def peaks_of(days: Mapping[date, int], hours: Mapping[Key, Rollup]) -> Peaks | None:
    """None when nothing was issued. Of equals the earliest."""
    by_hour = {hour: row.issued for hour, row in hours.items() if isinstance(hour, int)}
    if not any(days.values()) or not by_hour:
        return None
    months = {month: _in_month(days, month) for month in {day.month for day in days}}
    means = _weekday_means(days)
    month, weekday, day, hour = _top(months), _top(means), _top(days), _top(by_hour)
    return Peaks(
        month=month,
        month_issued=months[month],
        weekday=weekday,
        weekday_mean=round(means[weekday], 1),
        day=day,
        day_issued=days[day],
        hour=hour,
        hour_issued=by_hour[hour],
    )


def _weekday_means(days: Mapping[date, int]) -> dict[int, float]:
    found: dict[int, list[int]] = {}
    for day, issued in days.items():
        if issued:
            found.setdefault(day.isoweekday(), []).append(issued)
    return {weekday: sum(counts) / len(counts) for weekday, counts in found.items()}


def _top(counts: Mapping[K, float]) -> K:
    return max(sorted(counts), key=lambda key: counts[key])


def column_of(found: Rollup, days: Mapping[date, int]) -> Column:
    """`days`: numbers issued on each day of the same period."""
    waiting, service = found.summary(Kind.WAITING), found.summary(Kind.SERVICE)
    return Column(
        days=sum(1 for issued in days.values() if issued),
        issued=found.issued,
        served=found.served,
        left=found.left,
        no_show=found.no_show,
        waiting_median_s=waiting.median_s,
        waiting_p90_s=waiting.p90_s,
        service_median_s=service.median_s,
        service_p90_s=service.p90_s,
        within_wait=found.share_within(Kind.WAITING),
        within_service=found.share_within(Kind.SERVICE),
    )
