"""How long counters were open, from the history of their shifts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mpp.metrics.rules.figures import By, Key


class ShiftEvent(NamedTuple):
    """One line of a shift's history; moments are microseconds since 1970."""

    shift_id: int
    counter_id: int
    officer_id: int | None
    at_us: int
    action: str
    """open, pause, resume or close."""


@dataclass(slots=True)
class Attendance:
    """Seconds at the counter, and of pauses in between, which are not part of them."""

    open_s: float = 0.0
    paused_s: float = 0.0


Who = tuple[int, int | None]
"""Counter, and the officer who opened it."""


def attendance(events: Iterable[ShiftEvent], until_us: int) -> Mapping[Who, Attendance]:
    """By counter and officer. Events may come in any order; a shift that goes on has lasted until `until_us`.

    A shift belongs to whoever opened it, also where somebody else paused or closed it.
    """
    histories: dict[int, list[ShiftEvent]] = {}
    for event in events:
        histories.setdefault(event.shift_id, []).append(event)
    found: dict[Who, Attendance] = {}
    for history in histories.values():
        history.sort(key=lambda event: (event.at_us, _ORDER.get(event.action, 0)))
        first = history[0]
        mine = found.setdefault((first.counter_id, first.officer_id), Attendance())
        ends = [*(event.at_us for event in history[1:]), until_us]
        for event, end in zip(history, ends, strict=True):
            if event.action == "close":
                break  # nothing opens a shift again; a clock set back may say so
            seconds = max(0, end - event.at_us) / 1_000_000
            if event.action in {"open", "resume"}:
                mine.open_s += seconds
            elif event.action == "pause":
                mine.paused_s += seconds
    return found


_ORDER = {"open": 0, "resume": 1, "pause": 2, "close": 3}


def by_heading(found: Mapping[tuple[int, int | None], Attendance], by: By) -> dict[Key, Attendance]:
    """Added up by counter or by officer."""
    whole: dict[Key, Attendance] = {}
    for (counter_id, officer_id), each in found.items():
        mine = whole.setdefault(counter_id if by is By.COUNTER else officer_id, Attendance())
        mine.open_s += each.open_s
        mine.paused_s += each.paused_s
    return whole
