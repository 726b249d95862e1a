"""Which days a report is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mpp.errors import Invalid
from mpp.metrics.rules.figures import By

MOST_DAYS = 400
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """Business days from `first` to `last`, both included."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Each of them, in order."""
        for ahead in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=ahead)


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


def read_by(text: str | None) -> By:
    """Read what the rows are; services unless given. `Invalid` names the field."""
    try:
        return By.SERVICE if text is None else By(text)
    except ValueError:
        raise Invalid(f"Kelompokkan menurut salah satu dari {', '.join(By)}.", field="by") from None
