"""Every SQL statement that reads a board: three, however many tickets there are.

Each begins with conditions that lead SQLite, which keeps no statistics here, to the small index: of
what is in hand, of what waits, or the end of the history.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from mpp.counters.models import counter_services, counters
from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.display.rules import Call, Line
from mpp.ids import COUNTER_BITS, NODE_BITS
from mpp.queue.models import ticket_events, tickets
from mpp.queue.queries.ticket_rows import IN_HAND, IS_WAITING
from mpp.queue.rules.life import Action, State

RECENT_MINUTES = 60
_RECENT_IDS = RECENT_MINUTES * 60_000 << (NODE_BITS + COUNTER_BITS)  # ids rise with time
_REPEATS = 3  # times that one ticket may be among the last departures: missed, called again, served


class _ByZone:
    """A statement for all of a mall, and the same for one of its zones."""

    def __init__(self, build: Any) -> None:
        of_mall = counters.c.mall_id == bindparam("mall_id")
        self._mall = CompiledStatement(build(of_mall))
        self._zone = CompiledStatement(build(and_(of_mall, counters.c.zone == bindparam("zone"))))

    def rows(self, tx: Transaction, zone: str | None, values: dict[str, Any]) -> list[Any]:
        if zone is None:
            return self._mall.rows(tx, values)
        return self._zone.rows(tx, {**values, "zone": zone})


def _any_of(*words: str) -> list[ColumnElement[str]]:
    return [literal_column(f"'{word}'") for word in words]


_CALL = (
    tickets.c.label,
    tickets.c.service_id,
    tickets.c.counter_id,
    tickets.c.state,
    tickets.c.calls,
)
_CALLED_AGAIN_AT = (
    select(func.max(ticket_events.c.at))
    .where(
        ticket_events.c.mall_id == tickets.c.mall_id,
        ticket_events.c.ticket_id == tickets.c.id,
        ticket_events.c.action.in_(_any_of(Action.CALL, Action.RECALL, Action.RESUME)),
    )
    .scalar_subquery()
)


def _called(of_counters: ColumnElement[bool]) -> Select[Any]:
    # The ticket keeps the time of its call; that of a recall is in its history only.
    last = case(
        (tickets.c.calls > 1, func.coalesce(_CALLED_AGAIN_AT, tickets.c.called_at)),
        else_=tickets.c.called_at,
    )
    return select(*_CALL, last.label("last_called_at")).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.counter_id.in_(select(counters.c.id).where(of_counters)),
        tickets.c.day == bindparam("day"),
        IN_HAND,
    )


_CALLED = _ByZone(_called)


def called(tx: Transaction, mall_id: int, zone: str | None, day: date) -> list[Call]:
    """Tickets that are called to or served at the zone's counters, newest call first."""
    rows = _CALLED.rows(tx, zone, {"mall_id": mall_id, "day": day})
    return sorted((_call(*row) for row in rows), key=_newness, reverse=True)


def _call(
    label: str, service_id: int, counter_id: int, state: str, calls: int, called_at: datetime
) -> Call:
    return Call(label, service_id, counter_id, State(state), calls, called_at)


def _newness(call: Call) -> tuple[datetime, str]:
    return call.called_at, call.label


def _departed(of_counters: ColumnElement[bool]) -> Select[Any]:
    """Read from the end of the history, bounded by ids, which the primary key is in the order of."""
    newest = select(func.max(ticket_events.c.id)).where(
        ticket_events.c.mall_id == bindparam("mall_id")
    )
    last = (
        select(ticket_events.c.id, ticket_events.c.ticket_id)
        .where(
            ticket_events.c.mall_id == bindparam("mall_id"),
            ticket_events.c.id > newest.scalar_subquery() - _RECENT_IDS,
            ticket_events.c.counter_id.in_(select(counters.c.id).where(of_counters)),
            ticket_events.c.action.in_(
                _any_of(Action.COMPLETE, Action.REFER, Action.MISS, Action.PARK)
            ),
        )
        .order_by(ticket_events.c.id.desc())
        .limit(bindparam("most"))
        .subquery()
    )
    return (
        select(*_CALL, tickets.c.called_at)
        .select_from(last)
        .join(
            tickets,
            and_(tickets.c.mall_id == bindparam("mall_id"), tickets.c.id == last.c.ticket_id),
        )
        .where(
            tickets.c.day == bindparam("day"),
            tickets.c.state.in_(_any_of(State.COMPLETED, State.NO_SHOW, State.PARKED)),
        )
        .order_by(last.c.id.desc())
    )


_DEPARTED = _ByZone(_departed)


def departed(tx: Transaction, mall_id: int, zone: str | None, day: date, limit: int) -> list[Call]:
    """The last tickets that left the zone's counters, served, missed or put off; last first."""
    values = {"mall_id": mall_id, "day": day, "most": limit * _REPEATS}
    by_label: dict[str, Call] = {}
    for row in _DEPARTED.rows(tx, zone, values):
        by_label.setdefault(row[0], _call(*row))
    return list(by_label.values())[:limit]


def _waiting(of_counters: ColumnElement[bool]) -> Select[Any]:
    served = (
        select(counter_services.c.service_id)
        .join(
            counters,
            and_(
                counters.c.mall_id == counter_services.c.mall_id,
                counters.c.id == counter_services.c.counter_id,
            ),
        )
        .where(of_counters)
    )
    return (
        select(tickets.c.service_id, tickets.c.label)
        .where(
            tickets.c.mall_id == bindparam("mall_id"),
            tickets.c.service_id.in_(served),
            tickets.c.day == bindparam("day"),
            tickets.c.lane.in_([literal_column("0"), literal_column("1")]),
            IS_WAITING,
        )
        .order_by(tickets.c.service_id, tickets.c.rank_at, tickets.c.id)
    )


_WAITING = _ByZone(_waiting)


def lines(
    tx: Transaction, mall_id: int, zone: str | None, day: date, shown: int
) -> dict[int, Line]:
    """Service id → its queue, where anybody waits; the first `shown` numbers of each."""
    queues: dict[int, list[str]] = {}
    for service_id, label in _WAITING.rows(tx, zone, {"mall_id": mall_id, "day": day}):
        queues.setdefault(service_id, []).append(label)
    return {
        service_id: Line(len(labels), tuple(labels[:shown]))
        for service_id, labels in queues.items()
    }
