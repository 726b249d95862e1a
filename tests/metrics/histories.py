"""Histories of tickets, by hand and of every legal kind."""

from hypothesis import strategies as st

from mpp.metrics.rules.spans import Event
from mpp.queue.rules.life import IN_HAND, TRANSITIONS, Action, State, allowed_actions

KTP, KK, PASPOR = 11, 12, 13
ONE, TWO = 1, 2
RINA, BUDI = 901, 902
MINUTE = 60_000_000


def ticket_events(*steps: tuple[float, Action, dict[str, int]]) -> list[Event]:
    """Events of ticket 7 from (minute, action, where); the state follows from the table."""
    events: list[Event] = []
    state, service, counter = State.WAITING, KTP, None
    for seq, (minute, action, where) in enumerate(steps, 1):
        state = State.WAITING if action is Action.ISSUE else TRANSITIONS[state, action]
        service = where.get("service", service)
        counter = where.get("counter", counter)
        at = round(minute * MINUTE)
        label = "A-001" if action is Action.ISSUE else None
        officer = where.get("officer")
        events.append(Event(7, seq, at, action, state, service, counter, officer, label))
        if state not in IN_HAND | {State.PARKED}:
            counter = None
    return events


@st.composite
def legal_histories(draw: st.DrawFn, ticket_id: int = 7) -> list[Event]:
    """Anything that the table allows, at any counters, with any pauses."""
    issued_for = draw(st.sampled_from([KTP, KK]))
    at = draw(st.integers(0, 10**9))
    state, counter = State.WAITING, None
    events = [Event(ticket_id, 1, at, Action.ISSUE, state, issued_for, None, None, "A-001")]
    service = issued_for
    for seq in range(2, draw(st.integers(2, 14))):
        actions = sorted(allowed_actions(state))
        if not actions:
            break
        action = draw(st.sampled_from(actions))
        state = TRANSITIONS[state, action]
        at += draw(st.integers(0, 30 * MINUTE))
        if action in {Action.CALL, Action.RESUME}:
            counter = draw(st.sampled_from([ONE, TWO]))
        if action is Action.TRANSFER:
            service = draw(st.sampled_from([KTP, KK, PASPOR]))
        officer = draw(st.sampled_from([None, RINA, BUDI])) if counter else None
        events.append(Event(ticket_id, seq, at, action, state, service, counter, officer))
        if state not in IN_HAND | {State.PARKED}:
            counter = None
    return events
