"""Past days, kept: equal to a full recompute after anything that may happen, on both databases."""

from datetime import date, timedelta

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_mall, a_ticket, mall_file
from sqlalchemy import Delete, delete, func, select, update

from mpp.counters.models import services
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.ids import lowest_id
from mpp.metrics.commands import rollups as rollup_commands
from mpp.metrics.models.rollups import rollups
from mpp.metrics.queries import rollup_rows
from mpp.metrics.queries.rollup_rows import DAY, MONTH
from mpp.metrics.readers import rollup_job
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.reports import summed
from mpp.metrics.readers.rollup_job import RollupJob, differences, recompute, roll_up_day
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import Kind
from mpp.queue.rules.life import Action
from tests.metrics.exact import exact

ALWAYS = Period(date.min, date.max)
TUESDAY = MONDAY + timedelta(days=1)
NEXT_YEAR = MONDAY + timedelta(days=400)


async def all_folded(db: Database, mall: Mall, today: date, **how: bool) -> list[date]:
    return [day async for day in recompute(db, mall, ALWAYS, today, **how)]


async def unlike(db: Database, mall: Mall, today: date) -> list[tuple[str, date, str]]:
    found = differences(db, mall, ALWAYS, today)
    return [(span, day, heading[0]) async for span, day, heading in found]


async def kept_rows(db: Database, mall: Mall) -> set[tuple[object, ...]]:
    return await db.read(
        lambda tx: {
            tuple(row)
            for row in tx.conn.execute(
                select(rollups, func.length(rollups.c.tally)).where(rollups.c.mall_id == mall.id)
            )
        }
    )


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_is_kept_is_what_a_recompute_gives(
    db: Database, clock: TestClock, a_busy_day, seed: int
) -> None:
    mall = await a_mall(db)
    await a_busy_day(mall, seed=seed, hours=0.5, close=True)
    clock.now = NINE + timedelta(days=1)
    await a_ticket(db, mall, now=clock())
    assert await all_folded(db, mall, TUESDAY) == [MONDAY]
    assert await unlike(db, mall, TUESDAY) == []
    before = await kept_rows(db, mall)
    assert await all_folded(db, mall, TUESDAY) == [MONDAY]
    assert await kept_rows(db, mall) == before
    assert await all_folded(db, mall, NEXT_YEAR) == [MONDAY, TUESDAY]
    assert await unlike(db, mall, NEXT_YEAR) == []
    months = await db.read(rollup_rows.kept_months, mall.id, date.min, date.max)
    assert months == {MONDAY.replace(day=1)}


async def test_late_events_make_a_day_due_again(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    called = await desk.call()
    assert called is not None
    assert await all_folded(db, mall, NEXT_YEAR, only_due=True) == [MONDAY]
    assert await all_folded(db, mall, NEXT_YEAR, only_due=True) == []
    clock.forward(hours=20)  # pressed on the next morning, before the day was closed
    await desk.do(called, Action.START)
    assert [each for *_rest, each in await unlike(db, mall, NEXT_YEAR)]
    assert await all_folded(db, mall, NEXT_YEAR, only_due=True) == [MONDAY]
    assert await unlike(db, mall, NEXT_YEAR) == []


async def test_a_recompute_finds_what_was_tampered_with(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, now=clock())
    await all_folded(db, mall, NEXT_YEAR)

    def tamper(span: str) -> Delete:
        return delete(rollups).where(rollups.c.span == span, rollups.c.by == By.HOUR)

    await db.execute(lambda tx: tx.conn.execute(tamper(MONTH)).rowcount)
    assert await unlike(db, mall, NEXT_YEAR) == [(MONTH, MONDAY.replace(day=1), "hour")]
    await db.execute(lambda tx: tx.conn.execute(tamper(DAY)).rowcount)
    assert await unlike(db, mall, NEXT_YEAR) == [(DAY, MONDAY, "hour")]
    await all_folded(db, mall, NEXT_YEAR)
    assert await unlike(db, mall, NEXT_YEAR) == []


async def test_a_recompute_names_what_cannot_be_read_any_more(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, now=clock())
    await all_folded(db, mall, NEXT_YEAR)
    damage = (
        update(rollups)
        .where(rollups.c.by == "standards", rollups.c.span == DAY)
        .values(tally=b"\x9f")
    )
    assert await db.execute(lambda tx: tx.conn.execute(damage).rowcount) == 1
    assert (DAY, MONDAY, "standards") in await unlike(db, mall, NEXT_YEAR)


async def test_a_new_standard_does_not_change_a_day_that_was_folded(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    clock.forward(minutes=20)
    await desk.serve()
    await all_folded(db, mall, NEXT_YEAR)
    stricter = update(services).values(promised_wait_s=600)
    await db.execute(lambda tx: tx.conn.execute(stricter).rowcount)
    await all_folded(db, mall, NEXT_YEAR)
    assert await unlike(db, mall, NEXT_YEAR) == []
    period = Period(MONDAY, MONDAY)
    today = await exact(db, mall, period, By.SERVICE)
    _, kept = await summed(db, mall, period, By.SERVICE)
    assert today[By.SERVICE].total.share_within(Kind.WAITING) == 0
    assert kept[By.SERVICE].total.share_within(Kind.WAITING) == 1


async def test_an_older_fold_never_replaces_a_newer(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, now=clock())
    older = await rollup_job.day_rows(db, mall, MONDAY)
    await a_ticket(db, mall, now=clock())
    assert await roll_up_day(db, mall, MONDAY)
    month = await rollup_job.month_rows(db, mall, MONDAY)
    assert not await db.execute(rollup_commands.keep_day, mall.id, MONDAY, *older)
    await a_ticket(db, mall, now=clock())
    assert await roll_up_day(db, mall, MONDAY)
    assert not await db.execute(rollup_commands.keep_month, mall.id, MONDAY, *month)
    assert await all_folded(db, mall, NEXT_YEAR, only_due=True) == []
    assert await unlike(db, mall, NEXT_YEAR) == []


async def test_days_that_have_events_are_found_without_reading_them(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    days = [MONDAY + timedelta(days=each) for each in (0, 1, 7, 40)]
    for day in days:
        await a_ticket(db, mall, now=NINE + (day - MONDAY), unrestricted=True)
    assert await db.read(rollup_rows.event_days, mall.id, date.min, date.max) == days
    assert await db.read(rollup_rows.event_days, mall.id, TUESDAY, days[2]) == days[1:3]
    assert await db.read(rollup_rows.event_days, mall.id, days[3] + timedelta(1), date.max) == []


# -- reports -------------------------------------------------------------------------------------


def counts(made) -> dict[object, tuple[object, ...]]:
    return {
        key: (
            *(row.issued, row.served, row.left, row.no_show, row.expired, row.open),
            *((row.summary(kind).n, row.share_within(kind)) for kind in Kind),
        )
        for key, row in made.rows.items()
    }


@pytest.mark.parametrize("is_folded", [False, True])
async def test_a_report_counts_what_was_there_whether_folded_or_not(
    db: Database, clock: TestClock, a_busy_day, is_folded: bool
) -> None:
    mall = await a_mall(db)
    await a_busy_day(mall, seed=3, hours=0.4, close=True)
    clock.now = NINE + timedelta(days=1)
    await a_ticket(db, mall, now=clock())
    today = mall.day(clock())
    if is_folded:
        await all_folded(db, mall, today)
    present = Present(clock(), Days())
    period = Period(MONDAY - timedelta(days=40), today)
    for by in By:
        _, made = await summed(db, mall, period, by, present=present)
        kept, counted = made[by], (await exact(db, mall, period, by))[by]
        assert counts(kept) == counts(counted)
        for kind in Kind:
            mine, theirs = kept.total.summary(kind), counted.total.summary(kind)
            assert mine.median_s == pytest.approx(theirs.median_s, rel=0.01)
            assert mine.mean_s == pytest.approx(theirs.mean_s)


async def test_months_and_days_and_what_lies_outside_add_up(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    days = [date(2026, month, day) for month in (8, 9, 10) for day in (1, 3, 30)]
    for day in days:
        await a_ticket(db, mall, now=NINE + (day - MONDAY), unrestricted=True)
    period = Period(date(2026, 8, 3), date(2026, 10, 29))
    asked = []
    for is_folded in (False, True):
        if is_folded:
            await all_folded(db, mall, MONDAY)
        _, made = await summed(db, mall, period, By.WEEKDAY)
        asked.append((made[By.WEEKDAY].total.issued, counts(made[By.WEEKDAY])))
    assert asked[0] == asked[1]
    assert asked[0][0] == 7


async def test_a_kept_day_is_read_without_its_events(
    db: Database, clock: TestClock, counted
) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, now=clock())
    await all_folded(db, mall, NEXT_YEAR)
    with counted() as seen:
        await summed(db, mall, Period(MONDAY, MONDAY), By.SERVICE)
    assert not any("at_us" in each or "action" in each for each in seen)


# -- the server's own job, and the command ---------------------------------------------------


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has been up for long, and looks for what is new each time."""
    monkeypatch.setattr(rollup_job, "FIRST_S", 0.0)
    monkeypatch.setattr(rollup_job, "LOOK_S", 0.0)


@pytest.mark.usefixtures("at_once")
async def test_a_server_rolls_up_whatever_is_due_in_every_mall(
    db: Database, clock: TestClock
) -> None:
    malls = [await a_mall(db, mall_file(slug=slug)) for slug in ("satu", "dua")]
    for mall in malls:
        for day in range(3):
            await a_ticket(db, mall, now=NINE + timedelta(days=day), unrestricted=True)
    job = RollupJob()
    today = [(mall, date(2026, 12, 1)) for mall in malls]
    assert await job.catch_up(db, today) == 8  # three days each, and their month
    for mall in malls:
        assert await unlike(db, mall, date(2026, 12, 1)) == []
        kept = await db.read(rollup_rows.rolled_up_days, mall.id, date.min, date.max)
        assert sorted(kept) == [MONDAY + timedelta(days=n) for n in range(3)]
    assert await job.catch_up(db, today) == 0


@pytest.mark.usefixtures("at_once")
async def test_what_is_new_on_a_past_day_is_found_without_looking_at_every_mall(
    db: Database, clock: TestClock
) -> None:
    quiet, late = [await a_mall(db, mall_file(slug=slug)) for slug in ("sepi", "ramai")]
    await a_ticket(db, late, now=NINE, unrestricted=True)
    job = RollupJob()
    today = [(quiet, date(2026, 12, 1)), (late, date(2026, 12, 1))]
    assert await job.catch_up(db, today) == 2
    await a_ticket(db, late, now=NINE, unrestricted=True)
    assert await db.read(rollup_rows.days_touched, lowest_id(60)) == {late.id: {MONDAY}}
    assert await job.catch_up(db, today) == 2  # the day and its month anew
    assert await unlike(db, late, date(2026, 12, 1)) == []


@pytest.mark.usefixtures("at_once")
async def test_a_day_that_turned_and_a_month_that_is_over_are_rolled_up(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, now=NINE, unrestricted=True)
    job = RollupJob()
    assert await job.catch_up(db, [(mall, MONDAY)]) == 0  # today is not over
    assert await job.catch_up(db, [(mall, TUESDAY)]) == 1
    assert await job.catch_up(db, [(mall, date(2026, 12, 1))]) == 1  # its month
    assert await unlike(db, mall, date(2026, 12, 1)) == []


@pytest.mark.usefixtures("at_once")
async def test_the_latest_days_come_first_and_the_rest_waits_for_the_next_time(
    db: Database, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup_job, "BUSY_S", 1e-9)
    mall = await a_mall(db)
    for day in range(2):
        await a_ticket(db, mall, now=NINE + timedelta(days=day), unrestricted=True)
    job = RollupJob()
    assert await job.catch_up(db, [(mall, NEXT_YEAR)]) == 0
    assert job.left == 3
    monkeypatch.setattr(rollup_job, "BUSY_S", 20.0)
    assert await job.catch_up(db, [(mall, NEXT_YEAR)]) == 3
    assert job.left == 0


async def test_a_server_begins_later_than_its_first_answers(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, now=clock())
    assert await RollupJob().catch_up(db, [(mall, TUESDAY)]) == 0
