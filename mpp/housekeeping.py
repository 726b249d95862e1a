"""What a running server does by itself: past days are closed and rolled up, salts of surveys forgotten."""

import asyncio
from datetime import datetime, timedelta

import structlog

from mpp.clock import Clock
from mpp.counters.queries import shift_rows
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import MppError
from mpp.metrics.readers.rollup_job import RollupJob
from mpp.queue.commands import end
from mpp.queue.queries import past_rows
from mpp.survey.commands import answering
from mpp.survey.queries import answer_rows

log = structlog.get_logger()

HOUSEKEEPING_S = 30.0
BREATH_S = 1.0
"""After a long outage, when much is left to be rolled up."""


async def run(db: Database, malls: Malls, clock: Clock) -> None:
    """Close past days that are still open, roll up what is over, for ever.

    Of several processes one does it. Should two for a moment, when the first lost its lease unnoticed,
    nothing is spoilt: every step is a command that finds what is left.
    """
    rollup_job = RollupJob()
    while True:
        try:
            if await db.leads():
                await close_past_days(db, malls, clock)
                known = [(mall, mall.day(clock())) for mall in await malls.all()]
                await rollup_job.catch_up(db, known)
        except MppError as error:
            log.warning("housekeeping put off", error=error.detail)
        except Exception:
            log.exception("housekeeping failed")
        await asyncio.sleep(BREATH_S if rollup_job.left else HOUSEKEEPING_S)


async def close_past_days(db: Database, malls: Malls, clock: Clock) -> int:
    """Expire what is left open of days that are over, in every mall; answers how many tickets.

    Salts of surveys that are past are forgotten: from then on no answer can be traced. Most malls have
    nothing of either, so all are asked about together, by the day of those where it is latest.
    """
    expired = 0
    known = await malls.all()
    latest = max((mall.day(clock()) for mall in known), default=clock().date())
    salted = await db.read(answer_rows.malls_with_past_salts, latest)
    left = await db.read(past_rows.malls_with_open_days, latest)
    for mall in known:
        now = clock()
        if mall.id in salted:
            await db.execute(answering.forget_salts, mall.id, today=mall.day(now))
        if mall.id in left:
            expired += await _close_past_days_of(db, mall, now)
    return expired


async def _close_past_days_of(db: Database, mall: Mall, now: datetime) -> int:
    yesterday = mall.day(now) - timedelta(days=1)
    shifts = await db.read(shift_rows.present_shifts, mall.id)
    left = await db.read(past_rows.days_with_open_tickets, mall.id, mall.day(now))
    if not left and all(mall.day(shift.opened_at) > yesterday for shift in shifts.values()):
        return 0
    count = await db.execute(end.close_day, mall, yesterday, now=now)
    log.info("closed past days", mall=mall.slug, until=str(yesterday), expired=count)
    return count
