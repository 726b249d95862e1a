"""A clock that was set back, as the operator is told: which readings are one step, until when it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTED = timedelta(seconds=2)
"""Requests overtake each other by less; what is held by more is a clock that was set back."""

AGAIN = timedelta(minutes=5)
"""A machine whose clock stays behind the others' is noted anew after so long, not at every command."""


@dataclass(frozen=True, slots=True)
class ClockStep:
    """By the clock of `host` it was `noticed_at` when the mall's time already stood at `held_at`."""

    noticed_at: datetime
    held_at: datetime
    host: str
    node: int
    """Which process noticed it."""

    @property
    def behind(self) -> timedelta:
        return self.held_at - self.noticed_at

    def covers(self, now: datetime) -> bool:
        """Whether a clock of the same machine that reads `now` and is behind is behind by this step.

        A lower reading than when it was noticed is another step.
        """
        return self.noticed_at - NOTED <= now < max(self.held_at, self.noticed_at + AGAIN)

    def counts(self, now: datetime, host: str) -> bool:
        """Whether it is to be told by `host` at `now`: the clock has not caught up.

        Of another machine nothing is known but that it has not been noted for `AGAIN`.
        """
        return now < (self.held_at if host == self.host else self.held_at + AGAIN)


def distinct(steps: Iterable[ClockStep]) -> list[ClockStep]:
    """In the order of noticing, without what several commands noticed at the same moment."""
    found: list[ClockStep] = []
    for step in steps:
        if not any(each.host == step.host and each.covers(step.noticed_at) for each in found):
            found.append(step)
    return found
