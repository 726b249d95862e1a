"""Random halls with weights, transfers and tickets that come back: what priority may do in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from factories import NINE
from hypothesis import given
from hypothesis import strategies as st

from mpp.queue.rules import life, turns
from mpp.queue.rules.life import Priority
from mpp.queue.rules.turns import Choice, Head

HEAD_START = timedelta(minutes=15)
SERVICES = (1, 2, 3)


@dataclass
class Hall:
    """Who waits, as the tables hold it, and the counters' weights."""

    weights: list[dict[int, int]]
    now: datetime = NINE
    waiting: list[Head] = field(default_factory=list)
    streaks: dict[int, int] = field(default_factory=dict)
    taken: int = 0

    def take(self, service: int, priority: Priority) -> None:
        self.taken += 1
        rank = turns.rank_at(self.now, priority, HEAD_START)
        label = life.label("A", self.taken)
        self.waiting.append(Head(self.taken, label, service, priority, self.now, rank))

    def offered(self, counter: int) -> list[Head]:
        """Everybody whom the counter may call, with its weights."""
        weights = self.weights[counter]
        return [
            replace(h, weight=weights[h.service_id])
            for h in self.waiting
            if h.service_id in weights
        ]

    def call(self, counter: int) -> Choice | None:
        """As `call_next` does: the first of each service and lane, then the rule."""
        lanes: dict[tuple[int, bool], Head] = {}
        for each in sorted(self.offered(counter), key=lambda h: (h.rank_at, h.ticket_id)):
            lanes.setdefault((each.service_id, each.is_priority), each)
        streak = self.streaks.get(counter, 0)
        choice = turns.choose(lanes.values(), priority_in_a_row=streak, limit=2, now=self.now)
        if choice is not None:
            self.streaks[counter] = streak + 1 if choice.head.is_priority else 0
            self.waiting = [h for h in self.waiting if h.ticket_id != choice.head.ticket_id]
        return choice

    def back(self, one: Head, service: int, last: bool) -> None:
        """Returned or transferred, to its place or to the end."""
        joined = turns.rank_at(one.joined_at, one.priority, HEAD_START)
        self.waiting.append(replace(one, service_id=service, rank_at=self.now if last else joined))


def lived(seed: int, weights: list[dict[int, int]]) -> Iterator[tuple[Choice, list[Head]]]:
    """Every call of a hall's hours, and everybody else whom that counter could have called."""
    chance = Random(seed)
    hall = Hall(weights)
    for _ in range(120):
        hall.now += timedelta(seconds=chance.randrange(240))
        if chance.random() < 0.55:
            hall.take(chance.choice(SERVICES), chance.choice([*Priority, *[Priority.REGULAR] * 4]))
            continue
        counter = chance.randrange(len(weights))
        everybody = hall.offered(counter)
        choice = hall.call(counter)
        if choice is None:
            continue
        yield choice, [h for h in everybody if h.ticket_id != choice.head.ticket_id]
        if chance.random() < 0.25:
            hall.back(choice.head, chance.choice(SERVICES), chance.random() < 0.5)


seeds = st.integers(0, 2**32)
weight = st.integers(1, 10)
counters = st.lists(st.fixed_dictionaries(dict.fromkeys(SERVICES, weight)), min_size=2, max_size=2)


@given(seeds, counters)
def test_nobody_is_passed_by_more_than_the_head_start_through_priority(seed, weights) -> None:
    """Had everybody who is left come by the head start later, weight alone would have decided so."""
    for choice, everybody in lived(seed, weights):
        bound = choice.rule == "bound"
        mine = choice.head.wait(choice.now).total_seconds() * choice.head.weight
        for other in everybody:
            later = (other.wait(choice.now) - HEAD_START).total_seconds() * other.weight
            assert later <= mine or (bound and other.is_priority)


@given(seeds, weight)
def test_with_equal_weights_that_is_the_head_start_by_the_clock(seed, each) -> None:
    for choice, everybody in lived(seed, [dict.fromkeys(SERVICES, each)] * 2):
        for other in everybody:
            passed_by = choice.head.placed_at - other.placed_at
            assert passed_by <= HEAD_START or (choice.rule == "bound" and other.is_priority)
