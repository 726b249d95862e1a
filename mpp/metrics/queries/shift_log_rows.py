"""The history of shifts, day by day."""

from datetime import date

from sqlalchemy import select

from mpp.counters.models import shift_events, shifts
from mpp.db.schema import to_microseconds
from mpp.db.seam import Transaction
from mpp.metrics.rules.work import ShiftEvent


def shift_log(tx: Transaction, mall_id: int, first: date, last: date) -> list[ShiftEvent]:
    """What happened to the shifts that were opened on these business days, both included."""
    e, s = shift_events.c, shifts.c
    rows = tx.conn.execute(
        select(e.shift_id, e.counter_id, s.officer_id, e.at, e.action)
        .join(shifts, (s.mall_id == e.mall_id) & (s.id == e.shift_id))
        .where(s.mall_id == mall_id, s.day.between(first, last))
    )
    return [
        ShiftEvent(
            row.shift_id, row.counter_id, row.officer_id, to_microseconds(row.at), row.action
        )
        for row in rows
    ]
