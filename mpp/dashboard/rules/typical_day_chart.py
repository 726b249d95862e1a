"""Where the typical day's band and today's line lie. Coordinates for SVG, y grows downwards."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mpp.dashboard.rules.typical_day import Band, TypicalDay

MOST_LINES = 5


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    count: float


@dataclass(frozen=True)
class TypicalDayChart:
    """Numbers taken since the morning: a band and its median, and today's line up to now."""

    width: int
    height: int
    left: float
    right: float
    base: float
    """The zero line."""
    grid: Sequence[tuple[float, int]]
    """y, count."""
    ticks: Sequence[tuple[float, int]]
    """x, o'clock."""
    band: str | None
    middle: str | None
    ends: Sequence[Mark]
    """Where highest, median and lowest end, as far as they are known and have room for a figure."""
    today: str | None
    now: Mark | None
    expected: Mark | None
    """A whole day's expectation of which no hours are known."""


@dataclass(frozen=True)
class Row:
    """By the end of an hour. `taken` None: it is not over."""

    hour: int
    taken: int | None
    typical: Band | None


def span_of_hours(typical: TypicalDay, taken: Mapping[int, int], opening: Iterable[int]) -> range:
    """Every hour from the first to the last of any interest; those of nothing are none."""
    hours = {*typical.hours, *opening, *(hour for hour, count in taken.items() if count)}
    return range(min(hours), max(hours) + 1) if hours else range(0)


def rows(
    typical: TypicalDay, taken: Mapping[int, int], opening: Iterable[int], moment: float
) -> list[Row]:
    """The table beside the chart; the hour that runs stands with what is taken so far."""
    found, count = [], 0
    for hour in span_of_hours(typical, taken, opening):
        count += taken.get(hour, 0)
        found.append(Row(hour, count if hour <= moment else None, typical.by(hour + 1)))
    return found


@dataclass(frozen=True)
class _Frame:
    left: float
    base: float
    slot: float
    scale: float
    first: int

    def at(self, moment: float, count: float) -> Mark:
        x = self.left + (moment - self.first) * self.slot
        return Mark(x, self.base - count * self.scale, count)


def typical_day_chart(
    typical: TypicalDay,
    taken: Mapping[int, int],
    opening: Iterable[int],
    moment: float,
    *,
    width: int,
    height: int,
) -> TypicalDayChart | None:
    """None when no hour has anything. `moment`: now in hours, 24 or more when the day is over."""
    hours = span_of_hours(typical, taken, opening)
    if not hours:
        return None
    bands = [typical.by(at) for at in range(hours[0], hours[-1] + 2)]
    highest = max(
        sum(taken.values()), typical.expected or 0, *(_top(each) for each in bands if each), 1
    )
    step = step_of(highest)
    lines = math.ceil(highest / step)
    left, right, top, base = 46.0, width - 46.0, 22.0, height - 28.0
    frame = _Frame(left, base, (right - left) / len(hours), (base - top) / (lines * step), hours[0])
    today = _today(frame, hours, taken, moment)
    is_shapeless = typical.expected is not None and not typical.days
    return TypicalDayChart(
        width=width,
        height=height,
        left=left,
        right=right,
        base=base,
        grid=[(base - n * step * frame.scale, n * step) for n in range(lines + 1)],
        ticks=[(frame.at(at, 0).x, at) for at in range(hours[0], hours[-1] + 2)],
        band=_band(frame, hours[0], bands),
        middle=_path(
            _line(frame, hours[0], [None if each is None else each.middle for each in bands])
        ),
        ends=_ends(frame, hours[-1] + 1, bands[-1]),
        today=_path(today),
        now=today[-1] if today else None,
        expected=frame.at(hours[0], typical.expected or 0) if is_shapeless else None,
    )


def step_of(highest: float) -> int:
    """1, 2 or 5 times a power of ten, so that few lines are needed."""
    power = 1
    while True:
        for lead in (1, 2, 5):
            if highest <= lead * power * MOST_LINES:
                return lead * power
        power *= 10


def _top(each: Band) -> float:
    return each.middle if each.high is None else each.high


def _line(frame: _Frame, first: int, counts: Iterable[float | None]) -> list[Mark]:
    known = [(at, count) for at, count in enumerate(counts, start=first) if count is not None]
    return [frame.at(at, count) for at, count in known]


def _today(frame: _Frame, hours: range, taken: Mapping[int, int], moment: float) -> list[Mark]:
    """At every whole hour that is over, and now."""
    if moment < hours[0]:
        return []
    marks, count = [frame.at(hours[0], 0)], 0
    for hour in hours:
        count += taken.get(hour, 0)
        marks.append(frame.at(min(hour + 1, moment), count))
        if hour + 1 > moment:  # at the full hour its first numbers may be taken already
            break
    return marks


def _band(frame: _Frame, first: int, bands: Sequence[Band | None]) -> str | None:
    upper = _line(frame, first, [None if each is None else each.high for each in bands])
    lower = _line(frame, first, [None if each is None else each.low for each in bands])
    path = _path([*upper, *reversed(lower)])
    return f"{path}Z" if path else None


def _ends(frame: _Frame, at: int, last: Band | None) -> list[Mark]:
    if last is None:
        return []
    marks = [frame.at(at, last.middle)]
    for count in (last.high, last.low):
        if count is not None:
            mark = frame.at(at, count)
            if all(abs(mark.y - each.y) >= 16 for each in marks):
                marks.append(mark)
    return marks


def _path(marks: Sequence[Mark]) -> str | None:
    if len(marks) < 2:
        return None
    return "M" + "L".join(f"{each.x:.1f} {each.y:.1f}" for each in marks)
