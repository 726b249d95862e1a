"""Figures in words of reports on paper, which are in Indonesian."""

from babel.numbers import format_decimal

from mpp.metrics.rules.figures import Ended
from mpp.metrics.rules.spans import Kind

ID = "id"


def whole(count: int) -> str:
    return str(format_decimal(count, locale=ID))


def decimal(value: float, places: int = 1) -> str:
    """With always so many decimals, rounded as on the screen."""
    return f"{value:.{places}f}".replace(".", ",")


def number(value: float | None) -> str:
    return "-" if value is None else decimal(value, 2)


def percent(value: float | None) -> str:
    return "-" if value is None else f"{decimal(100 * value)} %"


def share(part: int, all_: int) -> str:
    return percent(part / all_ if all_ else None)


def minutes(each: Ended, kind: Kind, quantile: int = 50) -> str:
    """A median or P90 in minutes; a dash where there is none."""
    found = each.summary(kind)
    seconds = found.median_s if quantile == 50 else found.p90_s
    return "-" if seconds is None else f"{decimal(seconds / 60)} mnt"
