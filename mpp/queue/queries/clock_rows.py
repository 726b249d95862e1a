"""The newest moment of a mall: its time never runs backwards, whatever a machine's clock does."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, literal_column, select

from mpp.counters.rules.mall import Mall
from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.queue.models import ticket_events
from mpp.queue.queries.line_rows import Value

LOG = logging.getLogger(__name__)

NOTED = timedelta(seconds=2)
"""Requests overtake each other by less; what is held by more is a clock that was set back."""

TICK = timedelta(microseconds=1)
"""By so much a held moment is later than the newest: whoever took a number later stands behind, also
where another machine gives lower ids."""


def newest_of(mall_id: Value) -> Select[tuple[datetime]]:
    """The moment of the mall's last event, one step along its key."""
    e = ticket_events.c
    return select(e.at).where(e.mall_id == mall_id).order_by(e.id.desc()).limit(literal_column("1"))


_NEWEST = CompiledStatement(newest_of(bindparam("mall_id")))


def held(tx: Transaction, mall: Mall, now: datetime) -> datetime:
    """The moment to write: `now`, but on the same business day always after the newest event.

    Of another day nothing is held: a clock that ran a day ahead must not stop the mall for a day.
    """
    row = _NEWEST.one(tx, {"mall_id": mall.id})
    return later_of(mall, now, None if row is None else row[0])


def later_of(mall: Mall, now: datetime, newest: datetime | None) -> datetime:
    if newest is None or newest <= now or mall.day(newest) != mall.day(now):
        return now
    if newest - now > NOTED:
        tell(mall, newest - now)
    return newest + TICK


def tell(mall: Mall, behind: timedelta) -> None:
    """Say in the log that this machine's clock is behind what the mall has seen."""
    LOG.warning(
        "%s: the clock is %d s behind the mall's last event; its time stands still until then",
        mall.slug,
        behind.total_seconds(),
    )
