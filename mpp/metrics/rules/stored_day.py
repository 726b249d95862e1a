"""What is stored of a day, as it is checked; and the invariants that count: tickets and their numbers."""

from collections import Counter as Multiset
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from mpp.queue.rules.life import Action, State


class Invariant(StrEnum):
    """What was broken."""

    CONSERVATION = "conservation"
    NUMBERING = "numbering"
    HISTORY = "history"
    STATE = "state"
    IN_HAND = "in_hand"
    CHOICE = "choice"
    CLOCK = "clock"
    OFFICER = "officer"


@dataclass(frozen=True)
class Violation:
    """A breach: which invariant, on which day, of what (a label, a prefix, a service, a counter)."""

    invariant: Invariant
    day: date
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.day} {self.invariant} {self.subject}: {self.detail}"


class Line(NamedTuple):
    """One stored event, whole."""

    id: int
    ticket_id: int
    seq: int
    at: datetime
    action: str
    state: str
    service_id: int
    counter_id: int | None
    officer_id: int | None
    priority: str
    ahead: int | None
    open_counters: int | None
    wait_s: float | None
    data: Mapping[str, Any] | None
    made_at: datetime
    """When its id was made, by the clock of the process that made it."""
    node: int
    """Which process that was."""


class Row(NamedTuple):
    """What a ticket's columns say."""

    id: int
    visit_id: int
    service_id: int
    prefix: str
    number: int
    label: str
    state: str
    priority: str
    channel: str
    counter_id: int | None
    target_counter_id: int | None
    calls: int
    events: int
    ahead_at_join: int
    open_at_join: int
    joined_at: datetime
    rank_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parked_until: datetime | None
    reason: str | None
    outcome: str | None


@dataclass(frozen=True)
class Day:
    """Everything that is stored of a business day."""

    day: date
    lines: Sequence[Line]
    rows: Mapping[int, Row]
    """Ticket id → its columns."""
    last_numbers: Mapping[str, int]
    """Prefix → last number given."""
    priority_limit: int
    """The mall's present bound on priority calls in a row, for calls that did not store theirs."""
    services: Mapping[int, str]
    counters: Mapping[int, str]
    """Id → what people call it."""
    counters_of: Mapping[int, Set[int] | None]
    """Officer → the counters that are or on this day were theirs; None: a leader, who may act at all."""

    clock_was_off: bool = False
    """A machine's clock was set back, and the mall's time held: ids and moments then differ."""

    def breach(self, invariant: Invariant, subject: str, detail: str) -> Violation:
        return Violation(invariant, self.day, subject, detail)

    def label(self, ticket_id: int) -> str:
        row = self.rows.get(ticket_id)
        return row.label if row else f"tiket {ticket_id}"


def conservation(day: Day) -> Iterator[Violation]:
    """Issued = completed + cancelled + expired + no-show + still open, for every service.

    What was issued is counted from the events, what became of it from the tickets.
    """
    issues = [line for line in day.lines if line.action == Action.ISSUE]
    issued = Multiset(line.service_id for line in issues)
    issued_for = {line.ticket_id: line.service_id for line in issues}
    ended: dict[int, Multiset[str]] = {}
    for row in day.rows.values():
        service = issued_for.get(row.id, row.service_id)
        ended.setdefault(service, Multiset())[_column(row.state)] += 1
    for service in sorted(issued.keys() | ended.keys()):
        parts = ended.get(service, Multiset())
        if issued[service] != parts.total():
            sums = " + ".join(f"{name} {parts[name]}" for name in _COLUMNS)
            detail = f"diambil {issued[service]} ≠ {sums}"
            yield day.breach(
                Invariant.CONSERVATION, day.services.get(service, str(service)), detail
            )


_OPEN = "masih terbuka"
_CLOSED = {
    State.COMPLETED: "selesai",
    State.CANCELLED: "batal",
    State.EXPIRED: "kedaluwarsa",
    State.NO_SHOW: "tidak hadir",
}
_COLUMNS = (*_CLOSED.values(), _OPEN)


def _column(state: str) -> str:
    return _CLOSED.get(State(state), _OPEN)


def numbering(day: Day) -> Iterator[Violation]:
    """For every prefix the numbers are 1 … n, each once, and n is the series' last number."""
    numbers: dict[str, Multiset[int]] = {prefix: Multiset() for prefix in day.last_numbers}
    for row in day.rows.values():
        numbers.setdefault(row.prefix, Multiset())[row.number] += 1
    for prefix, given in sorted(numbers.items()):
        last = day.last_numbers.get(prefix, 0)
        highest = max(given, default=0)
        for number in sorted(number for number, times in given.items() if times > 1):
            yield day.breach(
                Invariant.NUMBERING, prefix, f"nomor {number} ada {given[number]} kali"
            )
        gaps = [number for number in range(1, highest + 1) if number not in given]
        if gaps:
            yield day.breach(Invariant.NUMBERING, prefix, f"nomor {listed(gaps)} tidak ada")
        if last != highest:
            detail = f"nomor terakhir {highest}, tetapi deret nomor mencatat {last}"
            yield day.breach(Invariant.NUMBERING, prefix, detail)


def listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return f"{shown} dan {len(numbers) - 5} lainnya" if len(numbers) > 5 else shown
