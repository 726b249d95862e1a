"""Whose turn it is, and why: a pure function that history can repeat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

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

    @property
    def placed_at(self) -> datetime:
        """When it came to its present place: as it joined, or as it returned behind everybody."""
        return max(self.joined_at, self.rank_at)

    @property
    def head_start(self) -> timedelta:
        """By how much it counts as having come earlier; nothing once it has gone to the end."""
        return self.placed_at - self.rank_at

    def wait(self, now: datetime) -> timedelta:
        """The time at its place. Negative (joined just now by another clock) counts as it is."""
        return now - self.placed_at

    def score(self, now: datetime) -> float:
        """Seconds: the real wait by the counter's weight, and the head start as it is.

        The head start is a bound on who may be passed, so no weight makes it longer.
        """
        return _weighted(self.wait(now), self.weight) + self.head_start.total_seconds()


def _weighted(wait: timedelta, weight: int) -> float:
    seconds = wait.total_seconds()
    return seconds * weight if seconds > 0 else seconds / weight


VERSION = 2
"""Of the rule by which a choice is made. In the first one weight multiplied the head start, too."""


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
    heads: Iterable[Head],
    *,
    priority_in_a_row: int,
    limit: int,
    now: datetime,
    version: int = VERSION,
) -> Choice | None:
    """Who is called next at a counter; None when nobody waits.

    `heads`: the first of each lane of each service that the counter serves. `priority_in_a_row`:
    how many priority tickets this counter has called in a row just now; once that is `limit` and a
    regular ticket waits, the next call is regular. `version`: of the rule, for calls of the past.
    The longest weighted wait wins, the head start added; ties go to the ticket that joined first.
    """
    order = tuple(sorted(heads, key=lambda head: _place(head, _score(head, now, version))))
    if not order:
        return None
    regular = [head for head in order if not head.is_priority]
    if order[0].is_priority and priority_in_a_row >= limit and regular:
        return Choice(regular[0], "bound", order, now, limit)
    return Choice(order[0], _rule(order, now), order, now, limit)


def line_up(
    waiting: Iterable[Head], *, priority_in_a_row: int, limit: int, now: datetime
) -> list[Head]:
    """Everybody who waits for a counter in the order in which `choose` would call them now.

    `waiting`: all, not only the first of each lane. As if the counter called one after another at
    this moment and nobody else did; with weights the order may shift as time goes on.
    """
    lanes: dict[tuple[int, bool, int], list[Head]] = {}
    for head in sorted(waiting, key=lambda each: (each.rank_at, each.ticket_id)):
        alone = head.ticket_id if head.is_targeted else 0
        lanes.setdefault((head.service_id, head.is_priority, alone), []).append(head)
    placed = []
    for lane in lanes.values():
        # Whoever stands in a lane is called after those before, even if its own place were better.
        places = accumulate((_place(head, head.score(now)) for head in lane), max)
        placed += [
            (place, n, head) for n, (place, head) in enumerate(zip(places, lane, strict=True))
        ]
    left = dict.fromkeys(head for *_, head in sorted(placed, key=lambda each: each[:2]))
    regular = iter([head for head in left if not head.is_priority])
    order, streak = [], priority_in_a_row
    while left:
        head = next(iter(left))
        if head.is_priority and streak >= limit:
            head = next((each for each in regular if each in left), head)
        del left[head]
        order.append(head)
        streak = streak + 1 if head.is_priority else 0
    return order


def _score(head: Head, now: datetime, version: int) -> float:
    return _weighted(now - head.rank_at, head.weight) if version < 2 else head.score(now)


_Place = tuple[bool, float, datetime, int]


def _place(head: Head, score: float) -> _Place:
    return (not head.is_targeted, -score, head.joined_at, head.ticket_id)


def _rule(order: Sequence[Head], now: datetime) -> str:
    """What was decisive for the first: without it somebody else would have been called."""
    first = order[0]
    if first.is_targeted:
        return "targeted"
    if len(order) == 1:
        return "only"
    if _passed_by_priority(order, now):
        return "priority"
    alike = [_place(head, head.score(now)) for head in (replace(h, weight=1) for h in order)]
    if min(alike) != alike[0] or _earlier(order):
        return "weight" if first.weight > 1 else "priority"
    return "longest"


def _earlier(order: Sequence[Head]) -> list[Head]:
    """Who has been at their place for longer than the first."""
    return [head for head in order[1:] if head.placed_at < order[0].placed_at]


def _passed_by_priority(order: Sequence[Head], now: datetime) -> list[Head]:
    """Who would be called in place of the first if that had no head start."""
    first = order[0]
    if not first.head_start:
        return []
    alone = _place(first, first.score(now) - first.head_start.total_seconds())
    return [head for head in order[1:] if _place(head, head.score(now)) < alone]


def explain(choice: Choice) -> str:
    """The reason in plain words, as the desk shows it and the history keeps it."""
    head, other = choice.head, choice.runner_up
    if choice.rule == "targeted":
        return "dialihkan ke loket ini"
    if choice.rule == "only" or other is None:
        return "satu-satunya antrean yang menunggu untuk loket ini"
    if choice.rule == "bound":
        skipped = choice.considered[0]
        return f"giliran umum setelah beberapa prioritas berturut-turut, sebelum {skipped.label}"
    if choice.rule == "priority":
        return f"prioritas: {PRIORITY_WORDS[head.priority]}, didahulukan dari {_passed(choice)}"
    waited = _minutes(head.wait(choice.now))
    if choice.rule == "weight":
        return f"layanan berbobot {head.weight} di loket ini, menunggu {waited}"
    longer = min(choice.considered, key=lambda each: each.joined_at)
    if longer.joined_at < head.joined_at:
        return f"urutan pertama, menunggu {waited}; {longer.label} kembali ke antrean sesudahnya"
    return f"menunggu paling lama: {waited}, di urutan kedua {other.label}"


def _passed(choice: Choice) -> str:
    """Whom priority passed, and what that ticket had in its favour."""
    head, order = choice.head, choice.considered
    by_rule = _passed_by_priority(order, choice.now) or _earlier(order) or order[1:]
    behind = min(by_rule, key=lambda each: (each.placed_at, each.ticket_id))
    if behind.placed_at >= head.placed_at:
        return f"{behind.label} yang layanannya berbobot {behind.weight} di loket ini"
    came = "masuk" if behind.placed_at == behind.joined_at else "kembali ke antrean"
    return f"{behind.label} yang {came} {_minutes(head.placed_at - behind.placed_at)} lebih dulu"


def _minutes(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    return f"{seconds // 60} menit" if seconds >= 60 else f"{seconds} detik"
