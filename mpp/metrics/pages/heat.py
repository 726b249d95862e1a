"""The load by weekday and hour."""

from collections.abc import Sequence
from dataclasses import dataclass

from mpp.metrics.pages.wire import WEEKDAYS
from mpp.metrics.rules.aggregation import WEEKDAY_HOUR, Rollups

SHADES = 5
"""How many strengths a cell of the load's picture has, beside its number."""


@dataclass(frozen=True)
class HeatCell:
    """Numbers taken in one hour of one weekday; the strongest shade is that of the busiest hour."""

    count: int
    shade: int


@dataclass(frozen=True)
class HeatRow:
    weekday: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True)
class Heat:
    hours: Sequence[int]
    rows: Sequence[HeatRow]


def heat_of(rollups: Rollups) -> Heat:
    """The load by weekday and hour; every weekday, and every hour between the first and the last."""
    counts = {
        (int(key.split("/")[0]), int(key.split("/")[1])): each.issued
        for (by, key), each in rollups.items()
        if by == WEEKDAY_HOUR and each.issued
    }
    if not counts:
        return Heat([], [])
    hours = range(min(hour for _, hour in counts), max(hour for _, hour in counts) + 1)
    most = max(counts.values())
    rows = []
    for day, name in enumerate(WEEKDAYS, 1):
        found = [counts.get((day, hour), 0) for hour in hours]
        rows.append(HeatRow(name, [HeatCell(count, _shade(count, most)) for count in found]))
    return Heat(list(hours), rows)


def _shade(count: int, most: int) -> int:
    """0 for nothing, `SHADES` for the most."""
    return -(-count * SHADES // most)
