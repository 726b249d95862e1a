"""A small morning to ask about, and a leader who may."""

from factories import TestClock, a_desk, a_device, a_mall, a_ticket

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.commands import end
from mpp.queue.rules.life import Action
from mpp.security import Role


async def signed_in(db: Database, mall: Mall, role: Role = Role.MANAGER) -> dict[str, str]:
    counter = "1" if role is Role.COUNTER else None
    return {"Authorization": f"Bearer {await a_device(db, mall, role, counter=counter)}"}


async def a_morning(db: Database, clock: TestClock) -> Mall:
    """A-001 served at counter 1 after 5 min, for 8; A-002 missed after 20; A-003 gave up; A-004 waits.

    P-001 is being served at counter 3, after 30 minutes.
    """
    mall: Mall = await a_mall(db)
    one, three = [await a_desk(db, mall, label, clock) for label in ("1", "3")]
    tickets = [await a_ticket(db, mall, now=clock()) for _ in range(4)]
    await a_ticket(db, mall, "paspor", now=clock())
    clock.forward(minutes=5)
    first = await one.call()
    assert first is not None
    clock.forward(minutes=1)
    await one.do(first, Action.START)
    clock.forward(minutes=8)
    await one.do(first, Action.COMPLETE)
    clock.forward(minutes=6)
    second = await one.call()
    assert second is not None
    await one.do(second, Action.MISS)
    third = tickets[2].visit_id
    await db.execute(end.cancel_by_visitor, mall, third, now=clock())
    clock.forward(minutes=10)
    passport = await three.call()
    assert passport is not None
    await three.do(passport, Action.START)
    return mall
