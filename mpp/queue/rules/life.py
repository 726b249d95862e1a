"""A ticket's life as data: states, actions, and which follows which."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from mpp.errors import ActionNotAllowed, Invalid


class State(StrEnum):
    """Where a ticket stands. One column holds it, one function changes it."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    EXPIRED = "expired"


class Action(StrEnum):
    """What can happen to a ticket."""

    ISSUE = "issue"
    CALL = "call"
    RECALL = "recall"
    START = "start"
    COMPLETE = "complete"
    MISS = "miss"
    REQUEUE = "requeue"
    RETURN = "return"
    PARK = "park"
    RESUME = "resume"
    TRANSFER = "transfer"
    REFER = "refer"
    CANCEL = "cancel"
    CLOSE_DAY = "close_day"


class Priority(StrEnum):
    """Self-declared at the kiosk; no diagnosis is ever asked or kept."""

    REGULAR = "regular"
    ELDERLY = "elderly"
    DISABILITY = "disability"
    PREGNANT = "pregnant"
    INFANT = "infant"


class Outcome(StrEnum):
    """How a service ended."""

    DONE = "done"
    INCOMPLETE = "incomplete"
    REFERRED = "referred"


class Place(StrEnum):
    """Where a ticket that returns to a queue stands in it."""

    JOINED = "joined"
    """As if it had never left: by the time it joined first."""
    LAST = "last"
    """Behind everybody who waits now."""


class Channel(StrEnum):
    """Through what a ticket was taken."""

    KIOSK = "kiosk"
    STAFF = "staff"
    WEB = "web"
    REFERRAL = "referral"


OPEN_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING, State.PARKED})

IN_HAND = frozenset({State.CALLED, State.SERVING})

RETURNS = (Action.RETURN, Action.REQUEUE, Action.TRANSFER)
"""What brings a ticket into a queue again."""

TRANSITIONS: Mapping[tuple[State, Action], State] = MappingProxyType(
    {
        (State.WAITING, Action.CALL): State.CALLED,
        (State.WAITING, Action.CANCEL): State.CANCELLED,
        (State.CALLED, Action.RECALL): State.CALLED,
        (State.CALLED, Action.START): State.SERVING,
        (State.CALLED, Action.MISS): State.NO_SHOW,
        (State.CALLED, Action.RETURN): State.WAITING,
        (State.NO_SHOW, Action.REQUEUE): State.WAITING,
        (State.SERVING, Action.COMPLETE): State.COMPLETED,
        (State.SERVING, Action.TRANSFER): State.WAITING,
        (State.SERVING, Action.PARK): State.PARKED,
        (State.SERVING, Action.REFER): State.COMPLETED,
        (State.PARKED, Action.RESUME): State.CALLED,
    }
    | {(state, Action.CLOSE_DAY): State.EXPIRED for state in State if state in OPEN_STATES}
)


def after(state: State, action: Action) -> State:
    """The state that an action leads to; `ActionNotAllowed` when the table has no such line."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise ActionNotAllowed(
            f"Tiket yang {STATE_WORDS[state]} tidak dapat {ACTION_WORDS[action]}.",
            state=state,
            action=action,
            allowed=sorted(allowed_actions(state)),
        ) from None


def allowed_actions(state: State) -> frozenset[Action]:
    """What may happen to a ticket in this state."""
    return frozenset(action for source, action in TRANSITIONS if source is state)


def desk_actions(state: State) -> frozenset[Action]:
    """What an officer's screen offers for a ticket: all but what only the end of the day does."""
    return allowed_actions(state) - {Action.CLOSE_DAY}


def diagram() -> str:
    """The ticket's life as a Mermaid state diagram, drawn from the table."""
    arrows: dict[tuple[State, State], list[Action]] = {}
    for (source, action), target in TRANSITIONS.items():
        arrows.setdefault((source, target), []).append(action)
    lines = ["stateDiagram-v2", "    [*] --> waiting: issue"]
    lines += [
        f"    {source} --> {target}: {', '.join(actions)}"
        for (source, target), actions in arrows.items()
    ]
    ends = sorted(set(State) - {source for source, _ in TRANSITIONS})
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in ends)])


STATE_WORDS: Mapping[State, str] = {
    State.WAITING: "menunggu",
    State.CALLED: "dipanggil",
    State.SERVING: "dilayani",
    State.PARKED: "ditunda",
    State.COMPLETED: "selesai",
    State.CANCELLED: "dibatalkan",
    State.NO_SHOW: "tidak hadir",
    State.EXPIRED: "kedaluwarsa",
}

ACTION_WORDS: Mapping[Action, str] = {
    Action.ISSUE: "diambil",
    Action.CALL: "dipanggil",
    Action.RECALL: "dipanggil ulang",
    Action.START: "mulai dilayani",
    Action.COMPLETE: "diselesaikan",
    Action.MISS: "dicatat tidak hadir",
    Action.REQUEUE: "dikembalikan ke antrean",
    Action.RETURN: "dikembalikan ke antrean",
    Action.PARK: "ditunda",
    Action.RESUME: "dilanjutkan",
    Action.TRANSFER: "dialihkan",
    Action.REFER: "dirujuk",
    Action.CANCEL: "dibatalkan",
    Action.CLOSE_DAY: "ditutup",
}

PRIORITY_WORDS: Mapping[Priority, str] = {
    Priority.REGULAR: "umum",
    Priority.ELDERLY: "lansia",
    Priority.DISABILITY: "penyandang disabilitas",
    Priority.PREGNANT: "ibu hamil",
    Priority.INFANT: "membawa anak kecil",
}


LABEL_DIGITS = 3


def label(prefix: str, number: int) -> str:
    """What is printed, shown and spoken: `A-012`."""
    return f"{prefix}-{number:0{LABEL_DIGITS}d}"


def priority(text: str | None) -> Priority:
    """Read a priority; none given is regular. `Invalid` names the field."""
    try:
        return Priority(text) if text else Priority.REGULAR
    except ValueError:
        raise Invalid(
            f"Prioritas tidak dikenal; pilih {', '.join(Priority)}.", field="priority"
        ) from None
