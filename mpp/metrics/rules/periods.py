"""Which days a report is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mpp.errors import Invalid
from mpp.metrics.rules.cells import UNITS
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.rollup import JUDGED
from mpp.metrics.rules.spans import Kind

MOST_DAYS = 400
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """Business days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def next_day(self) -> date:
        """The day after it."""
        return self.last + timedelta(days=1)

    def days(self) -> Iterator[date]:
        """Each of them, in order."""
        for ahead in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=ahead)


def month_of(day: date) -> Period:
    """The calendar month that holds the day."""
    first = day.replace(day=1)
    return Period(first, _months_on(first, 1) - timedelta(days=1))


def months_in(period: Period) -> list[Period]:
    """The calendar months that lie in it whole, in order."""
    months, first = [], period.first if period.first.day == 1 else month_of(period.first).next_day
    while (month := month_of(first)).last <= period.last:
        months.append(month)
        first = month.next_day
    return months


def previous(period: Period) -> Period:
    """The period to compare with: as many whole months before, or as many days.

    >>> str(previous(Period(date(2026, 3, 1), date(2026, 3, 31))).first)
    '2026-02-01'
    """
    until = period.first - timedelta(days=1)
    months = months_in(period)
    if months and months[0].first == period.first and months[-1].last == period.last:
        return Period(_months_on(period.first, -len(months)), until)
    return Period(period.first - (period.next_day - period.first), until)


def _months_on(first: date, count: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)


def read_period(first: str | None, last: str | None, today: date) -> Period:
    """Read `from` and `to`: `to` is today unless given, `from` the same day. `Invalid` names the field."""
    until = today if last is None else read_day(last, "to", today)
    since = until if first is None else read_day(first, "from", today)
    if since > until:
        raise Invalid("Tanggal akhir lebih awal daripada tanggal awal.", field="to")
    if (until - since).days >= MOST_DAYS:
        raise Invalid(f"Paling banyak {MOST_DAYS} hari sekaligus.", field="from")
    return Period(since, until)


def read_day(text: str, field: str, today: date) -> date:
    """Read `YYYY-MM-DD`, from 2000 to a year ahead. `Invalid` names the field."""
    try:
        day = date(*map(int, text.split("-"))) if _ISO.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid("Tulis tanggal sebagai TTTT-BB-HH, misalnya 2026-11-23.", field=field)
    if not EARLIEST <= day <= today + AHEAD:
        raise Invalid(f"Tanggal harus antara {EARLIEST} dan {today + AHEAD}.", field=field)
    return day


def read_month(text: str | None, today: date) -> Period:
    """Read `YYYY-MM`; last month unless given. `Invalid` for one that has not begun."""
    if text is None:
        return month_of(today.replace(day=1) - date.resolution)
    if not _MONTH.fullmatch(text):
        raise Invalid("Tulis bulan sebagai TTTT-BB, misalnya 2026-11.", field="month")
    found = month_of(read_day(f"{text}-01", "month", today))
    if found.first > today:
        raise Invalid("Bulan itu belum mulai.", field="month")
    return found


def read_by(text: str | None) -> By:
    """Read what the rows are; services unless given. `Invalid` names the field."""
    try:
        return By.SERVICE if text is None else By(text)
    except ValueError:
        raise Invalid(f"Kelompokkan menurut salah satu dari {', '.join(By)}.", field="by") from None


def read_unit(text: str | None) -> By:
    """Read what is compared; counters unless given. `Invalid` names the field."""
    try:
        return By.COUNTER if text is None else UNITS[UNITS.index(By(text))]
    except ValueError:
        known = ", ".join(UNITS)
        raise Invalid(f"Bandingkan salah satu dari {known}.", field="by") from None


def read_of(text: str | None) -> Kind:
    """Read whose promise is judged; the service's unless given. `Invalid` names the field."""
    try:
        return Kind.SERVICE if text is None else JUDGED[JUDGED.index(Kind(text))]
    except ValueError:
        known = ", ".join(JUDGED)
        raise Invalid(f"Yang dijanjikan: salah satu dari {known}.", field="of") from None
