"""What a desk and a visitor's phone show of a moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from mpp.counters.rules.mall import Counter
from mpp.counters.rules.shift import Shift
from mpp.queue.rules.forecast import Standing
from mpp.queue.rules.life import Action
from mpp.queue.rules.ticket import Ticket, Visit


@dataclass(frozen=True)
class VisitNow:
    """`tickets`: the visit's, most urgent first, at least one, with where each stands."""

    visit: Visit
    tickets: Sequence[tuple[Ticket, Standing]]


@dataclass(frozen=True)
class Brought:
    """What another counter said when it sent a ticket on, or this one when it took it back."""

    action: Action
    counter_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeskNow:
    """A counter: its shift, the ticket in hand, who waits for it with where each stands."""

    counter: Counter
    shift: Shift | None
    current: Ticket | None
    brought: Brought | None
    waiting: Sequence[tuple[Ticket, Standing]]
    waiting_count: int
    parked: Sequence[Ticket]
    missed: Sequence[Ticket]
    served_today: int
