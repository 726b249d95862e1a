"""The history of shifts, day by day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from mpp.counters.models import shift_events, shifts
from mpp.db.schema import to_microseconds
from mpp.db.seam import Transaction
from mpp.metrics.rules.work import ShiftEvent

_E, _S = shift_events.c, shifts.c
_LAST = "close"


def shift_log(tx: Transaction, mall_id: int, first: date, last: date) -> list[ShiftEvent]:
    """What happened to the shifts that were opened on these business days, both included.

    Read by day and put together here: events have no index by shift, and joined by the database every
    shift would look at every event, seven seconds for a year. Only what was still open at the end of the
    last day, at most one shift a counter, is looked for in the days after it.
    """
    of_shift = select(_S.id, _S.officer_id).where(
        _S.mall_id == mall_id, _S.day.between(first, last)
    )
    officers = {row.id: row.officer_id for row in tx.conn.execute(of_shift)}
    rows = [
        row for row in _events(tx, mall_id, _E.day.between(first, last)) if row.shift_id in officers
    ]
    going_on = officers.keys() - {row.shift_id for row in rows if row.action == _LAST}
    if going_on:
        later = _E.day > last
        rows += _events(tx, mall_id, later & _E.shift_id.in_(sorted(going_on)))
    return [
        ShiftEvent(
            row.shift_id,
            row.counter_id,
            officers[row.shift_id],
            to_microseconds(row.at),
            row.action,
        )
        for row in rows
    ]


def _events(tx: Transaction, mall_id: int, chosen: ColumnElement[bool]) -> Sequence[Any]:
    return tx.conn.execute(
        select(_E.shift_id, _E.counter_id, _E.at, _E.action).where(_E.mall_id == mall_id, chosen)
    ).all()
