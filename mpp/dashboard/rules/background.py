"""What today is seen against: the typical day, the running survey, the thresholds, who is
paused, how last week's told waits held, a clock that was set back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mpp.counters.rules.shift import Shift
from mpp.dashboard.rules.expected import Change
from mpp.dashboard.rules.typical_day import TypicalDay
from mpp.metrics.rules.figures import TallyTable
from mpp.metrics.rules.promised_ranges import Held, held
from mpp.metrics.rules.spans import TicketHistory
from mpp.metrics.rules.terms import Span
from mpp.queue.rules.clock_steps import ClockStep
from mpp.survey.rules.result import Figures


@dataclass(frozen=True, kw_only=True)
class Running:
    """The survey of a term that is not over, up to now."""

    span: Span
    figures: Figures


@dataclass(frozen=True)
class Background:
    """What today is seen against. `paused`: counter id → since when, of those that are paused now."""

    typical: TypicalDay = field(default_factory=TypicalDay)
    running: Running | None = None
    change: Change = field(default_factory=lambda: Change(0))
    paused: Mapping[int, datetime] = field(default_factory=dict)
    ranges: Held = field(default_factory=lambda: held([]))
    step: ClockStep | None = None
    """Of a clock that has not caught up yet: until then the mall's time stands still."""


@dataclass(frozen=True)
class Today:
    """The mall as it stands. `hours`, `agencies`: the same ticket_histories, counted under these headings."""

    ticket_histories: Sequence[TicketHistory]
    shifts: Mapping[int, Shift]
    hours: TallyTable
    agencies: TallyTable
    background: Background
