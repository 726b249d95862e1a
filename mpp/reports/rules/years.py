"""Which days a year's report counts, and which it sets beside them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mpp.errors import Invalid
from mpp.metrics.rules.periods import Period

FIRST_YEAR, LAST_YEAR = 2000, 2100
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class YearSpan:
    """Which days are counted, and which are set beside them."""

    year: int
    counted: Period
    before: Period
    is_over: bool

    @property
    def whole_before(self) -> Period:
        """Last year from end to end."""
        return whole(self.year - 1)

    @property
    def days_in_year(self) -> int:
        return (whole(self.year).next_day - whole(self.year).first).days


def read_year(text: str | None, today: date) -> int:
    """Read `YYYY`, this year unless given. `Invalid` for one that cannot be or has not begun."""
    if text is None:
        return today.year
    if not _YEAR.fullmatch(text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        said = f"Tulis tahun sebagai TTTT dari {FIRST_YEAR} sampai {LAST_YEAR}, misalnya 2026."
        raise Invalid(said, field="year")
    if int(text) > today.year:
        raise Invalid("Tahun itu belum mulai.", field="year")
    return int(text)


def whole(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def span_of_year(year: int, today: date) -> YearSpan:
    """A year that goes on counts up to yesterday: a day that is not over has nothing to compare with.

    Only on its first day that day itself is all there is.
    """
    all_of_it = whole(year)
    if all_of_it.last < today:
        return YearSpan(year, all_of_it, whole(year - 1), is_over=True)
    last = max(all_of_it.first, today - timedelta(days=1))
    before = Period(date(year - 1, 1, 1), a_year_before(last))
    return YearSpan(year, Period(all_of_it.first, last), before, is_over=False)


def a_year_before(day: date) -> date:
    """The same date; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
