"""What was measured of a stretch: latencies from the moment at which something should have happened."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.figures import percentile

ACTIONS = ("issue", "call", "start", "complete", "phone opens")


def _seconds() -> "array[float]":
    return array("d")


@dataclass
class Seen:
    """Seconds. Nothing is noted until `is_measuring`."""

    is_measuring: bool = False
    actions: dict[str, "array[float]"] = field(
        default_factory=lambda: {name: _seconds() for name in ACTIONS}
    )
    board: "array[float]" = field(default_factory=_seconds)
    """From the moment when the call should have been sent to a display that shows it."""
    after_answer: "array[float]" = field(default_factory=_seconds)
    """The same from the call's answer; negative where the display was first."""
    phone: "array[float]" = field(default_factory=_seconds)
    late: "array[float]" = field(default_factory=_seconds)
    """By how much the load generator was behind when it sent; part of every latency."""
    errors: Counter[str] = field(default_factory=Counter)
    nobody: int = 0
    """Calls that found nobody: another counter was quicker."""
    phones: list[int] = field(default_factory=list)
    """How many were open, looked at every second."""

    def took(self, action: str, wanted: float, ended: float) -> None:
        if self.is_measuring:
            self.actions[action].append(ended - wanted)

    def sent(self, wanted: float, now: float) -> None:
        if self.is_measuring:
            self.late.append(now - wanted)

    def on_board(self, heard: float, wanted: float, answered: float) -> None:
        if self.is_measuring:
            self.board.append(heard - wanted)
            self.after_answer.append(heard - answered)

    def on_phone(self, heard: float, wanted: float) -> None:
        if self.is_measuring:
            self.phone.append(heard - wanted)

    def worst_p99(self) -> float:
        """The highest p99 of any action, seconds."""
        return max(p99(each) for each in self.actions.values())

    def board_p99(self) -> float:
        """Of a call's way to its displays, seconds."""
        return p99(self.board)


def p99(seconds: "array[float]") -> float:
    """Infinite where nothing was seen: no aim is met then."""
    return percentile(seconds, 0.99) if seconds else math.inf


def told(name: str, seconds: Iterable[float]) -> str:
    """p50, p99 and the largest, in milliseconds."""
    known = sorted(seconds)
    if not known:
        return f"{name} –"
    middle, most = (percentile(known, share) * 1e3 for share in (0.5, 0.99))
    return f"{name} {middle:.1f} / {most:.1f} / {known[-1] * 1e3:.0f}"
