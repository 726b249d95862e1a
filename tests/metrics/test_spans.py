"""Histories replayed into spans: examples by hand, and invariants of every legal history."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules.spans import Event, Kind, Span, TicketHistory, replay, ticket_histories
from mpp.queue.rules.life import Action, State
from tests.metrics.histories import (
    BUDI,
    KK,
    KTP,
    MINUTE,
    ONE,
    RINA,
    TWO,
    legal_histories,
    ticket_events,
)


def spans(history: TicketHistory, kind: Kind) -> list[tuple[float, int, int | None, int | None]]:
    """(minutes, service, counter, officer) of the history's spans of a kind."""
    return [
        (span.seconds / 60, span.service_id, span.counter_id, span.officer_id)
        for span in history.spans
        if span.kind is kind
    ]


def test_a_plain_visit_has_one_span_of_each_kind() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (12, Action.CALL, {"counter": ONE, "officer": RINA}),
            (13, Action.RECALL, {"officer": RINA}),
            (14, Action.START, {"officer": RINA}),
            (20, Action.COMPLETE, {"officer": RINA}),
        )
    )
    assert spans(history, Kind.WAITING) == [(12, KTP, ONE, RINA)]
    assert spans(history, Kind.RESPONSE) == [(2, KTP, ONE, RINA)]
    assert spans(history, Kind.SERVICE) == [(6, KTP, ONE, RINA)]
    assert spans(history, Kind.TOTAL) == [(20, KTP, ONE, RINA)]
    assert (history.label, history.state, history.issues) == ("A-001", State.COMPLETED, 1)


def test_a_transfer_ends_a_service_and_begins_a_wait_for_the_next() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (5, Action.CALL, {"counter": ONE}),
            (6, Action.START, {}),
            (9, Action.TRANSFER, {"service": KK}),
            (16, Action.CALL, {"counter": TWO, "officer": BUDI}),
            (16.5, Action.START, {"officer": BUDI}),
            (20, Action.COMPLETE, {"officer": BUDI}),
        )
    )
    assert spans(history, Kind.WAITING) == [(5, KTP, ONE, None), (7, KK, TWO, BUDI)]
    assert spans(history, Kind.SERVICE) == [(3, KTP, ONE, None), (3.5, KK, TWO, BUDI)]
    assert spans(history, Kind.TOTAL) == [(20, KTP, TWO, BUDI)], "counted where it was issued for"
    assert (history.service_id, history.current_service_id) == (KTP, KK)


def test_time_parked_is_no_service_and_resuming_no_response() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (1, Action.CALL, {"counter": ONE}),
            (2, Action.START, {}),
            (5, Action.PARK, {}),
            (30, Action.RESUME, {"counter": ONE}),
            (31, Action.START, {}),
            (33, Action.COMPLETE, {}),
        )
    )
    assert spans(history, Kind.SERVICE) == [(5, KTP, ONE, None)]
    assert spans(history, Kind.RESPONSE) == [(1, KTP, ONE, None)]


def test_a_service_that_goes_on_elsewhere_is_booked_where_each_part_happened() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (1, Action.CALL, {"counter": ONE, "officer": RINA}),
            (2, Action.START, {"officer": RINA}),
            (6, Action.PARK, {"officer": RINA}),
            (20, Action.RESUME, {"counter": TWO, "officer": BUDI}),
            (21, Action.START, {"officer": BUDI}),
            (22, Action.REFER, {"officer": BUDI}),
        )
    )
    assert spans(history, Kind.SERVICE) == [(4, KTP, ONE, RINA), (1, KTP, TWO, BUDI)]


def test_a_call_by_mistake_does_not_begin_the_wait_anew() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (5, Action.CALL, {"counter": ONE}),
            (6, Action.RETURN, {}),
            (9, Action.CALL, {"counter": TWO}),
            (10, Action.START, {}),
        )
    )
    assert spans(history, Kind.WAITING) == [(5, KTP, ONE, None)]
    assert spans(history, Kind.RESPONSE) == [(1, KTP, TWO, None)]


def test_a_no_show_who_comes_back_waits_again() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (5, Action.CALL, {"counter": ONE}),
            (8, Action.MISS, {}),
            (20, Action.REQUEUE, {}),
            (24, Action.CALL, {"counter": ONE}),
        )
    )
    assert spans(history, Kind.WAITING) == [(5, KTP, ONE, None), (4, KTP, ONE, None)]
    assert history.state is State.CALLED


@pytest.mark.parametrize("before", [Action.START, Action.PARK])
def test_a_service_that_never_ended_has_no_time(before: Action) -> None:
    steps = [(0, Action.ISSUE, {}), (5, Action.CALL, {"counter": ONE}), (6, Action.START, {})]
    if before is Action.PARK:
        steps.append((9, Action.PARK, {}))
    history = replay(ticket_events(*steps, (600, Action.CLOSE_DAY, {})))
    assert history.state is State.EXPIRED
    assert spans(history, Kind.SERVICE) == spans(history, Kind.TOTAL) == []


def test_a_ticket_without_events_cannot_be_told() -> None:
    with pytest.raises(ValueError, match="without events"):
        replay([])


# -- every legal history -------------------------------------------------------------------------


def stretches(events: Sequence[Event], state: State) -> float:
    """Seconds in a state until the last event."""
    return sum(b.at_us - a.at_us for a, b in pairwise(events) if a.state == state) / 1_000_000


def seconds(history: TicketHistory, *kinds: Kind) -> float:
    return sum(span.seconds for span in history.spans if span.kind in kinds)


@given(legal_histories())
def test_the_last_event_tells_the_state(events: list[Event]) -> None:
    history = replay(events)
    assert history.state == events[-1].state
    assert history.issues == 1
    assert history.service_id == events[0].service_id


@given(legal_histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_read_does_not_matter(events: list[Event], rng) -> None:
    shuffled = rng.sample(events, len(events))
    assert replay(shuffled) == replay(events)


@given(legal_histories())
def test_no_span_is_longer_than_the_states_that_it_is_made_of(events: list[Event]) -> None:
    history = replay(events)
    assert all(span.seconds >= 0 for span in history.spans)
    assert seconds(history, Kind.WAITING) <= stretches(events, State.WAITING) + 1e-6
    assert seconds(history, Kind.RESPONSE) <= stretches(events, State.CALLED) + 1e-6
    assert seconds(history, Kind.SERVICE) <= stretches(events, State.SERVING) + 1e-6


@given(legal_histories())
def test_a_completed_ticket_has_all_its_service_time_and_one_total(events: list[Event]) -> None:
    history = replay(events)
    totals = [span for span in history.spans if span.kind is Kind.TOTAL]
    if history.state is not State.COMPLETED:
        assert totals == []
        return
    assert seconds(history, Kind.SERVICE) == pytest.approx(stretches(events, State.SERVING))
    assert [span.seconds for span in totals] == [(events[-1].at_us - events[0].at_us) / 1e6]
    parts = seconds(history, Kind.WAITING, Kind.RESPONSE, Kind.SERVICE)
    assert parts <= totals[0].seconds + 1e-6


@given(legal_histories())
def test_every_joining_is_waited_for_once_at_most(events: list[Event]) -> None:
    joins = {Action.ISSUE, Action.TRANSFER, Action.REQUEUE}
    expected = []
    for index, event in enumerate(events):
        if event.action in joins:
            after = events[index + 1 :]
            until = next((e for e in after if e.action == Action.CALL or e.action in joins), None)
            if until is not None and until.action == Action.CALL:
                expected.append((event.at_us, (until.at_us - event.at_us) / 1e6, until.service_id))
    waits = [span for span in replay(events).spans if span.kind is Kind.WAITING]
    assert [(span.began_us, span.seconds, span.service_id) for span in waits] == expected


def test_stories_are_one_a_ticket() -> None:
    first = ticket_events((0, Action.ISSUE, {}), (1, Action.CALL, {"counter": ONE}))
    second = [event._replace(ticket_id=8) for event in ticket_events((0, Action.ISSUE, {}))]
    told = ticket_histories([first[0], second[0], first[1]])
    assert {history.ticket_id: history.state for history in told} == {
        7: State.CALLED,
        8: State.WAITING,
    }


def test_clocks_that_differ_a_little_make_no_negative_time() -> None:
    history = replay(ticket_events((1, Action.ISSUE, {}), (0.99, Action.CALL, {"counter": ONE})))
    assert history.spans == [Span(Kind.WAITING, MINUTE, 0.0, KTP, ONE, None)]
