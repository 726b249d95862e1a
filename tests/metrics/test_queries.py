"""Books that are in order pass, and every planted fault is named; on both databases."""

from factories import TestClock, a_mall

from mpp.db.seam import Database
from mpp.metrics import queries


async def test_a_busy_day_keeps_every_law(db: Database, clock: TestClock, a_busy_day) -> None:
    mall = await a_mall(db)
    tickets = await a_busy_day(mall, seed=3, hours=3)
    assert len(tickets) > 100
    assert await db.read(queries.verify, mall.id) == []
