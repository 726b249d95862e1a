"""What changes shifts, devices and sign-ins. Each function is one transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update

from mpp.counters.models import counters, shift_events, shifts
from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Mall, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.db.seam import Transaction
from mpp.errors import CounterNotOpen, Invalid
from mpp.security import Principal
from mpp.texts import marked


def mall_topic(mall_id: int) -> str:
    """Anything in this mall's queues, counters or shifts changed."""
    return f"mall:{mall_id}"


def counter_topic(counter_id: int) -> str:
    return f"counter:{counter_id}"


def service_topic(service_id: int) -> str:
    """This service's queue or the counters that serve it changed."""
    return f"service:{service_id}"


def reference_topic(mall_id: int) -> str:
    """The mall's reference data changed."""
    return f"reference:{mall_id}"


def open_counter(
    tx: Transaction,
    mall: Mall,
    counter_id: int,
    *,
    by: Principal,
    now: datetime,
    services: Iterable[str] | None = None,
) -> Shift:
    """Begin a shift, or go on after a pause. Opening an open counter changes nothing but services.

    `services`: slugs the counter serves in this shift; None: all it may. `Invalid` for a service
    that it does not have.
    """
    counter = mall.counter(counter_id)
    chosen = _chosen(mall, counter.weights.keys(), services)
    _lock_counter(tx, mall.id, counter_id)
    shift = shift_rows.shift_at(tx, mall.id, counter_id, lock=True)
    now = _held(tx, mall, now)
    if shift is None:
        shift_id = tx.new_id()
        tx.conn.execute(
            insert(shifts).values(
                mall_id=mall.id,
                id=shift_id,
                counter_id=counter_id,
                officer_id=by.officer_id,
                state=ShiftState.OPEN,
                services=chosen,
                day=mall.day(now),
                opened_at=now,
            )
        )
        _log(tx, mall, shift_id, counter_id, "open", by=by, now=now)
    else:
        shift_id = shift.id
        tx.conn.execute(
            _this(mall.id, shift_id).values(state=ShiftState.OPEN, reason=None, services=chosen)
        )
        if shift.state is ShiftState.PAUSED:
            _log(tx, mall, shift_id, counter_id, "resume", by=by, now=now)
    return _present(tx, mall, counter_id)


def pause_counter(
    tx: Transaction, mall: Mall, counter_id: int, *, by: Principal, now: datetime, reason: str
) -> Shift:
    """Stop calling for a while; the reason is shown to leaders. `CounterNotOpen` when closed."""
    mall.counter(counter_id)
    shift, now = _must_be_there(tx, mall, counter_id), _held(tx, mall, now)
    tx.conn.execute(_this(mall.id, shift.id).values(state=ShiftState.PAUSED, reason=reason))
    if shift.state is not ShiftState.PAUSED:
        _log(tx, mall, shift.id, counter_id, "pause", by=by, now=now, reason=reason)
    return _present(tx, mall, counter_id)


def close_shift(
    tx: Transaction, mall: Mall, counter_id: int, *, by: Principal | None, now: datetime
) -> None:
    """End the counter's shift. The caller has made sure that no ticket is in hand there."""
    shift, now = _must_be_there(tx, mall, counter_id), _held(tx, mall, now)
    tx.conn.execute(_this(mall.id, shift.id).values(state=ShiftState.CLOSED, closed_at=now))
    _log(tx, mall, shift.id, counter_id, "close", by=by, now=now)
    wake_counter(tx, mall, counter_id)


def wake_counter(tx: Transaction, mall: Mall, counter_id: int) -> None:
    """Wake every screen on which this counter counts. It may have been retired meanwhile."""
    tx.wake(mall_topic(mall.id), counter_topic(counter_id))
    counter = mall.counter_by_id.get(counter_id)
    tx.wake(*map(service_topic, counter.weights if counter else ()))


def _present(tx: Transaction, mall: Mall, counter_id: int) -> Shift:
    wake_counter(tx, mall, counter_id)
    shift = shift_rows.shift_at(tx, mall.id, counter_id)
    if shift is None:
        raise CounterNotOpen(marked("Loket ini belum dibuka."), counter=counter_id)
    return shift


def _must_be_there(tx: Transaction, mall: Mall, counter_id: int) -> Shift:
    shift = shift_rows.shift_at(tx, mall.id, counter_id, lock=True)
    if shift is None:
        raise CounterNotOpen(marked("Loket ini belum dibuka."), counter=counter_id)
    return shift


def _held(tx: Transaction, mall: Mall, now: datetime) -> datetime:
    """`now`, but on the same day never before the mall's newest event of a shift: clocks are set back."""
    e = shift_events.c
    last = select(e.at).where(e.mall_id == mall.id).order_by(e.id.desc()).limit(1)
    newest = tx.conn.execute(last).scalar()
    return now if newest is None or mall.day(newest) != mall.day(now) else max(now, newest)


def _chosen(mall: Mall, has: Iterable[int], slugs: Iterable[str] | None) -> list[int] | None:
    if slugs is None:
        return None
    chosen = [mall.service(slug).id for slug in slugs]
    if not chosen or not set(chosen) <= set(has):
        raise Invalid(
            marked("Loket ini tidak melayani semua layanan yang dipilih."), field="services"
        )
    return sorted(set(chosen))


def _lock_counter(tx: Transaction, mall_id: int, counter_id: int) -> None:
    """Two openings at once must not make two shifts: the second waits and sees the first."""
    tx.conn.execute(
        select(counters.c.id)
        .where(counters.c.mall_id == mall_id, counters.c.id == counter_id)
        .with_for_update()
    )


def _this(mall_id: int, shift_id: int):  # type: ignore[no-untyped-def]  # a half-made statement
    return update(shifts).where(shifts.c.mall_id == mall_id, shifts.c.id == shift_id)


def _log(
    tx: Transaction,
    mall: Mall,
    shift_id: int,
    counter_id: int,
    action: str,
    *,
    by: Principal | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    tx.conn.execute(
        insert(shift_events).values(
            mall_id=mall.id,
            id=tx.new_id(),
            shift_id=shift_id,
            counter_id=counter_id,
            officer_id=by.officer_id if by else None,
            device_id=by.device_id if by else None,
            day=mall.day(now),
            at=now,
            action=action,
            reason=reason,
        )
    )
