"""Counts and summaries over many tickets, in every grouping."""

import statistics
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules.figures import By, Promise, Summary, TallyTable, local_hours, summary
from mpp.metrics.rules.spans import Event, Kind, TicketHistory, replay, ticket_histories
from mpp.queue.rules.life import Action, State
from tests.metrics.histories import (
    KK,
    KTP,
    MINUTE,
    ONE,
    PASPOR,
    TWO,
    legal_histories,
    ticket_events,
)

PROMISES = {KTP: Promise(600, 900), KK: Promise(None, 300)}
AGENCIES = {KTP: 1, KK: 1, PASPOR: 2}


def table(by: By, told: list[TicketHistory]) -> TallyTable:
    made = TallyTable(by, PROMISES, AGENCIES, lambda at_us: at_us // (60 * MINUTE) % 24)
    made.add(told)
    return made


def served(wait: float, service: float, *, counter: int = ONE, began: float = 0) -> TicketHistory:
    """Waits, is called and started at once, and served; minutes."""
    return replay(
        ticket_events(
            (began, Action.ISSUE, {}),
            (began + wait, Action.CALL, {"counter": counter}),
            (began + wait, Action.START, {}),
            (began + wait + service, Action.COMPLETE, {}),
        )
    )


def test_a_summary_is_of_type_seven() -> None:
    found = summary([40, 10, 20, 30])
    assert (found.n, found.median_s, found.mean_s) == (4, 25, 25)
    assert found.p90_s == pytest.approx(37)
    assert found.p95_s == pytest.approx(38.5)
    assert summary([]) == Summary(0)
    assert summary([7]) == Summary(1, 7, 7, 7, 7)


@given(st.lists(st.floats(0, 1e5), min_size=2, max_size=50))
def test_quantiles_are_those_of_the_standard_library(values: list[float]) -> None:
    found = summary(values)
    expected = statistics.quantiles(values, n=100, method="inclusive")
    assert found.median_s == pytest.approx(statistics.median(values))
    assert found.p90_s == pytest.approx(expected[89])
    assert found.p95_s == pytest.approx(expected[94])
    assert found.mean_s == pytest.approx(statistics.fmean(values))


def test_shares_count_only_what_was_promised_and_the_limit_keeps_the_promise() -> None:
    total = table(By.SERVICE, [served(9, 4), served(10, 16), served(11, 5)]).total
    assert total.share_within(Kind.WAITING) == pytest.approx(2 / 3)
    assert total.share_within(Kind.SERVICE) == pytest.approx(2 / 3)
    assert table(By.SERVICE, []).total.share_within(Kind.WAITING) is None


def test_counts_go_under_the_service_of_issue_and_spans_where_they_happened() -> None:
    moved = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (5, Action.CALL, {"counter": ONE}),
            (5, Action.START, {}),
            (9, Action.TRANSFER, {"service": PASPOR}),
            (12, Action.CALL, {"counter": TWO}),
            (12, Action.START, {}),
            (14, Action.COMPLETE, {}),
        )
    )
    by_service = table(By.SERVICE, [moved]).rows
    assert {key: row.served for key, row in by_service.items()} == {KTP: 1, PASPOR: 0}
    assert by_service[PASPOR].seconds[Kind.SERVICE] == [120]
    by_counter = table(By.COUNTER, [moved]).rows
    assert {key: (row.issued, row.served) for key, row in by_counter.items()} == {
        ONE: (0, 0),
        TWO: (1, 1),
    }
    assert by_counter[ONE].seconds[Kind.SERVICE] == [240]
    by_agency = table(By.AGENCY, [moved]).rows
    assert {key: row.issued for key, row in by_agency.items()} == {1: 1, 2: 0}


def test_hours_are_those_in_which_a_number_was_taken_or_a_span_began() -> None:
    rows = table(By.HOUR, [served(10, 5, began=55)]).rows
    assert rows[0].issued == 1
    assert rows[0].seconds[Kind.WAITING] == [600]
    assert rows[1].seconds[Kind.SERVICE] == [300]


many = st.lists(st.integers(1, 10**6), max_size=8, unique=True).flatmap(
    lambda ids: st.tuples(*(legal_histories(ticket_id) for ticket_id in ids))
)


@given(many)
def test_in_every_grouping_what_was_issued_is_somewhere(
    all_events: tuple[list[Event], ...],
) -> None:
    told = ticket_histories(event for events in all_events for event in events)
    for by in By:
        made = table(by, told)
        assert made.total.issued == len(told)
        assert all(row.is_conserved for row in (made.total, *made.rows.values()))
        assert sum(row.issued for row in made.rows.values()) == made.total.issued
        for state in State:
            counted = sum(row.ended.get(state, 0) for row in made.rows.values())
            assert counted == made.total.ended.get(state, 0)
        for kind in Kind:
            parts = [s for row in made.rows.values() for s in row.seconds[kind]]
            assert sorted(parts) == sorted(made.total.seconds[kind])


@given(many, st.data())
def test_adding_piece_by_piece_gives_the_same(
    all_events: tuple[list[Event], ...], data: st.DataObject
) -> None:
    told = ticket_histories(event for events in all_events for event in events)
    cut = data.draw(st.integers(0, len(told)))
    by = data.draw(st.sampled_from(By))
    whole, pieces = table(by, told), table(by, told[:cut])
    pieces.add(told[cut:])
    assert pieces.rows == whole.rows
    assert pieces.total == whole.total


def test_a_ticket_issued_twice_breaks_the_law() -> None:
    events = ticket_events((0, Action.ISSUE, {}), (1, Action.CALL, {"counter": ONE}))
    twice = [*events, events[0]._replace(seq=3)]
    assert not table(By.SERVICE, [replay(twice)]).total.is_conserved


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Jakarta", 9), ("Asia/Jayapura", 11), ("Asia/Kathmandu", 8)]
)
def test_hours_are_local(zone: str, hour: int) -> None:
    at = int(datetime(2026, 11, 23, 2, 59, tzinfo=UTC).timestamp() * 1_000_000)
    assert local_hours(ZoneInfo(zone))(at) == hour
