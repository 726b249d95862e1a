"""Rollups by every heading: what they count is what the exact figures count."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.metrics.rules import rollup
from mpp.metrics.rules.aggregation import MALL, Rollups, Standard, aggregate, heading_of, merged
from mpp.metrics.rules.figures import By, Promise, TallyTable
from mpp.metrics.rules.histogram import ERROR
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Event, Kind, TicketHistory, replay, ticket_histories
from mpp.metrics.rules.tables import rollup_table
from mpp.queue.rules.life import Action
from tests.metrics.histories import (
    KK,
    KTP,
    MINUTE,
    ONE,
    PASPOR,
    RINA,
    TWO,
    legal_histories,
    ticket_events,
)

STANDARDS = {
    KTP: Standard(600, 900, 1),
    KK: Standard(None, 300, 1),
    PASPOR: Standard(None, None, 2),
}
PROMISES = {service: each.promise for service, each in STANDARDS.items()}
AGENCIES = {service: each.agency_id for service, each in STANDARDS.items() if each.agency_id}
THURSDAY = date(1970, 1, 1)


def hour_of(at_us: int) -> int:
    return at_us // (60 * MINUTE) % 24


def table(by: By, told: list[TicketHistory]) -> TallyTable:
    made = TallyTable(by, PROMISES, AGENCIES, hour_of, weekday_of=lambda _at: THURSDAY.isoweekday())
    made.add(told)
    return made


def fold_all(told: list[TicketHistory], *, until_us: int | None = None) -> Rollups:
    return aggregate(told, STANDARDS, THURSDAY, hour_of, until_us=until_us)


many = st.lists(st.integers(1, 10**6), max_size=8, unique=True).flatmap(
    lambda ids: st.tuples(*(legal_histories(ticket_id) for ticket_id in ids))
)


def told_by(all_events: tuple[list[Event], ...]) -> list[TicketHistory]:
    return ticket_histories(event for events in all_events for event in events)


@given(many)
def test_every_heading_counts_what_the_exact_figures_count(
    all_events: tuple[list[Event], ...],
) -> None:
    told = told_by(all_events)
    found = fold_all(told)
    for by in By:
        exact, summed = table(by, told), rollup_table(found, by)
        assert exact.rows.keys() == summed.rows.keys()
        for key, tally in exact.rows.items():
            row = summed.rows[key]
            assert (row.issued, row.ended, row.open) == (tally.issued, tally.ended, tally.open)
            assert row.judged == tally.judged
            assert row.kept == {kind: n for kind, n in tally.kept.items() if n}
            for kind in Kind:
                mine, theirs = row.summary(kind), tally.summary(kind)
                assert mine.n == theirs.n
                if theirs.mean_s is not None and theirs.p90_s is not None:
                    assert mine.mean_s == pytest.approx(theirs.mean_s)
                    assert mine.p90_s == pytest.approx(theirs.p90_s, rel=ERROR, abs=1e-3)
        parts = Rollup()
        for heading, row in found.items():
            if heading[0] == by:
                parts.merge(row)
        assert parts == summed.total


@given(many, st.data())
def test_merging_parts_gives_the_whole(
    all_events: tuple[list[Event], ...], data: st.DataObject
) -> None:
    told = told_by(all_events)
    mixed = data.draw(st.permutations(told))
    cut = data.draw(st.integers(0, len(told)))
    whole = fold_all(told)
    assert merged([fold_all(mixed[:cut]), fold_all(mixed[cut:])]) == whole
    packed = {heading: each.pack() for heading, each in whole.items()}
    assert {heading: rollup.unpack(each) for heading, each in packed.items()} == whole
    again = merged([fold_all(mixed[cut:]), fold_all(mixed[:cut])])
    assert {heading: each.pack() for heading, each in again.items()} == packed


def test_who_gave_up_is_known_to_have_waited() -> None:
    gave_up = replay(ticket_events((0, Action.ISSUE, {}), (20, Action.CANCEL, {})))
    row = fold_all([gave_up])[MALL, ""]
    assert (row.uncalled.n, row.uncalled.sum_us) == (1, 20 * MINUTE)
    assert row.summary(Kind.WAITING).n == 0


def test_who_was_called_and_sent_back_has_had_the_wait() -> None:
    back = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (5, Action.CALL, {"counter": ONE}),
            (6, Action.RETURN, {}),
            (20, Action.CANCEL, {}),
        )
    )
    row = fold_all([back])[MALL, ""]
    assert (row.uncalled.n, row.summary(Kind.WAITING).n) == (0, 1)


def test_who_waits_now_has_waited_until_now() -> None:
    waits = replay(ticket_events((0, Action.ISSUE, {})))
    assert fold_all([waits])[MALL, ""].uncalled.n == 0
    assert fold_all([waits], until_us=7 * MINUTE)[MALL, ""].uncalled.sum_us == 7 * MINUTE


def test_recalls_and_transfers_are_counted_where_they_happened() -> None:
    history = replay(
        ticket_events(
            (0, Action.ISSUE, {}),
            (5, Action.CALL, {"counter": ONE, "officer": RINA}),
            (6, Action.RECALL, {"officer": RINA}),
            (7, Action.START, {"officer": RINA}),
            (9, Action.TRANSFER, {"service": PASPOR, "officer": RINA}),
            (12, Action.CALL, {"counter": TWO}),
            (13, Action.RECALL, {}),
        )
    )
    found = fold_all([history])
    marks = {
        heading: (found[heading].recalls, found[heading].transfers)
        for heading in (
            (MALL, ""),
            heading_of(By.SERVICE, KTP),
            heading_of(By.SERVICE, PASPOR),
            heading_of(By.COUNTER, ONE),
            heading_of(By.OFFICER, RINA),
            heading_of(By.OFFICER, None),
        )
    }
    assert list(marks.values()) == [(2, 1), (1, 1), (1, 0), (1, 1), (1, 1), (1, 0)]


def test_a_rollup_of_an_unknown_form_is_refused() -> None:
    packed = bytearray(Rollup().pack())
    packed[1] = 99
    with pytest.raises(ValueError, match="form 99"):
        rollup.unpack(bytes(packed))


def test_promises_are_those_of_the_standards_given() -> None:
    assert STANDARDS[KTP].promise == Promise(600, 900)
