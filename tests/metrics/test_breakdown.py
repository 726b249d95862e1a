"""A period row by row and by hour, the work at its counters, and the history of shifts behind that."""

from datetime import date, timedelta

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_mall
from sqlalchemy import update

from mpp.counters.commands import shifts
from mpp.counters.models import shifts as shifts_table
from mpp.db.schema import to_microseconds
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.metrics.pages.breakdown import (
    work_view,
)
from mpp.metrics.pages.hours import hour_rows
from mpp.metrics.pages.work import WorkOut, WorkRowOut
from mpp.metrics.queries.shift_log_rows import shift_log
from mpp.metrics.rules.figures import By, Promise
from mpp.metrics.rules.names import Named, Names
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.scope import read_among
from mpp.metrics.rules.tables import RollupTable
from mpp.metrics.rules.work import ShiftEvent, attendance

KNOWN = Names(
    services={1: Named("ktp", "KTP"), 2: Named("kk", "KK"), 3: Named("paspor", "Paspor")},
    agencies={7: Named("dukcapil", "Dukcapil"), 8: Named("imigrasi", "Imigrasi")},
    counters={},
    officers={},
    agency_of={1: 7, 2: 7, 3: 8},
    promises={1: Promise(600, 300), 2: Promise(600, None), 3: Promise()},
)


def row(open_s: float, serving_s: float, served: int = 1, key: str | None = "1") -> WorkRowOut:
    return WorkRowOut(
        key=key, name="Loket 1", open_s=open_s, paused_s=0, serving_s=serving_s, served=served,
        utilisation=None, served_per_hour=None,
    )  # fmt: skip


def test_hours_stand_without_a_gap_from_the_first_to_the_last() -> None:
    told = RollupTable(By.HOUR, {9: Rollup(issued=3), 12: Rollup(issued=1), 20: Rollup()}, Rollup())
    assert [(each.hour, each.issued) for each in hour_rows(told)] == [
        (9, 3),
        (10, 0),
        (11, 0),
        (12, 1),
    ]
    assert hour_rows(RollupTable(By.HOUR, {}, Rollup())) == []


def test_bars_of_work_are_drawn_on_one_scale() -> None:
    told = WorkOut(
        mall="m", is_synthetic=False, from_="", to="", by="counter", total=row(0, 0),
        rows=[row(3600, 1800), row(1800, 1800), row(0, 0, served=0), row(0, 900, key=None)],
    )  # fmt: skip
    view = work_view(told)
    assert [(bar.open, bar.serving) for _row, bar in view.rows] == [(100, 50), (50, 50), (0, 25)]


@pytest.mark.parametrize(
    ("text", "heading", "services"),
    [
        (None, ("mall", ""), [1, 2, 3]),
        ("", ("mall", ""), [1, 2, 3]),
        ("agency:dukcapil", ("agency", "7"), [1, 2]),
        ("service:paspor", ("service", "3"), [3]),
    ],
)
def test_times_are_told_of_the_mall_an_agency_or_a_service(
    text: str | None, heading: tuple[str, str], services: list[int]
) -> None:
    scope = read_among(text, KNOWN)
    assert (scope.value, scope.heading, [*scope.services]) == (text or "", heading, services)


@pytest.mark.parametrize("text", ["ktp", "agency:", "service:dukcapil", "counter:1", ":", "hour:9"])
def test_what_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_among(text, KNOWN)
    assert refused.value.facts["field"] == "among"


async def test_shifts_are_read_whole_also_when_they_end_another_day(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    one, two = [await a_desk(db, mall, label, clock) for label in ("1", "2")]
    at_two = (mall, two.counter_id)
    await db.execute(
        shifts.pause_counter, *at_two, by=two.by, now=clock.forward(hours=1), reason="salat"
    )
    await db.execute(shifts.close_shift, *at_two, by=two.by, now=clock.forward(hours=1))
    await db.execute(
        shifts.close_shift, mall, one.counter_id, by=one.by, now=NINE + timedelta(days=1)
    )
    await a_desk(db, mall, "3", clock)

    log = await db.read(shift_log, mall.id, MONDAY, MONDAY)
    there = attendance(log, to_microseconds(clock()))
    assert there[one.counter_id, None].open_s == 24 * 3600
    assert (there[two.counter_id, None].open_s, there[two.counter_id, None].paused_s) == (
        3600,
        3600,
    )
    assert len({each.shift_id for each in log}) == 3
    none = date(2026, 11, 24)
    assert await db.read(shift_log, mall.id, none, none) == []
    assert await _every_shift(db, mall.id) == {each.shift_id for each in log}


async def _every_shift(db: Database, mall_id: int) -> set[int]:
    log: list[ShiftEvent] = await db.read(shift_log, mall_id, date(2026, 1, 1), date(2026, 12, 31))
    return {each.shift_id for each in log}


async def test_the_officer_of_a_shift_is_the_one_who_opened_it(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    await a_desk(db, mall, "1", clock)
    officer = await db.read(
        lambda tx: tx.conn.exec_driver_sql("SELECT min(id) FROM officers").scalar_one()
    )
    await db.execute(
        lambda tx: tx.conn.execute(update(shifts_table).values(officer_id=officer)).rowcount
    )
    log = await db.read(shift_log, mall.id, MONDAY, MONDAY)
    assert {each.officer_id for each in log} == {officer}
