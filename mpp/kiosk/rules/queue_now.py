"""How one service's queue stands for whoever may join it."""

from dataclasses import dataclass

from mpp.errors import Conflict
from mpp.kiosk.rules.slip import minutes
from mpp.queue.rules.forecast import ExpectedWait


@dataclass(frozen=True, kw_only=True)
class QueueNow:
    """How one service's queue stands, and why no number can be taken if that is so."""

    waiting: int
    """How many would be called before whoever joined now, of all services of the same counter."""
    in_service: int
    """How many wait for this service."""
    is_idle: bool
    """A counter is free and nobody waits for it: there is no wait to tell of."""
    expected: ExpectedWait | None
    """The wait of somebody who joined now."""
    open_counters: int
    refusal: Conflict | None

    @property
    def minutes(self) -> tuple[int, int] | None:
        return minutes(self.expected.low_s, self.expected.high_s) if self.expected else None
