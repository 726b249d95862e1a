"""Which counters are open, for what."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, literal_column, select

from mpp.counters.models import (
    counter_services,
    shifts,
)
from mpp.counters.rules.mall import (
    ShiftState,
)
from mpp.counters.rules.shift import Shift
from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction


def _shift(row: Sequence[Any]) -> Shift:
    shift_id, counter_id, officer_id, state, reason, opened_at, chosen = row
    return Shift(
        id=shift_id,
        counter_id=counter_id,
        officer_id=officer_id,
        state=ShiftState(state),
        reason=reason,
        opened_at=opened_at,
        services=None if chosen is None else frozenset(chosen),
    )


MAY_CALL = and_(
    shifts.c.closed_at.is_(None), shifts.c.state == literal_column(f"'{ShiftState.OPEN}'")
)
"""Whether the counter of a shift calls: open, not paused."""

_SHIFT_COLUMNS = tuple(
    shifts.c[name]
    for name in ("id", "counter_id", "officer_id", "state", "reason", "opened_at", "services")
)

_SHIFT = select(*_SHIFT_COLUMNS).where(
    shifts.c.mall_id == bindparam("mall_id"),
    shifts.c.counter_id == bindparam("counter_id"),
    shifts.c.closed_at.is_(None),
)


_SHIFT_COMPILED, _SHIFT_LOCKED = (
    CompiledStatement(_SHIFT),
    CompiledStatement(_SHIFT.with_for_update()),
)


def shift_at(tx: Transaction, mall_id: int, counter_id: int, *, lock: bool = False) -> Shift | None:
    """The counter's shift that is not closed; None when the counter is closed."""
    statement = _SHIFT_LOCKED if lock and tx.is_postgres else _SHIFT_COMPILED
    row = statement.one(tx, {"mall_id": mall_id, "counter_id": counter_id})
    return None if row is None else _shift(row)


def present_shifts(tx: Transaction, mall_id: int) -> dict[int, Shift]:
    """Counter id → shift that is not closed."""
    statement = select(*_SHIFT_COLUMNS).where(
        shifts.c.mall_id == mall_id, shifts.c.closed_at.is_(None)
    )
    return {row.counter_id: _shift(row) for row in tx.conn.execute(statement)}


_OPEN = CompiledStatement(
    select(counter_services.c.service_id, shifts.c.services)
    .join(
        shifts,
        and_(
            shifts.c.mall_id == counter_services.c.mall_id,
            shifts.c.counter_id == counter_services.c.counter_id,
        ),
    )
    .where(
        shifts.c.mall_id == bindparam("mall_id"),
        MAY_CALL,
    )
)


def open_counters(tx: Transaction, mall_id: int) -> dict[int, int]:
    """Service id → how many open counters serve it now."""
    counts: dict[int, int] = {}
    for service_id, chosen in _OPEN.rows(tx, {"mall_id": mall_id}):
        if chosen is None or service_id in chosen:
            counts[service_id] = counts.get(service_id, 0) + 1
    return counts
