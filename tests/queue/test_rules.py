"""The ticket's life is the table, and nothing but the table; labels."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.errors import ActionNotAllowed, Invalid
from mpp.queue.rules import life
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


def test_no_action_leads_to_two_states() -> None:
    for state, action in itertools.product(State, Action):
        lines = [
            then
            for before, done, then in map(str.split, LIFE.strip().splitlines())
            if (before, done) == (state, action)
        ]
        assert len(lines) <= 1
