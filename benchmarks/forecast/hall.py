"""The demo's mall lived through, without a file: what is judged is what its commands told and wrote."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.forecast.calls import Judged
from mpp import schema
from mpp.counters.rules.mall import Mall
from mpp.db.connect import open_database
from mpp.db.seam import Database, Transaction
from mpp.demo.past.plan import Model
from mpp.demo.past.year import live_through
from mpp.demo.world import load, typical
from mpp.queue.queries import past_rows

DAYS = 60
LAST = date(2026, 11, 20)
VISITORS = 420.0
SEED = 2
"""Another than the hall's on which the rule was chosen, which is the demo's, 1."""


async def demo_hall(days: int, seed: int) -> list[Judged]:
    """Every wait of so many days of the demo's mall that ended in a call."""
    with tempfile.TemporaryDirectory(prefix="mpp-forecast-") as folder:
        url = f"sqlite:///{Path(folder) / 'hall.sqlite3'}"
        await schema.migrate(url)
        db = open_database(url, lambda _topics: None)
        await db.start()
        try:
            return await _lived(db, days, seed)
        finally:
            await db.close()


async def _lived(db: Database, days: int, seed: int) -> list[Judged]:
    mall = await load(db, lambda: datetime.combine(LAST, datetime.min.time(), UTC))
    model = Model(mall, typical(), VISITORS)
    async for _ in live_through(db, model, LAST, days, seed=seed):
        pass
    return await db.read(_judged, mall)


def _judged(tx: Transaction, mall: Mall) -> list[Judged]:
    return [
        Judged(each, mall.agency_of(mall.service_by_id[each.service_id]).slug)
        for each in past_rows.told_on(tx, mall, date.min, date.max)
    ]
