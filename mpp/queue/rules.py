"""The ticket's life and who is next. Pure: no web, no database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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


def label(prefix: str, number: int) -> str:
    """What is printed, shown and spoken: `A-012`."""
    return f"{prefix}-{number:03d}"


def rank_at(joined_at: datetime, priority: Priority, head_start: timedelta) -> datetime:
    """The moment by which a ticket stands in its queue: priority counts as having come earlier.

    A head start rather than a lane of its own, so that nobody waits for ever.
    """
    return joined_at if priority is Priority.REGULAR else joined_at - head_start


# -- who is next ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """The first waiting ticket of one service and one lane (regular or priority)."""

    ticket_id: int
    label: str
    service_id: int
    priority: Priority
    joined_at: datetime
    rank_at: datetime
    weight: int = 1
    is_targeted: bool = False
    """Sent to this very counter by a transfer: it is expected here."""

    @property
    def is_priority(self) -> bool:
        return self.priority is not Priority.REGULAR

    def score(self, now: datetime) -> float:
        """Weighted wait in seconds. Negative (joined just now by another clock) counts as it is."""
        wait = (now - self.rank_at).total_seconds()
        return wait * self.weight if wait > 0 else wait / self.weight


@dataclass(frozen=True)
class Choice:
    """Who is next and by which rule, with everybody that was considered, best first."""

    head: Head
    rule: str
    considered: tuple[Head, ...]
    now: datetime
    limit: int
    """How many priority calls in a row were allowed when it was made."""

    @property
    def runner_up(self) -> Head | None:
        return next((h for h in self.considered if h.ticket_id != self.head.ticket_id), None)


def choose(
    heads: Iterable[Head], *, priority_in_a_row: int, limit: int, now: datetime
) -> Choice | None:
    """Who is called next at a counter; None when nobody waits.

    `heads`: the first of each lane of each service that the counter serves. `priority_in_a_row`:
    how many priority tickets this counter has called in a row just now; once that is `limit` and a
    regular ticket waits, the next call is regular.
    The longest weighted wait wins, the head start included; ties go to the ticket that joined first.
    """
    order = tuple(sorted(heads, key=lambda head: _place(head, now)))
    if not order:
        return None
    regular = [head for head in order if not head.is_priority]
    if order[0].is_priority and priority_in_a_row >= limit and regular:
        return Choice(regular[0], "bound", order, now, limit)
    first = order[0]
    if first.is_targeted:
        return Choice(first, "targeted", order, now, limit)
    if len(order) == 1:
        return Choice(first, "only", order, now, limit)
    overtaken = any(head.joined_at < first.joined_at for head in order[1:])
    if overtaken and first.is_priority:
        return Choice(first, "priority", order, now, limit)
    if overtaken and first.weight > 1:
        return Choice(first, "weight", order, now, limit)
    return Choice(first, "longest", order, now, limit)


def _place(head: Head, now: datetime) -> tuple[bool, float, datetime, int]:
    return (not head.is_targeted, -head.score(now), head.joined_at, head.ticket_id)


def explain(choice: Choice) -> str:
    """The reason in plain words, as the desk shows it and the history keeps it."""
    head, other = choice.head, choice.runner_up
    if choice.rule == "targeted":
        return "dialihkan ke loket ini"
    if choice.rule == "only" or other is None:
        return "satu-satunya antrean yang menunggu untuk loket ini"
    if choice.rule == "bound":
        skipped = choice.considered[0]
        return f"giliran umum setelah beberapa prioritas berturut-turut; {skipped.label} berikutnya"
    wait = _minutes(choice.now - head.joined_at)
    if choice.rule == "priority":
        behind = max(
            (h for h in choice.considered if h.joined_at < head.joined_at),
            key=lambda h: head.joined_at - h.joined_at,
        )
        late = _minutes(head.joined_at - behind.joined_at)
        return (
            f"prioritas: {PRIORITY_WORDS[head.priority]}, didahulukan dari {behind.label} "
            f"yang masuk {late} lebih dulu"
        )
    if choice.rule == "weight":
        return f"layanan berbobot {head.weight} di loket ini, menunggu {wait}"
    return f"menunggu paling lama: {wait}, berikutnya {other.label}"


def _minutes(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    return f"{seconds // 60} menit" if seconds >= 60 else f"{seconds} detik"


# -- how long it will take -----------------------------------------------------------------------

ENOUGH = 20
"""Fewer recent waits than this are too thin to promise anything from."""
COVERAGE = 0.9


@dataclass(frozen=True)
class Observed:
    """A wait that ended in a call: how many stood ahead at issue, how many counters were open."""

    ahead: int
    open_counters: int
    wait_s: float

    @property
    def pace(self) -> float:
        """Seconds of wait per place in the queue, per open counter."""
        return max(self.wait_s, 0.0) * max(self.open_counters, 1) / (self.ahead + 1)


@dataclass(frozen=True)
class ExpectedWait:
    """Seconds: nine of ten recent waits, scaled to this place, lay between `low_s` and `high_s`."""

    low_s: int
    mid_s: int
    high_s: int


@dataclass(frozen=True)
class Standing:
    """Where a waiting ticket stands."""

    people_ahead: int | None
    expected: ExpectedWait | None


NOWHERE = Standing(None, None)


def paces_of(recent: Iterable[Observed]) -> Sequence[float]:
    """Recent waits as paces, slowest last."""
    return sorted(each.pace for each in recent)


def expected_wait(paces: Sequence[float], *, ahead: int, open_counters: int) -> ExpectedWait | None:
    """The wait of somebody with `ahead` people in front and `open_counters` serving.

    `paces`: those of the service's recent waits, in order. The range is the pace's empirical 5 %,
    50 % and 95 % points times this place. None when fewer than `ENOUGH` waits are known, or when no
    counter is open: then nobody knows, and we say so.
    """
    if len(paces) < ENOUGH or open_counters < 1:
        return None
    scale = (ahead + 1) / open_counters
    low, mid, high = (
        round(quantile(paces, share) * scale)
        for share in ((1 - COVERAGE) / 2, 0.5, (1 + COVERAGE) / 2)
    )
    return ExpectedWait(low, mid, high)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The `share` quantile of values in order, linear between neighbours (Hyndman-Fan type 7).

    >>> quantile([1.0, 2.0, 3.0], 0.5)
    2.0
    """
    if not ordered:
        raise ValueError("no values")
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


# -- words that people give ----------------------------------------------------------------------


def priority(text: str | None) -> Priority:
    """Read a priority; none given is regular. `Invalid` names the field."""
    try:
        return Priority(text) if text else Priority.REGULAR
    except ValueError:
        raise Invalid(
            f"Prioritas tidak dikenal; pilih {', '.join(Priority)}.", field="priority"
        ) from None
