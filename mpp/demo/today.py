"""What the demo's day will bring, said as a manager would: people come faster than on the days before it."""

from datetime import datetime

from mpp.counters.rules.mall import Mall
from mpp.dashboard import queries as target_rows
from mpp.dashboard.commands import MOST_EXPECTED, expect_day
from mpp.dashboard.readers.typical_day import typical_day
from mpp.db.seam import Database


async def expect_today(db: Database, mall: Mall, speed: float, *, now: datetime) -> int | None:
    """Plan so many numbers as the speed makes of a usual day; None where there is nothing to say.

    Without it the overview would warn all day of a crowd that is only the demo's haste.
    """
    today = mall.day(now)
    usual = (await typical_day(db, mall, today)).issued
    if usual is None or speed == 1:
        return None
    expected = min(MOST_EXPECTED, max(1, round(usual.middle * speed)))
    said = await db.read(target_rows.expected_day, mall.id, today)
    if said is None or said.expected != expected:
        note = f"Demo berjalan {speed:g} kali kecepatan biasa"
        await db.execute(
            expect_day, mall.id, today, expected, note, today=today, by="demo", now=now
        )
    return expected
