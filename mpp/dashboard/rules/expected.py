"""What was set: thresholds as they were saved, expected days, follow-ups past their day."""

from dataclasses import dataclass, field
from datetime import date, datetime

from mpp.dashboard.rules.targets import DEFAULTS, Values


@dataclass(frozen=True)
class Change:
    """A save of all thresholds. `id` 0: nobody has ever changed any."""

    id: int
    targets: Values = field(default_factory=lambda: DEFAULTS)
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class ExpectedDay:
    """What is expected of a day. `expected` None: as usual."""

    day: date
    expected: int | None
    note: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Overdue:
    """Follow-ups of a published report that should be done by now."""

    report_id: int
    count: int
    since: date
