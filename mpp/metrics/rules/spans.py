"""A ticket's history folded into spans of time. Definitions: docs/metrics.md.

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
class Story:
    """What became of a ticket, as far as its events tell."""

    ticket_id: int
    label: str
    service_id: int
    """The service that it was issued for: under this one it is counted."""
    joined_us: int
    state: State = State.WAITING
    issues: int = 0
    """How often it was issued; anything but 1 breaks the law of conservation."""
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


class _Folding:
    """What must be remembered between two events of a ticket."""

    __slots__ = ("called", "joined_us", "pieces", "service_id", "started", "story")

    def __init__(self, story: Story) -> None:
        self.story = story
        self.service_id = story.service_id
        """Before the event that is taken now."""
        self.joined_us: int | None = None
        """Joined a queue and was not called since."""
        self.called: Event | None = None
        self.started: Event | None = None
        self.pieces: dict[Where, tuple[int, float]] = {}
        """Service time so far at a service that is not over: since when, seconds."""

    def issue(self, event: Event) -> None:
        self.story.issues += 1
        self.join(event)

    def join(self, event: Event) -> None:
        self.called = None
        self.joined_us = self.story.waiting_since_us = event.at_us

    def call(self, event: Event) -> None:
        self.attend(event)
        self.called = event
        if self.joined_us is not None:  # None: called before and sent back; the first call counted
            self._add(Kind.WAITING, self.joined_us, event)
            self.joined_us = None

    def attend(self, event: Event) -> None:
        """It is, or was until now, with this counter."""
        self.story.counter_id, self.story.officer_id = event.counter_id, event.officer_id

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
        story = self.story
        for where, (since, spent) in self.pieces.items():
            story.spans.append(Span(Kind.SERVICE, since, spent, *where))
        self.pieces = {}
        if event.state == _COMPLETED:
            total = _seconds(story.joined_us, event.at_us)
            place = (story.service_id, story.counter_id, story.officer_id)
            story.spans.append(Span(Kind.TOTAL, story.joined_us, total, *place))

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
            self.story.uncalled = Span(
                Kind.WAITING, self.joined_us, waited, self.service_id, None, None
            )
            self.joined_us = None

    def _mark(self, event: Event) -> None:
        place = (self.service_id, event.counter_id, event.officer_id)
        self.story.marks.append(Mark(event.action, event.at_us, *place))

    def _add(self, kind: Kind, since_us: int, event: Event) -> None:
        seconds = _seconds(since_us, event.at_us)
        span = Span(kind, since_us, seconds, event.service_id, event.counter_id, event.officer_id)
        self.story.spans.append(span)


_TAKE: Mapping[str, Callable[[_Folding, Event], None]] = {
    str(Action.ISSUE): _Folding.issue,
    str(Action.CALL): _Folding.call,
    str(Action.RECALL): _Folding.recall,
    str(Action.START): _Folding.start,
    str(Action.COMPLETE): _Folding.leave,
    str(Action.MISS): _Folding.miss,
    str(Action.REQUEUE): _Folding.join,
    str(Action.RETURN): _Folding.give_back,
    str(Action.PARK): _Folding.pause,
    str(Action.RESUME): _Folding.attend,
    str(Action.TRANSFER): _Folding.transfer,
    str(Action.REFER): _Folding.leave,
    str(Action.CANCEL): _Folding.end,
    str(Action.CLOSE_DAY): _Folding.end,
}


def _seconds(since_us: int, until_us: int) -> float:
    """Never negative: two processes' clocks may differ by a little."""
    return (until_us - since_us) / 1_000_000 if until_us > since_us else 0.0


_BY_SEQ = attrgetter("seq")


def fold(history: Iterable[Event]) -> Story:
    """What became of one ticket. Events may come in any order; `seq` says which was first.

    Tells what the events say even where they are not legal: whether they are is for `laws`. Raises
    `ValueError` for a ticket without events.
    """
    events = sorted(history, key=_BY_SEQ)
    if not events:
        raise ValueError("a ticket without events")
    first = events[0]
    story = Story(
        first.ticket_id,
        first.label or "?",
        first.service_id,
        first.at_us,
        since_us=first.at_us,
        priority=first.priority,
        channel=first.channel,
    )
    folding = _Folding(story)
    state = first.state
    for event in events:
        _TAKE[event.action](folding, event)
        folding.service_id = event.service_id
        if event.state != state:
            state, story.since_us = event.state, event.at_us
    story.state = _STATES[state]
    story.current_service_id = events[-1].service_id
    story.uncalled_since_us = folding.joined_us
    return story


def histories(events: Iterable[Event]) -> dict[int, list[Event]]:
    """Ticket id → its events, in the order they came."""
    by_ticket: dict[int, list[Event]] = {}
    for event in events:
        known = by_ticket.get(event.ticket_id)
        if known is None:
            by_ticket[event.ticket_id] = [event]
        else:
            known.append(event)
    return by_ticket


def stories(events: Iterable[Event]) -> list[Story]:
    """What became of every ticket in these events."""
    return [fold(history) for history in histories(events).values()]
