"""When a manager is alarmed, when not, and what comes first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.dashboard.rules.alerts import GRAVITY, Day, Pause, Queue, alerts
from mpp.dashboard.rules.targets import DEFAULTS, TARGETS, Key
from mpp.dashboard.rules.typical_day import Excess

OFF = dict.fromkeys(Key)
CALM = Day(
    waiting=5, open_counters=5, waits=100, p90_s=600, judged=100, within=0.95,
    issued=200, left=2, no_show=3, answers=100, ikm=85.0,
)  # fmt: skip


def a_queue(
    service: str = "ktp-el",
    waiting: int = 3,
    late: int = 0,
    *,
    is_served: bool = True,
    longest: int = 600,
) -> Queue:
    return Queue(
        service=service,
        waiting=waiting,
        longest_s=longest,
        late=late,
        promised_s=1800,
        has_counter=is_served,
    )


PAST = {
    Key.NO_COUNTER: replace(CALM, queues=[a_queue(is_served=False)]),
    Key.LATE: replace(CALM, queues=[a_queue(late=2)]),
    Key.PAUSED: replace(CALM, pauses=[Pause(counter_id=7, seconds=31 * 60)]),
    Key.CROWD: replace(CALM, waiting=51, open_counters=5),
    Key.P90_WAIT: replace(CALM, p90_s=3660),
    Key.WITHIN: replace(CALM, within=0.79),
    Key.ARRIVALS: replace(CALM, excess=Excess(120, 100.0, 10)),
    Key.LEFT: replace(CALM, left=21),
    Key.NO_SHOW: replace(CALM, no_show=31),
    Key.IKM: replace(CALM, ikm=76.60),
}
"""A day on which one thing alone is past its default."""
ON_IT = {
    Key.PAUSED: replace(CALM, pauses=[Pause(counter_id=7, seconds=30 * 60)]),
    Key.CROWD: replace(CALM, waiting=50, open_counters=5),
    Key.P90_WAIT: replace(CALM, p90_s=3600),
    Key.WITHIN: replace(CALM, within=0.80),
    Key.ARRIVALS: replace(CALM, excess=Excess(110, 100.0, 10)),
    Key.LEFT: replace(CALM, left=20),
    Key.NO_SHOW: replace(CALM, no_show=30),
    Key.IKM: replace(CALM, ikm=76.61),
}
FEW = {
    Key.CROWD: replace(CALM, waiting=9, open_counters=0),
    Key.P90_WAIT: replace(CALM, p90_s=36_000, waits=19),
    Key.WITHIN: replace(CALM, within=0.0, judged=19),
    Key.ARRIVALS: replace(CALM, excess=Excess(19, 1.0, 10)),
    Key.LEFT: replace(CALM, issued=19, left=19, no_show=0),
    Key.NO_SHOW: replace(CALM, issued=19, no_show=19, left=0),
    Key.IKM: replace(CALM, ikm=25.0, answers=29),
}
"""As bad as can be, of one fewer than is enough."""


def test_a_calm_day_raises_nothing() -> None:
    assert alerts(CALM, DEFAULTS) == []
    assert alerts(Day(), DEFAULTS) == []


@pytest.mark.parametrize("key", Key)
def test_past_its_threshold_each_is_told_with_figure_threshold_and_n(key: Key) -> None:
    (told,) = alerts(PAST[key], DEFAULTS)
    assert told.key is key
    assert told.threshold == TARGETS[key].default
    assert told.n >= 1
    is_too_low = key in {Key.WITHIN, Key.IKM}
    assert (told.figure < told.threshold) is is_too_low


@pytest.mark.parametrize("key", ON_IT)
def test_on_the_threshold_is_not_past_it(key: Key) -> None:
    assert alerts(ON_IT[key], DEFAULTS) == []


@pytest.mark.parametrize("key", Key)
def test_what_is_off_is_never_told(key: Key) -> None:
    assert alerts(PAST[key], {**DEFAULTS, key: None}) == []
    assert alerts(PAST[key], OFF) == []


@pytest.mark.parametrize("key", FEW)
def test_of_few_nothing_is_said(key: Key) -> None:
    assert TARGETS[key].fewest >= 10
    assert alerts(FEW[key], DEFAULTS) == []


def test_every_threshold_of_a_share_states_its_least_n() -> None:
    people = {Key.NO_COUNTER, Key.LATE, Key.PAUSED}
    assert {key for key, each in TARGETS.items() if not each.fewest} == people


def test_a_queue_that_nobody_serves_is_told_as_that_alone() -> None:
    day = replace(CALM, queues=[a_queue(late=3, is_served=False)])
    assert [each.key for each in alerts(day, DEFAULTS)] == [Key.NO_COUNTER]
    late_only = alerts(day, {**DEFAULTS, Key.NO_COUNTER: None})
    assert [each.key for each in late_only] == [Key.LATE], "unless that is off"


def test_a_threshold_of_people_counts_each_service_by_itself() -> None:
    day = replace(CALM, queues=[a_queue("kk", late=2), a_queue("paspor", late=3)])
    told = alerts(day, {**DEFAULTS, Key.LATE: 3})
    assert [each.name for each in told] == ["late-paspor"]


EVERYTHING = Day(
    queues=[
        a_queue("kk", late=2, longest=3000),
        a_queue("paspor", is_served=False),
        a_queue("ktp-el", late=2, longest=4000),
    ],
    pauses=[Pause(counter_id=1, seconds=3600), Pause(counter_id=2, seconds=7200)],
    waiting=100, open_counters=2, waits=100, p90_s=9000, judged=100, within=0.1,
    issued=200, left=100, no_show=90, excess=Excess(200, 100.0, 11), answers=100, ikm=60.0,
)  # fmt: skip


def test_people_who_wait_come_before_shares_and_shares_before_the_survey() -> None:
    told = alerts(EVERYTHING, DEFAULTS)
    assert [each.name for each in told[:3]] == ["no_counter-paspor", "late-ktp-el", "late-kk"]
    assert told[-1].key is Key.IKM
    assert {each.key for each in told} == set(Key)
    assert [each.name for each in told if each.key is Key.PAUSED] == ["paused-2", "paused-1"]


def test_every_key_has_its_gravity() -> None:
    assert sorted(key for row in GRAVITY for key in row) == sorted(Key)


QUEUES = st.builds(
    a_queue,
    service=st.sampled_from(["a", "b", "c"]),
    waiting=st.integers(1, 50),
    late=st.integers(0, 50),
    is_served=st.booleans(),
    longest=st.integers(0, 9000),
)
DAYS = st.builds(
    Day,
    queues=st.lists(QUEUES, unique_by=lambda queue: queue.service),
    waiting=st.integers(0, 500),
    open_counters=st.integers(0, 40),
    waits=st.integers(0, 500),
    p90_s=st.none() | st.floats(0, 20_000),
    judged=st.integers(0, 500),
    within=st.none() | st.floats(0, 1),
    issued=st.integers(0, 500),
    left=st.integers(0, 500),
    no_show=st.integers(0, 500),
    answers=st.integers(0, 500),
    ikm=st.none() | st.floats(25, 100),
)
VALUES = st.fixed_dictionaries(
    {key: st.none() | st.floats(each.least, each.most) for key, each in TARGETS.items()}
)


@given(DAYS, VALUES)
def test_every_alert_is_past_its_own_threshold_made_of_enough_and_told_once(
    day: Day, values: dict[Key, float | None]
) -> None:
    told = alerts(day, values)
    assert len({each.name for each in told}) == len(told)
    order = [next(at for at, row in enumerate(GRAVITY) if each.key in row) for each in told]
    assert order == sorted(order)
    for each in told:
        assert each.threshold == values[each.key]
        assert each.n >= TARGETS[each.key].fewest
        too_low = each.key in {Key.WITHIN, Key.IKM}
        assert each.figure < each.threshold if too_low else each.figure >= each.threshold
