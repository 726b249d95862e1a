"""A typed value in a document's language: the one place where a raw value becomes words."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mpp.documents import wording
from mpp.documents.document import Kind, Value
from mpp.number_format import NONE, format_long_day

PLACES = {Kind.DECIMAL: 2, Kind.SHARE: 1, Kind.POINTS: 1, Kind.DURATION: 1, Kind.HOURS: 1}
"""Decimals where a column says nothing."""
_WRITERS: dict[Kind, Callable[..., str]] = {
    Kind.DECIMAL: wording.decimal,
    Kind.SHARE: wording.share,
    Kind.POINTS: wording.points,
    Kind.DURATION: wording.minutes,
    Kind.HOURS: wording.hours,
}


def written(value: Value, language: str) -> str:
    """As people read it; a dash where there is none."""
    raw: Any = value.value
    if raw is None:
        return NONE
    if value.kind is Kind.TEXT:
        return str(raw)
    if value.kind is Kind.DATE:
        return format_long_day(raw, language)
    if value.kind is Kind.INTEGER:
        return wording.integer(raw, language, signed=value.signed)
    places = PLACES[value.kind] if value.places is None else value.places
    return _WRITERS[value.kind](raw, language, places, signed=value.signed)


def seconds(raw: int | float | Decimal | timedelta) -> float:
    """A duration's raw value as seconds."""
    return raw.total_seconds() if isinstance(raw, timedelta) else float(raw)


def is_number(value: Value) -> bool:
    """Whether it stands to the right of its column."""
    return value.kind not in {Kind.TEXT, Kind.DATE} and not isinstance(value.value, str | date)
