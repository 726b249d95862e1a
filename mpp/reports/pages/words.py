"""Figures in words of reports on paper, which are in Indonesian."""

from mpp.metrics.rules.figures import Ended
from mpp.metrics.rules.spans import Kind
from mpp.number_format import format_decimal, format_share

NONE = "-"
"""Stands where there is no figure: the paper's letters have no longer dash."""


def number(value: float | None) -> str:
    return format_decimal(value, 2, none=NONE)


def percent(value: float | None) -> str:
    return format_share(value, none=NONE)


def share(part: int, all_: int) -> str:
    return percent(part / all_ if all_ else None)


def minutes(each: Ended, kind: Kind, quantile: int = 50) -> str:
    """A median or P90 in minutes; a dash where there is none."""
    found = each.summary(kind)
    seconds = found.median_s if quantile == 50 else found.p90_s
    return NONE if seconds is None else f"{format_decimal(seconds / 60)} mnt"
