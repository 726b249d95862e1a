"""The ticket's life is the table, and nothing but the table; waits and labels."""

import itertools
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.errors import ActionNotAllowed, Invalid
from mpp.queue.rules import forecast, life
from mpp.queue.rules.forecast import Observed
from mpp.queue.rules.life import OPEN_STATES, Action, Priority, State

# The life of a ticket as docs/architecture.md draws it: from, action, to.
LIFE = """
waiting call called
waiting cancel cancelled
called recall called
called start serving
called miss no_show
called return waiting
no_show requeue waiting
serving complete completed
serving transfer waiting
serving park parked
serving refer completed
parked resume called
waiting close_day expired
called close_day expired
serving close_day expired
parked close_day expired
"""
LINES = {
    (State(before), Action(action)): State(then)
    for before, action, then in (line.split() for line in LIFE.strip().splitlines())
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_only_listed_transitions_happen(state: State, action: Action) -> None:
    if (state, action) in LINES:
        assert life.after(state, action) is LINES[state, action]
    else:
        with pytest.raises(ActionNotAllowed) as refused:
            life.after(state, action)
        assert (refused.value.status, refused.value.facts["action"]) == (409, action)
        possible = sorted(do for before, do in LINES if before is state)
        assert refused.value.facts["allowed"] == possible


@pytest.mark.parametrize("state", State)
def test_screens_offer_what_the_table_allows(state: State) -> None:
    listed = {action for before, action in LINES if before is state}
    assert life.allowed_actions(state) == listed
    assert life.desk_actions(state) == listed - {Action.CLOSE_DAY}


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    def reachable(start: State) -> set[State]:
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            for (before, _), then in LINES.items():
                if before is here and then not in seen:
                    seen.add(then)
                    todo.append(then)
        return seen

    assert reachable(State.WAITING) == set(State)
    for state in OPEN_STATES:
        assert State.COMPLETED in reachable(state)
        assert life.after(state, Action.CLOSE_DAY) is State.EXPIRED


@pytest.mark.parametrize("state", [State.COMPLETED, State.CANCELLED, State.EXPIRED])
def test_what_has_ended_stays_ended(state: State) -> None:
    assert life.allowed_actions(state) == frozenset()


def test_every_state_action_and_priority_has_its_word() -> None:
    assert life.STATE_WORDS.keys() == set(State)
    assert life.ACTION_WORDS.keys() == set(Action)
    assert life.PRIORITY_WORDS.keys() == set(Priority)


# -- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "label"), [(1, "A-001"), (12, "A-012"), (999, "A-999"), (1000, "A-1000")]
)
def test_a_label_is_the_prefix_and_three_digits_or_more(number: int, label: str) -> None:
    assert life.label("A", number) == label


@given(st.lists(st.integers(1, 10**6), unique=True, max_size=50))
def test_two_numbers_never_read_the_same(numbers: list[int]) -> None:
    assert len({life.label("KK", number) for number in numbers}) == len(numbers)


def test_a_priority_that_nobody_knows_is_refused_by_name() -> None:
    assert life.priority(None) is life.priority("") is Priority.REGULAR
    with pytest.raises(Invalid) as refused:
        life.priority("vip")
    assert refused.value.facts["field"] == "priority"


# -- expected wait -------------------------------------------------------------------------------

observed = st.builds(
    Observed,
    ahead=st.integers(0, 200),
    open_counters=st.integers(0, 30),
    wait_s=st.floats(-5, 6 * 3600),
)
enough = st.lists(observed, min_size=forecast.ENOUGH, max_size=60).map(forecast.paces_of)


@given(enough, st.integers(0, 300), st.integers(1, 30))
def test_more_people_ahead_never_shorten_the_wait(paces, ahead: int, counters: int) -> None:
    nearer = forecast.expected_wait(paces, ahead=ahead, open_counters=counters)
    farther = forecast.expected_wait(paces, ahead=ahead + 1, open_counters=counters)
    assert nearer is not None
    assert farther is not None
    assert nearer.low_s <= farther.low_s
    assert nearer.mid_s <= farther.mid_s
    assert nearer.high_s <= farther.high_s


@given(enough, st.integers(0, 300), st.integers(1, 30))
def test_more_counters_never_lengthen_the_wait(paces, ahead: int, counters: int) -> None:
    fewer = forecast.expected_wait(paces, ahead=ahead, open_counters=counters)
    more = forecast.expected_wait(paces, ahead=ahead, open_counters=counters + 1)
    assert fewer is not None
    assert more is not None
    assert more.high_s <= fewer.high_s


@given(enough, st.integers(0, 300), st.integers(1, 30))
def test_a_wait_is_a_range_and_never_negative(paces, ahead: int, counters: int) -> None:
    wait = forecast.expected_wait(paces, ahead=ahead, open_counters=counters)
    assert wait is not None
    assert 0 <= wait.low_s <= wait.mid_s <= wait.high_s


@given(
    st.lists(observed, max_size=forecast.ENOUGH - 1).map(forecast.paces_of),
    st.integers(0, 300),
    st.integers(0, 30),
)
def test_too_thin_evidence_promises_nothing(paces, ahead: int, counters: int) -> None:
    assert forecast.expected_wait(paces, ahead=ahead, open_counters=counters) is None


@given(enough, st.integers(0, 300))
def test_with_no_counter_open_nobody_knows(paces, ahead: int) -> None:
    assert forecast.expected_wait(paces, ahead=ahead, open_counters=0) is None


def test_waits_that_were_all_alike_are_expected_again() -> None:
    recent = [Observed(ahead=3, open_counters=2, wait_s=600)] * forecast.ENOUGH
    wait = forecast.expected_wait(forecast.paces_of(recent), ahead=3, open_counters=2)
    assert wait == forecast.ExpectedWait(600, 600, 600)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=40).map(sorted))
def test_quantiles_are_those_of_the_standard_library(values: list[float]) -> None:
    by_library = statistics.quantiles(values, n=20, method="inclusive")
    ours = [forecast.quantile(values, share / 20) for share in range(1, 20)]
    assert ours == pytest.approx(by_library)
    assert [forecast.quantile(values, 0), forecast.quantile(values, 1)] == [values[0], values[-1]]


def test_no_action_leads_to_two_states() -> None:
    for state, action in itertools.product(State, Action):
        lines = [
            then
            for before, done, then in map(str.split, LIFE.strip().splitlines())
            if (before, done) == (state, action)
        ]
        assert len(lines) <= 1
