"""What an action asks before it is done: reasons, times, places, and where a ticket may go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from mpp.counters.rules.mall import Agency, Counter, Mall, Service, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.queue.pages.desk import (
    BUTTONS,
    CHOOSE,
    PAUSE,
    Button,
    CounterChoice,
    Line,
    counter_choices,
    services_of,
)
from mpp.queue.pages.labels import OUTCOMES, PLACES, REASONS
from mpp.queue.rules.life import Action, Place
from mpp.web.pages import Page

NEEDS_REASON = frozenset({PAUSE.action, Action.PARK, Action.CALL})
PARK_MINUTES = (10, 15, 30, 60)
USUAL_PLACE: Mapping[str, Place] = {Action.TRANSFER: Place.JOINED, Action.REQUEUE: Place.LAST}
ASKING: Mapping[str, Button] = {
    button.action: button
    for button in (CHOOSE, PAUSE, *(each for some in BUTTONS.values() for each in some))
    if button.asks
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A form that stands between a button and what it does."""

    button: Button
    counter: Counter
    line: Line | None = None
    """The ticket that it is about; None when it is about the counter."""
    reasons: Sequence[str] = ()
    needs_reason: bool = False
    services: Sequence[Service] = ()
    """Which of them this shift shall serve."""
    minutes: Sequence[int] = ()
    outcomes: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    place: str | None = None
    to_counters: Sequence[CounterChoice] = ()
    to_services: Sequence[tuple[Agency, Sequence[Service]]] = ()
    error: str | None = None


def question(
    mall: Mall,
    counter: Counter,
    button: Button,
    line: Line | None,
    shifts: Mapping[int, Shift],
    error: str | None = None,
) -> Question:
    """The form of a button. `line`: the ticket that it is about."""
    action = button.action
    others = [each for each in mall.counters if each.id != counter.id]
    return Question(
        button=button,
        counter=counter,
        line=line,
        reasons=REASONS.get(action, ()),
        needs_reason=action in NEEDS_REASON,
        services=services_of(mall, counter) if action == CHOOSE.action else (),
        minutes=PARK_MINUTES if action == Action.PARK else (),
        outcomes=OUTCOMES if action == Action.COMPLETE else {},
        places=PLACES if action in USUAL_PLACE else {},
        place=USUAL_PLACE.get(action),
        to_counters=open_first(mall, others, shifts) if action == Action.TRANSFER else (),
        to_services=to_services(mall, action, line),
        error=error,
    )


def open_first(
    mall: Mall, counters: Sequence[Counter], shifts: Mapping[int, Shift]
) -> list[CounterChoice]:
    choices = counter_choices(mall, counters, shifts)
    return sorted(choices, key=lambda each: each.shift is ShiftState.CLOSED)


def to_services(
    mall: Mall, action: str, line: Line | None
) -> list[tuple[Agency, Sequence[Service]]]:
    """Where the ticket may go: any other service; a referral leads to another agency."""
    if action not in {Action.TRANSFER, Action.REFER} or line is None:
        return []
    groups: list[tuple[Agency, Sequence[Service]]] = []
    for agency in mall.agencies:
        if action == Action.REFER and agency == line.agency:
            continue
        theirs = [each for each in mall.services_of(agency) if each != line.service]
        if theirs:
            groups.append((agency, theirs))
    return groups


@dataclass(frozen=True, kw_only=True)
class QuestionPage(Page):
    """`/desk/{counter_id}/ask/{action}`: the form as a page, for browsers without scripts."""

    template: ClassVar[str] = "queue/desk_ask.html"
    question: Question


@dataclass(frozen=True, kw_only=True)
class QuestionPart(Page):
    """The same form alone, to be shown in a dialog."""

    template: ClassVar[str] = "queue/desk_question.html"
    question: Question
