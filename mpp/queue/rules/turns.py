"""Whose turn it is, and why: a pure function that history can repeat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mpp.queue.rules.life import PRIORITY_WORDS, Priority


def rank_at(joined_at: datetime, priority: Priority, head_start: timedelta) -> datetime:
    """The moment by which a ticket stands in its queue: priority counts as having come earlier.

    A head start rather than a lane of its own, so that nobody waits for ever.
    """
    return joined_at if priority is Priority.REGULAR else joined_at - head_start


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


def streak_of(priorities: Sequence[str]) -> int:
    """How many priority calls in a row these are, the last call first."""
    return next((i for i, p in enumerate(priorities) if p == Priority.REGULAR), len(priorities))


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
