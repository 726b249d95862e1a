"""A ticket's events replayed into spans of time. Definitions: docs/metrics.md.

Moments are whole microseconds since 1970, as the database gives them: a day has thousands of events,
and a datetime for each would cost more than all the arithmetic.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from mpp.queue.rules.life import OPEN_STATES, Action, Priority, State


class Event(NamedTuple):
    """One line of a ticket's history, as far as figures need it."""

    ticket_id: int
    seq: int
    at_us: int
    action: str
    state: str
    """After the action."""
    service_id: int
    """After the action."""
    counter_id: int | None
    """Where it happened; on leaving a counter, the one that was left."""
    officer_id: int | None
    label: str | None = None
    """On the issue only."""
    priority: str = str(Priority.REGULAR)
    channel: str | None = None
    """On the issue only."""


class Kind(StrEnum):
    """What a span of time was."""

    WAITING = "waiting"
    RESPONSE = "response"
    SERVICE = "service"
    TOTAL = "total"


class Span(NamedTuple):
    """A stretch of a ticket's life, with the service, counter and officer where it happened."""

    kind: Kind
    began_us: int
    seconds: float
    service_id: int
    counter_id: int | None
    officer_id: int | None


class Mark(NamedTuple):
    """Something that happened to a ticket at one moment, with where it happened."""

    action: str
    """`recall` or `transfer`."""
    at_us: int
    service_id: int
    """Of a transfer the one that was left."""
    counter_id: int | None
    officer_id: int | None


@dataclass(slots=True)
class TicketHistory:
    """What became of a ticket, as far as its events tell."""

    ticket_id: int
    label: str
    service_id: int
    """The service that it was issued for: under this one it is counted."""
    joined_us: int
    state: State = State.WAITING
    issues: int = 0
    """How often it was issued; anything but 1 breaks the invariant of conservation."""
    current_service_id: int = 0
    """The service that it is in now; another one after a transfer."""
    since_us: int = 0
    """Since when it is in this state."""
    waiting_since_us: int = 0
    """When it joined the queue that it last stood in."""
    counter_id: int | None = None
    """The counter that had it last."""
    officer_id: int | None = None
    spans: list[Span] = field(default_factory=list)
    priority: str = str(Priority.REGULAR)
    channel: str | None = None
    marks: list[Mark] = field(default_factory=list)
    """Recalls and transfers."""
    uncalled: Span | None = None
    """A wait that ended without a call: given up, or the day was closed."""
    uncalled_since_us: int | None = None
    """Since when it waits for a call that has not come; None when it does not."""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


_STATES: Mapping[str, State] = {str(state): state for state in State}
_COMPLETED = str(State.COMPLETED)
Where = tuple[int, int | None, int | None]
"""Service, counter, officer."""


class _Replay:
    """What must be remembered between two events of a ticket."""

    __slots__ = ("called", "history", "joined_us", "pieces", "service_id", "started")

    def __init__(self, history: TicketHistory) -> None:
        self.history = history
        self.service_id = history.service_id
        """Before the event that is taken now."""
        self.joined_us: int | None = None
        """Joined a queue and was not called since."""
        self.called: Event | None = None
        self.started: Event | None = None
        self.pieces: dict[Where, tuple[int, float]] = {}
        """Service time so far at a service that is not over: since when, seconds."""

    def issue(self, event: Event) -> None:
        self.history.issues += 1
        self.join(event)

    def join(self, event: Event) -> None:
        self.called = None
        self.joined_us = self.history.waiting_since_us = event.at_us

    def call(self, event: Event) -> None:
        self.attend(event)
        self.called = event
        if self.joined_us is not None:  # None: called before and sent back; the first call counted
            self._add(Kind.WAITING, self.joined_us, event)
            self.joined_us = None

    def attend(self, event: Event) -> None:
        """It is, or was until now, with this counter."""
        self.history.counter_id, self.history.officer_id = event.counter_id, event.officer_id

    def recall(self, event: Event) -> None:
        self.attend(event)
        self._mark(event)

    def start(self, event: Event) -> None:
        self.attend(event)
        self.started = event
        if self.called is not None:  # None: resumed after a pause, which is no call
            self._add(Kind.RESPONSE, self.called.at_us, event)
            self.called = None

    def pause(self, event: Event) -> None:
        self.attend(event)
        begun, self.started = self.started, None
        if begun is not None:
            where = (begun.service_id, begun.counter_id, begun.officer_id or event.officer_id)
            since, spent = self.pieces.get(where, (begun.at_us, 0.0))
            self.pieces[where] = (since, spent + _seconds(begun.at_us, event.at_us))

    def leave(self, event: Event) -> None:
        """The service is over: completed, referred, or on to another one."""
        self.pause(event)
        history = self.history
        for where, (since, spent) in self.pieces.items():
            history.spans.append(Span(Kind.SERVICE, since, spent, *where))
        self.pieces = {}
        if event.state == _COMPLETED:
            total = _seconds(history.joined_us, event.at_us)
            place = (history.service_id, history.counter_id, history.officer_id)
            history.spans.append(Span(Kind.TOTAL, history.joined_us, total, *place))

    def transfer(self, event: Event) -> None:
        self._mark(event)
        self.leave(event)
        self.join(event)

    def miss(self, event: Event) -> None:
        self.attend(event)
        self.called = None

    def give_back(self, event: Event) -> None:
        self.called = None

    def end(self, event: Event) -> None:
        """Cancelled or expired: a wait that was going on is known to have lasted until now at least."""
        if self.joined_us is not None:
            waited = _seconds(self.joined_us, event.at_us)
            self.history.uncalled = Span(
                Kind.WAITING, self.joined_us, waited, self.service_id, None, None
            )
            self.joined_us = None

    def _mark(self, event: Event) -> None:
        place = (self.service_id, event.counter_id, event.officer_id)
        self.history.marks.append(Mark(event.action, event.at_us, *place))

    def _add(self, kind: Kind, since_us: int, event: Event) -> None:
        seconds = _seconds(since_us, event.at_us)
        span = Span(kind, since_us, seconds, event.service_id, event.counter_id, event.officer_id)
        self.history.spans.append(span)


_TAKE: Mapping[str, Callable[[_Replay, Event], None]] = {
    str(Action.ISSUE): _Replay.issue,
    str(Action.CALL): _Replay.call,
    str(Action.RECALL): _Replay.recall,
    str(Action.START): _Replay.start,
    str(Action.COMPLETE): _Replay.leave,
    str(Action.MISS): _Replay.miss,
    str(Action.REQUEUE): _Replay.join,
    str(Action.RETURN): _Replay.give_back,
    str(Action.PARK): _Replay.pause,
    str(Action.RESUME): _Replay.attend,
    str(Action.TRANSFER): _Replay.transfer,
    str(Action.REFER): _Replay.leave,
    str(Action.CANCEL): _Replay.end,
    str(Action.CLOSE_DAY): _Replay.end,
}


def _seconds(since_us: int, until_us: int) -> float:
    """Never negative: two processes' clocks may differ by a little."""
    return (until_us - since_us) / 1_000_000 if until_us > since_us else 0.0


_BY_SEQ = attrgetter("seq")


def replay(events: Iterable[Event]) -> TicketHistory:
    """What became of one ticket. Events may come in any order; `seq` says which was first.

    Tells what the events say even where they are not legal: whether they are is for `invariants`. Raises
    `ValueError` for a ticket without events.
    """
    lines = sorted(events, key=_BY_SEQ)
    if not lines:
        raise ValueError("a ticket without events")
    first = lines[0]
    history = TicketHistory(
        first.ticket_id,
        first.label or "?",
        first.service_id,
        first.at_us,
        since_us=first.at_us,
        priority=first.priority,
        channel=first.channel,
    )
    replaying = _Replay(history)
    state = first.state
    for event in lines:
        _TAKE[event.action](replaying, event)
        replaying.service_id = event.service_id
        if event.state != state:
            state, history.since_us = event.state, event.at_us
    history.state = _STATES[state]
    history.current_service_id = lines[-1].service_id
    history.uncalled_since_us = replaying.joined_us
    return history


def events_by_ticket(events: Iterable[Event]) -> dict[int, list[Event]]:
    """Ticket id → its events, in the order they came."""
    by_ticket: dict[int, list[Event]] = {}
    for event in events:
        known = by_ticket.get(event.ticket_id)
        if known is None:
            by_ticket[event.ticket_id] = [event]
        else:
            known.append(event)
    return by_ticket


def ticket_histories(events: Iterable[Event]) -> list[TicketHistory]:
    """What became of every ticket in these events."""
    return [replay(theirs) for theirs in events_by_ticket(events).values()]
