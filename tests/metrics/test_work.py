"""Time at the counter: what shifts say, and how much of it was service."""

import pytest
from factories import TestClock
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import AsyncTestClient

from mpp.db.seam import Database
from mpp.metrics.rules.work import ShiftEvent, attendance
from tests.metrics.morning import a_morning, signed_in

MINUTE = 60_000_000


def test_pauses_are_no_part_of_the_time_open() -> None:
    events = [
        ShiftEvent(1, 7, 3, 0, "open"),
        ShiftEvent(1, 7, 4, 60 * MINUTE, "pause"),
        ShiftEvent(1, 7, 4, 75 * MINUTE, "resume"),
        ShiftEvent(1, 7, None, 120 * MINUTE, "close"),
        ShiftEvent(2, 7, 5, 200 * MINUTE, "open"),
    ]
    found = attendance(events, 230 * MINUTE)
    assert found[7, 3].open_s == 105 * 60
    assert found[7, 3].paused_s == 15 * 60
    assert found[7, 5].open_s == 30 * 60  # still open: until now


def test_nothing_counts_after_the_end_of_a_shift() -> None:
    """A clock that was set back may write a return after the close."""
    events = [
        ShiftEvent(1, 7, 3, 0, "open"),
        ShiftEvent(1, 7, 3, 240 * MINUTE, "pause"),
        ShiftEvent(1, 7, None, 480 * MINUTE, "close"),
        ShiftEvent(1, 7, 3, 480 * MINUTE + 1, "resume"),
    ]
    found = attendance(events, 100_000 * MINUTE)[7, 3]
    assert (found.open_s, found.paused_s) == (240 * 60, 240 * 60)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=12, unique=True), st.randoms())
def test_whatever_the_order_nothing_is_counted_twice(at: list[int], chance) -> None:
    moments = sorted(at)
    middle = ["pause", "resume"] * len(moments)
    actions = ["open", *middle[: len(moments) - 2], "close"]
    events = [ShiftEvent(1, 1, None, m, a) for m, a in zip(moments, actions, strict=True)]
    shuffled = [*events]
    chance.shuffle(shuffled)
    (found,) = attendance(shuffled, 20_000).values()
    whole = (moments[-1] - moments[0]) / 1_000_000
    assert found.open_s + found.paused_s == pytest.approx(whole)


async def test_the_api_tells_how_much_of_the_time_was_service(
    app: Litestar, client: AsyncTestClient[Litestar], clock: TestClock
) -> None:
    db: Database = app.state.db
    mall = await a_morning(db, clock)
    app.state.malls.stale()
    headers = await signed_in(db, mall)
    said = (await client.get("/api/v1/malls/mpp-uji/metrics/work", headers=headers)).json()
    one = next(row for row in said["rows"] if row["name"] == "Loket 1")
    assert one["served"] == 1
    assert one["serving_s"] == 8 * 60
    assert one["utilisation"] == pytest.approx(one["serving_s"] / one["open_s"], abs=1e-4)
    assert said["total"]["open_s"] == sum(row["open_s"] for row in said["rows"])
    by = await client.get("/api/v1/malls/mpp-uji/metrics/work?by=officer", headers=headers)
    assert by.json()["by"] == "officer"
    wrong = await client.get("/api/v1/malls/mpp-uji/metrics/work?by=hour", headers=headers)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "by")
