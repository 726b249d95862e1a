"""One officer at one counter, from opening to closing."""

from dataclasses import dataclass
from datetime import datetime

from mpp.counters.rules.mall import (
    ShiftState,
)


@dataclass(frozen=True)
class Shift:
    """A counter's present shift."""

    id: int
    counter_id: int
    officer_id: int | None
    state: ShiftState
    reason: str | None
    opened_at: datetime
    services: frozenset[int] | None
    """Only these of the counter's services; None: all of them."""
