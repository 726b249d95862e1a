"""Who is next: fair within the head start, bounded for priority, the same whoever asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from factories import NINE
from hypothesis import given
from hypothesis import strategies as st

from mpp.queue.rules import life, turns
from mpp.queue.rules.life import Priority
from mpp.queue.rules.turns import Choice, Head

HEAD_START = timedelta(minutes=15)
REGULAR, ELDERLY = Priority.REGULAR, Priority.ELDERLY


def head(
    number: int,
    joined_at: datetime,
    priority: Priority = REGULAR,
    *,
    weight: int = 1,
    service: int = 1,
) -> Head:
    return Head(
        ticket_id=number,
        label=life.label("A", number),
        service_id=service,
        priority=priority,
        joined_at=joined_at,
        rank_at=turns.rank_at(joined_at, priority, HEAD_START),
        weight=weight,
    )


def ago(minutes: float):
    return NINE - timedelta(minutes=minutes)


def choose(
    heads: Sequence[Head], *, streak: int = 0, limit: int = 2, now: datetime = NINE
) -> Choice:
    choice = turns.choose(heads, priority_in_a_row=streak, limit=limit, now=now)
    assert choice is not None
    return choice


moments = st.integers(-4 * 3600, 5).map(lambda seconds: NINE + timedelta(seconds=seconds))


def waiting(weights: st.SearchStrategy[int], *, targeted: bool = False, size: int = 1):
    built = st.builds(
        lambda number, joined, priority, weight, sent: replace(
            head(number, joined, priority, weight=weight), is_targeted=sent
        ),
        st.integers(1, 999),
        moments,
        st.sampled_from(Priority),
        weights,
        st.booleans() if targeted else st.just(False),
    )
    return st.lists(built, min_size=size, max_size=12, unique_by=lambda each: each.ticket_id)


equal = waiting(st.just(1))
any_heads = waiting(st.integers(1, 10), targeted=True)
streaks = st.integers(0, 5)


def test_nobody_is_called_when_nobody_waits() -> None:
    assert turns.choose([], priority_in_a_row=0, limit=2, now=NINE) is None


@given(any_heads, streaks, st.integers(1, 5))
def test_whoever_waits_somebody_is_called_for_a_reason(
    heads: list[Head], streak: int, limit: int
) -> None:
    choice = choose(heads, streak=streak, limit=limit)
    assert choice.head in heads
    assert set(choice.considered) == set(heads)
    assert 0 < len(turns.explain(choice)) <= 300


@given(any_heads, streaks, st.data())
def test_the_order_in_which_the_database_answers_does_not_matter(
    heads: list[Head], streak: int, data: st.DataObject
) -> None:
    assert choose(data.draw(st.permutations(heads)), streak=streak) == choose(heads, streak=streak)


@given(any_heads, streaks)
def test_what_was_considered_gives_the_same_choice_again(heads: list[Head], streak: int) -> None:
    first = choose(heads, streak=streak)
    assert choose(first.considered, streak=streak) == first


@given(equal)
def test_nobody_is_overtaken_by_more_than_the_head_start(heads: list[Head]) -> None:
    called = choose(heads).head
    for left in heads:
        assert called.joined_at - left.joined_at <= HEAD_START


@given(equal, streaks)
def test_only_priority_overtakes_a_regular_ticket(heads: list[Head], streak: int) -> None:
    called = choose(heads, streak=streak).head
    overtaken = [h for h in heads if not h.is_priority and h.joined_at < called.joined_at]
    assert not overtaken or called.is_priority


@given(equal, st.integers(1, 5), st.integers(0, 3))
def test_after_enough_priority_in_a_row_the_first_regular_ticket_goes(
    heads: list[Head], limit: int, more: int
) -> None:
    choice = choose(heads, streak=limit + more, limit=limit)
    regular = [each for each in heads if not each.is_priority]
    assert not regular or choice.head == min(regular, key=lambda h: (h.joined_at, h.ticket_id))


@given(waiting(st.just(1), size=8), st.integers(1, 4))
def test_a_morning_at_one_counter_keeps_the_bound_and_calls_everybody_once(
    tickets: list[Head], limit: int
) -> None:
    left = list(tickets)
    called: list[Head] = []
    while left:
        streak = len(list(takewhile(lambda h: h.is_priority, reversed(called))))
        choice = choose(left, streak=streak, limit=limit)
        if any(not each.is_priority for each in left):
            assert not (choice.head.is_priority and streak >= limit)
        called.append(choice.head)
        left.remove(choice.head)
    assert sorted(h.ticket_id for h in called) == sorted(h.ticket_id for h in tickets)


@given(waiting(st.integers(1, 10)))
def test_weight_lets_nobody_pass_who_has_waited_less_than_its_share(heads: list[Head]) -> None:
    """Whoever has waited T is passed by nobody who has waited less than T × own weight / the other's.

    Priority counts on top of that as the head start, which no weight makes longer.
    """
    called = choose(heads).head
    for left in heads:
        assert weighed(called) >= weighed(left)


def weighed(one: Head) -> float:
    seconds = (NINE - one.joined_at).total_seconds()
    real = seconds * one.weight if seconds > 0 else seconds / one.weight
    return real + (HEAD_START.total_seconds() if one.is_priority else 0)


def test_a_heavy_service_does_not_make_the_head_start_longer() -> None:
    """Fifteen minutes at weight ten once counted as 150: a regular ticket was passed by 89 minutes."""
    regular, elderly = head(1, ago(90)), head(2, ago(1), ELDERLY, weight=10, service=2)
    choice = choose([regular, elderly])
    assert (choice.rule, choice.head) == ("longest", regular)
    first_rule = turns.choose([regular, elderly], priority_in_a_row=0, limit=2, now=NINE, version=1)
    assert first_rule is not None
    assert first_rule.head == elderly, "calls of the past are judged by the rule that they had"


@given(st.integers(2, 10), st.integers(1, 10))
def test_a_light_service_is_called_while_heavy_ones_keep_coming(weight: int, minutes: int) -> None:
    """One heavy visitor comes for every call: the light one waits at most `weight` calls and one."""
    light = head(1, NINE)
    for calls in range(weight + 2):
        now = NINE + timedelta(minutes=minutes * (calls + 1))
        newcomer = head(2 + calls, now - timedelta(minutes=minutes), weight=weight, service=2)
        if choose([light, newcomer], now=now).head == light:
            return
    raise AssertionError("the light service starved")


# -- the words -----------------------------------------------------------------------------------


def test_the_reason_names_who_was_overtaken() -> None:
    choice = choose([head(1, ago(20)), head(2, ago(10), ELDERLY)])
    assert (choice.rule, choice.head.ticket_id) == ("priority", 2)
    assert turns.explain(choice) == (
        "prioritas: lansia, didahulukan dari A-001 yang masuk 10 menit lebih dulu"
    )


def test_a_head_start_that_is_used_up_gives_no_right_to_overtake() -> None:
    choice = choose([head(1, ago(26)), head(2, ago(10), ELDERLY)])
    assert (choice.rule, choice.head.ticket_id) == ("longest", 1)


def test_the_reason_of_a_bound_names_who_is_next() -> None:
    choice = choose([head(1, ago(5)), head(2, ago(30), ELDERLY)], streak=2)
    assert (choice.rule, choice.head.ticket_id) == ("bound", 1)
    assert "A-002" in turns.explain(choice)


def test_a_ticket_sent_to_this_counter_goes_first() -> None:
    sent = replace(head(3, ago(1)), is_targeted=True)
    choice = choose([head(1, ago(50)), head(2, ago(50), ELDERLY), sent])
    assert (choice.rule, choice.head.ticket_id) == ("targeted", 3)


def test_alone_is_a_reason_too() -> None:
    assert choose([head(1, ago(5))]).rule == "only"


def test_a_tie_goes_to_whoever_came_first() -> None:
    choice = choose([head(7, ago(5)), head(4, ago(20), ELDERLY), head(2, ago(35))])
    assert [h.ticket_id for h in choice.considered] == [2, 4, 7]
    level = choose([head(2, ago(20)), head(1, ago(5), ELDERLY)])
    assert level.head.ticket_id == 2


def test_weight_is_named_where_it_decides() -> None:
    choice = choose([head(1, ago(20)), head(2, ago(10), weight=3, service=2)])
    assert (choice.rule, choice.head.ticket_id) == ("weight", 2)
    assert "berbobot 3" in turns.explain(choice)


def returned(number: int, joined: datetime, back: datetime, priority: Priority = REGULAR) -> Head:
    """A ticket that went to the end when it came back."""
    return replace(head(number, joined, priority), rank_at=back)


@given(any_heads, streaks)
def test_a_reason_names_what_was_decisive(heads: list[Head], streak: int) -> None:
    choice = choose(heads, streak=streak)
    called, others = choice.head, [h for h in choice.considered if h != choice.head]
    if choice.rule == "priority":
        alone = replace(called, rank_at=called.placed_at)
        assert choose([alone, *others]).head != alone
    elif choice.rule == "weight":
        earlier = [h for h in others if h.placed_at < called.placed_at]
        level = [replace(h, weight=1) for h in heads]
        assert earlier or choose(level).head.ticket_id != called.ticket_id
    elif choice.rule == "longest":
        assert all(called.placed_at <= h.placed_at for h in others)


def test_priority_is_no_reason_where_it_stood_ahead_anyway() -> None:
    """A-001 joined first, but came back behind the elderly visitor."""
    choice = choose([returned(1, ago(40), ago(5)), head(2, ago(10), ELDERLY)])
    assert choice.head.ticket_id == 2
    assert turns.explain(choice) == (
        "urutan pertama, menunggu 10 menit; A-001 kembali ke antrean sesudahnya"
    )


def test_priority_over_a_ticket_that_came_back_says_since_when_that_waits() -> None:
    choice = choose([returned(1, ago(60), ago(20)), head(2, ago(10), ELDERLY)])
    assert turns.explain(choice) == (
        "prioritas: lansia, didahulukan dari A-001 yang kembali ke antrean 10 menit lebih dulu"
    )


def test_priority_over_a_heavier_service_says_so() -> None:
    choice = choose([head(1, ago(5), weight=2, service=2), head(2, ago(6), ELDERLY)])
    assert turns.explain(choice) == (
        "prioritas: lansia, didahulukan dari A-001 yang layanannya berbobot 2 di loket ini"
    )


def test_the_longest_wait_is_that_at_its_place() -> None:
    choice = choose([returned(1, ago(60), ago(8)), head(2, ago(5))])
    assert turns.explain(choice) == "menunggu paling lama: 8 menit, di urutan kedua A-002"
