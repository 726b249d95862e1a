"""Days that are over are closed in every mall by its own clock; nothing is done where all is well."""

from datetime import timedelta

from factories import TestClock, a_desk, a_mall, a_ticket, mall_file, now_is

from mpp.counters.queries import shift_rows
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.housekeeping import close_past_days
from mpp.queue.commands.call import close_counter
from mpp.queue.queries import past_rows
from mpp.queue.rules.life import Action, State
from mpp.queue.rules.ticket import Ticket


async def open_morning(db: Database, clock: TestClock, slug: str, zone: str) -> tuple[Mall, Ticket]:
    """A mall with one counter open and one visitor who waits."""
    mall = await a_mall(db, mall_file(slug=slug, time_zone=zone))
    await a_desk(db, mall, "1", clock)
    return mall, await a_ticket(db, mall, "ktp-el", now=clock())


async def test_each_mall_closes_its_day_at_its_own_midnight(db: Database, clock: TestClock) -> None:
    west, early = await open_morning(db, clock, "barat", "Asia/Jakarta")
    east, late = await open_morning(db, clock, "timur", "Asia/Jayapura")
    await a_mall(db, mall_file(slug="sepi"))
    malls = Malls(db)
    assert await close_past_days(db, malls, clock) == 0
    local = clock().astimezone(east.time_zone)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=30)
    clock.forward(seconds=(midnight - local).total_seconds())
    assert west.day(clock()) < east.day(clock()), "after midnight in the east, not in the west"
    assert await close_past_days(db, malls, clock) == 1
    assert (await now_is(db, late)).state is State.EXPIRED
    assert (await now_is(db, early)).state is State.WAITING
    clock.forward(hours=2)
    assert await close_past_days(db, malls, clock) == 1
    assert (await now_is(db, early)).state is State.EXPIRED
    for mall in (west, east):
        assert await db.read(shift_rows.present_shifts, mall.id) == {}


async def test_a_counter_left_open_is_reason_enough(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    await a_desk(db, mall, "1", clock)
    today = mall.day(clock())
    assert await db.read(past_rows.malls_with_open_days, today) == set()
    assert await db.read(past_rows.malls_with_open_days, today + timedelta(days=1)) == {mall.id}
    clock.forward(days=1)
    await close_past_days(db, Malls(db), clock)
    assert await db.read(shift_rows.present_shifts, mall.id) == {}
    assert await db.read(past_rows.malls_with_open_days, mall.day(clock())) == set()


async def test_a_ticket_left_over_is_reason_enough(db: Database, clock: TestClock) -> None:
    waits = await a_mall(db, mall_file(slug="menunggu"))
    await a_ticket(db, waits, "ktp-el", now=clock())
    parked = await a_mall(db, mall_file(slug="ditunda"))
    desk = await a_desk(db, parked, "1", clock)
    await a_ticket(db, parked, "ktp-el", now=clock())
    called = await desk.call()
    assert called is not None
    await desk.do(await desk.do(called, Action.START), Action.PARK, reason="berkas menyusul")
    await db.execute(close_counter, parked, desk.counter_id, by=desk.by, now=clock())
    tomorrow = waits.day(clock()) + timedelta(days=1)
    assert await db.read(past_rows.malls_with_open_days, tomorrow) == {waits.id, parked.id}
