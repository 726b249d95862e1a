"""What is told of a wait: the pure rule, what it learns, and what a process knows of the rows."""

import statistics
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from factories import NINE, TestClock, a_desk, a_mall, a_ticket, issued
from hypothesis import given, settings
from hypothesis import strategies as st

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.queries import past_rows
from mpp.queue.readers import FRESH, Forecasts
from mpp.queue.rules import forecast
from mpp.queue.rules.forecast import (
    COUNTERS,
    ENOUGH,
    KINDS,
    MALL,
    RECENT,
    UNKNOWN,
    Cell,
    ExpectedWait,
    Found,
    Outlook,
    Recent,
    Told,
    expected_wait,
)

found = st.builds(
    Found, ahead=st.integers(0, 6000), free=st.integers(0, 9), open_counters=st.integers(0, 9)
)
waits = st.floats(-5, 6 * 3600)
told = st.builds(
    Told,
    service_id=st.integers(1, 4),
    hour=st.integers(8, 15),
    found=found,
    expected=st.none() | st.builds(ExpectedWait, st.integers(0, 60), st.just(70), st.just(900)),
    wait_s=waits,
)
LINES = {1: 1, 2: 1, 3: 3}
"""Services 1 and 2 have the same counters, 3 its own, 4 none."""


def taught(outcomes: list[Told]) -> Recent:
    recent = Recent(LINES)
    for each in outcomes:
        recent.learn(each)
    return recent


def said(recent: Recent, now: Found, service_id: int = 1, hour: int = 9) -> ExpectedWait | None:
    return expected_wait(Outlook(recent.cells(service_id, hour), {}), now)


def wait(seconds: float, ahead: int = 3, open_counters: int = 2, service_id: int = 1) -> Told:
    return Told(service_id, 9, Found(100 * ahead, 0, open_counters), None, seconds)


@given(st.lists(told, max_size=120), found, st.integers(1, 4), st.integers(8, 15))
def test_a_wait_is_a_range_and_never_negative(
    outcomes: list[Told], now: Found, service_id: int, hour: int
) -> None:
    expected = said(taught(outcomes), now, service_id, hour)
    if now.open_counters == 0 or service_id == 4:
        assert expected is None
    elif expected is not None:
        assert 0 <= expected.low_s <= expected.mid_s <= expected.high_s


@given(st.lists(told, max_size=ENOUGH - 1), found)
def test_too_thin_evidence_promises_nothing(outcomes: list[Told], now: Found) -> None:
    assert said(taught(outcomes), now) is None


@given(st.lists(waits, min_size=ENOUGH, max_size=60), st.integers(1, 9))
def test_more_counters_never_lengthen_the_wait(seconds: list[float], counters: int) -> None:
    recent = taught([wait(each) for each in seconds])
    fewer, more = (said(recent, Found(300, 0, n)) for n in (counters, counters + 1))
    assert fewer is not None
    assert more is not None
    assert (more.low_s, more.mid_s, more.high_s) <= (fewer.low_s, fewer.mid_s, fewer.high_s)


def test_waits_that_were_all_alike_are_expected_again() -> None:
    recent = taught([wait(600)] * ENOUGH)
    assert said(recent, Found(300, 0, 2)) == ExpectedWait(600, 600, 600)
    assert said(recent, Found(300, 0, 4)) == ExpectedWait(300, 300, 300)


def test_whoever_finds_a_free_counter_is_not_told_the_waits_of_those_who_queued() -> None:
    idle = [replace(wait(0.0), found=Found(0, 1, 2)) for _ in range(ENOUGH)]
    queued = [wait(1800, ahead=ahead) for ahead in range(5) for _ in range(ENOUGH)]
    recent = taught([*idle, *queued])
    assert said(recent, Found(0, 1, 2)) == ExpectedWait(0, 0, 0)
    assert said(recent, Found(0, 0, 2)) == ExpectedWait(1800, 1800, 1800)


def test_with_too_few_of_the_same_counters_the_mall_speaks() -> None:
    recent = taught([wait(600)] * ENOUGH)
    cell = recent.cells(2, 9)[4]
    assert cell is not None
    assert (cell.n, cell.of) == (ENOUGH, COUNTERS)  # service 2 has the same counters as 1
    elsewhere = recent.cells(3, 9)[4]
    assert elsewhere is not None
    assert elsewhere.of == MALL


def test_only_the_last_waits_of_a_kind_speak() -> None:
    recent = taught([wait(60)] * RECENT + [wait(900)] * RECENT)
    assert said(recent, Found(300, 0, 2)) == ExpectedWait(900, 900, 900)


def test_in_the_longest_queues_the_wait_grows_with_the_people_ahead() -> None:
    recent = taught([wait(1200, ahead=12)] * ENOUGH)
    assert said(recent, Found(1200, 0, 2)) == ExpectedWait(1200, 1200, 1200)
    assert said(recent, Found(2400, 0, 2)) == ExpectedWait(2400, 2400, 2400)


@pytest.mark.parametrize(
    ("ahead", "free", "kind"),
    [(0, 1, 0), (0, 0, 1), (49, 0, 1), (50, 3, 2), (100, 0, 2), (249, 0, 3), (250, 0, 4), (400, 0, 4),
     (500, 0, 5), (800, 0, 6), (1149, 0, 6), (1150, 0, 7), (9000, 2, 7)],
)  # fmt: skip
def test_kinds_are_those_of_the_documented_table(ahead: int, free: int, kind: int) -> None:
    assert Found(ahead, free, 1).kind == kind
    assert kind < KINDS


def test_somebody_waiting_elsewhere_stands_ahead_by_the_share_of_common_counters() -> None:
    at_work = [{1, 2}, {2}, {2, 3}, {1}]
    assert forecast.shares(1, at_work) == {1: 100, 2: 33}
    assert forecast.shares(2, at_work) == {2: 100, 1: 50, 3: 100}
    assert forecast.shares(9, at_work) == {9: 100}  # nobody is there for it
    outlook = Outlook(UNKNOWN, forecast.shares(1, at_work))
    assert outlook.ahead({1: 2, 2: 3, 3: 50}) == 299


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_the_levels_move_until_nine_of_ten_waits_are_inside(seed: int) -> None:
    """Waits that grow all the time: the quantiles of those before miss a fifth of those to come."""
    chance, recent, missed = Random(seed), Recent(LINES), 0
    now = Found(300, 0, 2)
    for n in range(1200):
        expected = said(recent, now)
        outcome = replace(wait(chance.lognormvariate(6.0 + n / 300, 0.3)), expected=expected)
        recent.learn(outcome)
        missed += n >= 400 and (outcome.is_below or outcome.is_above)
    assert missed / 800 < 0.13


def test_a_free_counter_that_never_misses_does_not_narrow_the_range_of_those_who_queue() -> None:
    chance, recent, missed = Random(1), Recent(LINES), 0
    idle, queued = Found(0, 1, 2), Found(300, 0, 2)
    for n in range(2000):
        for _ in range(2):
            recent.learn(Told(1, 9, idle, said(recent, idle), 0.0))
        outcome = Told(1, 9, queued, said(recent, queued), chance.lognormvariate(6.0, 0.5))
        recent.learn(outcome)
        missed += n >= 1000 and (outcome.is_below or outcome.is_above)
    assert 0.08 < missed / 1000 < 0.12


@given(st.lists(waits, min_size=ENOUGH, max_size=40), found)
def test_the_evidence_says_again_what_was_told(seconds: list[float], now: Found) -> None:
    cells = taught([wait(each, ahead=0) for each in seconds]).cells(1, 9)
    outlook = Outlook(cells, {})
    kept = forecast.evidence(outlook, now)
    again = forecast.told(1, 9, kept, 60.0)  # type: ignore[arg-type]
    assert again == Told(1, 9, now, expected_wait(outlook, now), 60.0)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=40).map(sorted))
def test_quantiles_are_those_of_the_standard_library(values: list[float]) -> None:
    by_library = statistics.quantiles(values, n=20, method="inclusive")
    ours = [forecast.quantile(values, share / 20) for share in range(1, 20)]
    assert ours == pytest.approx(by_library)
    assert [forecast.quantile(values, 0), forecast.quantile(values, 1)] == [values[0], values[-1]]


# -- from the rows -------------------------------------------------------------------------------


async def some_waits(db: Database, mall: Mall, clock: TestClock) -> None:
    """Enough of them with one person ahead and one counter open: six minutes a person."""
    desk = await a_desk(db, mall, "2", clock)
    await a_ticket(db, mall, now=clock())
    for _ in range(ENOUGH):
        await a_ticket(db, mall, now=clock())
        clock.forward(minutes=6)
        await desk.serve()
    clock.forward(minutes=6)
    await desk.serve()


async def test_two_processes_learn_the_same_of_the_same_rows(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    early = Forecasts()
    service = mall.service("ktp-el").id
    before = await early.at_issue(db, mall, service, clock())
    assert before.cells == UNKNOWN
    await some_waits(db, mall, clock)
    late = Forecasts()
    first, second = [await each.at_issue(db, mall, service, clock()) for each in (early, late)]
    assert first == second
    assert first.cells[2] == Cell(720.0, 720.0, 720.0, ENOUGH, COUNTERS)


async def test_what_is_known_is_read_on_after_a_while_and_not_before(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    forecasts, service = Forecasts(), mall.service("ktp-el").id
    known = await forecasts.at_issue(db, mall, service, NINE)
    assert forecasts.known(mall, service, NINE + FRESH - timedelta(seconds=1)) is known
    assert forecasts.known(mall, service, NINE + FRESH) is None
    assert (
        forecasts.known(mall, service, NINE + FRESH) is known
    )  # one reads on, the others need not
    assert forecasts.known(mall, service, NINE - FRESH) is None  # a clock set back
    await some_waits(db, mall, clock)
    assert await forecasts.at_issue(db, mall, service, clock()) != known


async def test_what_was_told_is_found_again_with_what_it_became(db: Database) -> None:
    mall, clock = await a_mall(db), TestClock()
    await some_waits(db, mall, clock)
    outlook = await Forecasts().at_issue(db, mall, mall.service("ktp-el").id, clock())
    desk = await a_desk(db, mall, "2", clock)
    await a_ticket(db, mall, now=clock())
    made = await issued(db, mall, now=clock(), outlook=outlook)
    assert made.expected == ExpectedWait(720, 720, 720)
    clock.forward(minutes=10)
    await desk.serve()
    await desk.serve()
    kept = await db.read(past_rows.told_on, mall, made.ticket.day, made.ticket.day)
    assert len(kept) == ENOUGH + 3
    assert kept[-1] == Told(made.ticket.service_id, 11, Found(100, 1, 1), made.expected, 600.0)
    assert kept[-1].is_below
