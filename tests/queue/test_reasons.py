"""What officers say of what they do is kept, and told where the ticket comes next; on both databases."""

from factories import Desk, TestClock, a_ticket, history

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.queries import counter_rows
from mpp.queue.rules.life import Action
from mpp.queue.rules.snapshots import Brought


async def test_the_reason_of_a_miss_is_kept(
    db: Database, mall: Mall, one: Desk, clock: TestClock
) -> None:
    await a_ticket(db, mall)
    called = await one.call()
    assert called is not None
    await one.do(called, Action.MISS, reason="ke musala")
    assert (await history(db, called))[-1].data == {"reason": "ke musala"}


async def test_a_referral_tells_the_next_agency_why(
    db: Database, mall: Mall, one: Desk, three: Desk
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    there = mall.service("paspor")
    referred = (
        await one.acted(served, Action.REFER, service=there, reason="perlu paspor")
    ).referred
    assert referred is not None
    said = await db.read(counter_rows.brought, referred)
    assert said == Brought(Action.REFER, one.counter_id, "perlu paspor")


async def test_what_was_said_of_a_place_before_the_last_is_told_no_more(
    db: Database, mall: Mall, one: Desk, two: Desk
) -> None:
    await a_ticket(db, mall)
    served = await one.start()
    await one.do(served, Action.TRANSFER, counter_id=two.counter_id, reason="perlu dicetak")
    called = await two.call()
    assert called is not None
    back = await two.do(called, Action.RETURN)
    assert await db.read(counter_rows.brought, back) is None
