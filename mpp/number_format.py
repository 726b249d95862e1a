"""How numbers, shares, durations and moments are written, in each language: the one place that says so.

Rounding: exact values (`Decimal`, `Fraction`) are rounded half up, as the instruments of the indices want
it; a `float` is rounded to the nearest by what it holds in binary, so that 0.35 (a little less) gives 0.3.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from babel import dates, numbers

NONE: Final = "–"
"""Stands where there is no figure."""
MINUS: Final = "−"
_COMMA = {"id": ",", "en": "."}
_CLOCK = {"id": "HH.mm", "en": "HH:mm"}
_UNITS = {
    "id": {"second": ("detik", "detik"), "minute": ("menit", "menit"), "hour": ("jam", "jam")},
    "en": {
        "second": ("second", "seconds"),
        "minute": ("minute", "minutes"),
        "hour": ("hour", "hours"),
    },
}
_HOURS_AND_MINUTES = {"id": "{} jam {} menit", "en": "{} h {} min"}
Number = int | float | Decimal | Fraction


def format_integer(count: int, language: str = "id") -> str:
    """
    >>> format_integer(12345), format_integer(12345, "en")
    ('12.345', '12,345')
    """
    return str(numbers.format_decimal(count, locale=language))


def format_number(value: float, language: str = "id") -> str:
    """With thousands apart, and no more decimals than it has, at most three."""
    return str(numbers.format_decimal(value, locale=language))


def format_decimal(
    value: Number | None, places: int = 1, language: str = "id", none: str = NONE
) -> str:
    """With always so many decimals, so that a column of them can be compared.

    >>> format_decimal(Decimal("76.605"), 2), format_decimal(3.14159, 1, "en"), format_decimal(None)
    ('76,61', '3.1', '–')
    """
    if value is None:
        return none
    if isinstance(value, Fraction):
        value = _half_up(value, places)
    elif isinstance(value, Decimal):
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return _with_comma(f"{value:.{places}f}", language)


def _half_up(value: Fraction, places: int) -> Decimal:
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def format_signed(
    value: Number | None, places: int = 1, language: str = "id", plus: str = "+"
) -> str:
    """A difference: with a plus where it grew, and a minus as wide as a plus.

    >>> format_signed(2.5), format_signed(-2.5), format_signed(0)
    ('+2,5', '−2,5', '0,0')
    """
    text = format_decimal(value, places, language).replace("-", MINUS)
    return plus + text if value is not None and value > 0 else text


def format_exact(value: object, language: str = "id") -> str:
    """A number with the decimals that it is written with."""
    return _with_comma(str(value), language)


def format_setting(value: float | None, language: str = "id") -> str:
    """As it stands in a field: no decimals that say nothing; empty when there is none.

    >>> format_setting(30.0), format_setting(76.61), format_setting(None)
    ('30', '76,61', '')
    """
    if value is None:
        return ""
    return _with_comma(f"{value:g}" if value == int(value) else f"{value:.2f}", language)


def format_share(
    share: float | None, places: int = 1, language: str = "id", none: str = NONE
) -> str:
    """A share of 0–1 in per cent.

    >>> format_share(0.125), format_share(None)
    ('12,5 %', '–')
    """
    return none if share is None else f"{format_decimal(100 * share, places, language)} %"


def format_duration(seconds: float | None, language: str = "id") -> str:
    """
    >>> format_duration(20), format_duration(3600, "en"), format_duration(5400)
    ('20 detik', '1 hour', '1 jam 30 menit')
    """
    if seconds is None:
        return NONE
    if seconds < 60:
        return _counted(round(seconds), "second", language)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _counted(minutes, "minute", language)
    hours, minutes = divmod(minutes, 60)
    if not minutes:
        return _counted(hours, "hour", language)
    return _HOURS_AND_MINUTES[language].format(hours, minutes)


def _counted(count: int, unit: str, language: str) -> str:
    return f"{count} {_UNITS[language][unit][count != 1]}"


def format_rupiah(amount: int, language: str = "id") -> str:
    """Money is written as in Indonesia, whoever reads it."""
    return "Rp" + format_integer(amount)


def format_time(moment: datetime, language: str = "id") -> str:
    """
    >>> format_time(datetime(2026, 11, 23, 9, 5)), format_time(datetime(2026, 11, 23, 9, 5), "en")
    ('09.05', '09:05')
    """
    return str(dates.format_time(moment, _CLOCK[language], locale=language))


def format_date(day: date, language: str = "id") -> str:
    """
    >>> format_date(date(2026, 11, 23))
    'Senin, 23 November 2026'
    """
    return str(dates.format_date(day, "EEEE, d MMMM y", locale=language))


def format_day(day: date | str, language: str = "id") -> str:
    """
    >>> format_day("2026-11-23")
    '23 Nov 2026'
    """
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return str(dates.format_date(known, "d MMM y", locale=language))


def format_long_day(day: date, language: str = "id") -> str:
    """
    >>> format_long_day(date(2026, 11, 23))
    '23 November 2026'
    """
    return str(dates.format_date(day, "d MMMM y", locale=language))


def format_month(day: date, language: str = "id") -> str:
    """
    >>> format_month(date(2026, 11, 1))
    'November 2026'
    """
    return str(dates.format_date(day, "MMMM y", locale=language))


def format_weekday(day: date, language: str = "id") -> str:
    """
    >>> format_weekday(date(2026, 11, 23))
    'Sen'
    """
    return str(dates.format_date(day, "EEE", locale=language))


def format_day_of_year(day: date, language: str = "id") -> str:
    """Where the year is known.

    >>> format_day_of_year(date(2026, 11, 23))
    'Senin, 23 November'
    """
    return str(dates.format_date(day, "EEEE, d MMMM", locale=language))


def format_datetime(moment: datetime, language: str = "id") -> str:
    return f"{format_day(moment, language)} {format_time(moment, language)}"


def _with_comma(text: str, language: str) -> str:
    return text.replace(".", _COMMA[language])
