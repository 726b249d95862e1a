"""Raw values in words, by kind: counts, decimals, shares, points, minutes, hours; each may be a difference.

How a language writes them is said by `mpp.number_format`; here a value finds its unit and its sign.
"""

from datetime import timedelta
from decimal import Decimal

from mpp import number_format
from mpp.number_format import MINUS, NONE

Number = int | float | Decimal
_MINUTES = {"id": "mnt", "en": "min"}
_HOURS = {"id": "jam", "en": "h"}
_POINTS = {"id": "poin", "en": "pts"}


def integer(value: Number | None, language: str, *, signed: bool = False) -> str:
    """
    >>> integer(12345, "id"), integer(-3, "en"), integer(None, "id"), integer(3, "id", signed=True)
    ('12.345', '−3', '–', '+3')
    """
    return decimal(value, language, 0, signed=signed)


def decimal(value: Number | None, language: str, places: int = 1, *, signed: bool = False) -> str:
    """With thousands apart and always so many decimals; no figure is less than nothing by its sign alone.

    >>> decimal(1234.5, "id"), decimal(Decimal("0.25"), "id"), decimal(-0.04, "id", signed=True)
    ('1.234,5', '0,3', '0,0')
    """
    if value is None:
        return NONE
    written = number_format.format_decimal(value if value >= 0 else -value, places, language)
    comma = number_format.format_decimal(0.5, 1, language)[1]
    whole, _, rest = written.partition(comma)
    text = number_format.format_integer(int(whole), language) + (comma + rest if rest else "")
    if not any(each in "123456789" for each in text):
        return text
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + text


def share(value: Number | None, language: str, places: int = 1, *, signed: bool = False) -> str:
    """Of 0–1, in per cent.

    >>> share(0.125, "id"), share(0.125, "en"), share(-0.1, "id", signed=True)
    ('12,5 %', '12.5 %', '−10,0 %')
    """
    return _with_unit(None if value is None else 100 * value, "%", language, places, signed=signed)


def points(value: Number | None, language: str, places: int = 1, *, signed: bool = True) -> str:
    """A difference of two shares, in percentage points.

    >>> points(0.031, "id"), points(-0.5, "en")
    ('+3,1 poin', '−50.0 pts')
    """
    grown = None if value is None else 100 * value
    return _with_unit(grown, _POINTS[language], language, places, signed=signed)


def minutes(
    value: Number | timedelta | None, language: str, places: int = 1, *, signed: bool = False
) -> str:
    """Seconds as minutes.

    >>> minutes(90, "id"), minutes(None, "en")
    ('1,5 mnt', '–')
    """
    return _with_unit(_parts(value, 60), _MINUTES[language], language, places, signed=signed)


def hours(
    value: Number | timedelta | None, language: str, places: int = 1, *, signed: bool = False
) -> str:
    """Seconds as hours.

    >>> hours(5400, "id")
    '1,5 jam'
    """
    return _with_unit(_parts(value, 3600), _HOURS[language], language, places, signed=signed)


def _parts(value: Number | timedelta | None, unit_s: int) -> Number | None:
    if value is None:
        return None
    return value.total_seconds() / unit_s if isinstance(value, timedelta) else value / unit_s


def _with_unit(value: Number | None, unit: str, language: str, places: int, *, signed: bool) -> str:
    text = decimal(value, language, places, signed=signed)
    return text if value is None else f"{text} {unit}"
