"""Hour by hour: what was issued, and how long those waited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from mpp.counters.rules.mall import Mall
from mpp.metrics.rules.charts import Hour, HourChart, hour_chart
from mpp.metrics.rules.figures import Ended, Key, TallyTable
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.tables import RollupTable
from mpp.queue.rules.life import State


class HourOut(msgspec.Struct, kw_only=True):
    """Those who took a number in this hour (0–23, the mall's time). Seconds; null: nobody called.

    While some of them are `waiting` still, the durations leave them out.
    """

    hour: int
    issued: int
    waiting: int
    n: int
    median_s: float | None
    p90_s: float | None


def opening_hours(mall: Mall, day: date) -> set[int]:
    """The hours of the day in which the mall is open, all of them that are touched."""
    touched: set[int] = set()
    for each in mall.calendar.hours(day):
        last = each.end.hour if each.end.minute else each.end.hour - 1
        touched |= set(range(each.start.hour, last + 1))
    return touched


def hours_out(table: TallyTable | RollupTable, at_least: set[int]) -> list[HourOut]:
    """Hour by hour without a gap, over every hour that has a figure and those of `at_least`."""
    busy = {hour for hour in table.rows if isinstance(hour, int)} | at_least
    if not busy:
        return []
    rows: Mapping[Key, Ended] = table.rows
    return [
        _hour(hour, each := rows.get(hour, Rollup()), each.ended.get(State.WAITING, 0))
        for hour in range(min(busy), max(busy) + 1)
    ]


def _hour(hour: int, each: Ended, waiting: int) -> HourOut:
    waits = each.summary(Kind.WAITING)
    return HourOut(
        hour=hour,
        issued=each.issued,
        waiting=waiting,
        n=waits.n,
        median_s=waits.median_s,
        p90_s=waits.p90_s,
    )


BESIDE = (820, 450)


ACROSS = (1240, 400)


NARROW = (360, 360)
"""Width and height of a picture beside something else, across the whole page, and on a phone."""


@dataclass(frozen=True, kw_only=True)
class HoursView:
    """Waits by hour, drawn for a wide and for a narrow screen, and as they stand in the table."""

    hours: Sequence[HourOut]
    wide: HourChart
    narrow: HourChart

    @property
    def is_partial(self) -> bool:
        """Some hour will still change."""
        return any(point.is_partial for point in self.wide.points)


def hours_view(hours: Sequence[HourOut], size: tuple[int, int]) -> HoursView:
    drawn = [
        Hour(each.hour, each.issued, each.n, each.median_s, each.p90_s, each.waiting)
        for each in hours
    ]
    wide, narrow = (hour_chart(drawn, width=w, height=h) for w, h in (size, NARROW))
    return HoursView(hours=hours, wide=wide, narrow=narrow)


def period_hours(told: RollupTable) -> HoursView:
    """Hour by hour, without a gap; by the hour in which the number was taken or the wait began."""
    return hours_view(hour_rows(told), ACROSS)


def hour_rows(told: RollupTable) -> list[HourOut]:
    """The same as figures. Waits that go on are those of one day: of a period they are not told."""
    busy = [hour for hour, each in told.rows.items() if isinstance(hour, int) and each.issued]
    if not busy:
        return []
    return [
        _hour(hour, told.rows.get(hour, Rollup()), 0) for hour in range(min(busy), max(busy) + 1)
    ]
