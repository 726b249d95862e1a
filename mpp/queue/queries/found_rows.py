"""What somebody finds who joins: people ahead at the counters that serve her, counters open and free."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    Integer,
    TableValuedAlias,
    bindparam,
    column,
    exists,
    func,
    select,
    type_coerce,
)

from mpp.counters.models import counter_services, shifts
from mpp.counters.queries.shift_rows import MAY_CALL
from mpp.db.compiled import CompiledStatement
from mpp.db.schema import Id, dumps
from mpp.db.seam import Transaction
from mpp.queue.models import tickets
from mpp.queue.queries import line_rows
from mpp.queue.queries.ticket_rows import is_in_hand
from mpp.queue.rules.forecast import Found, Outlook

_HELD = tickets.alias("b")
_IS_FREE = ~exists().where(
    _HELD.c.mall_id == shifts.c.mall_id,
    _HELD.c.counter_id == shifts.c.counter_id,
    is_in_hand(_HELD),
)

_COUNTERS = (
    select(
        counter_services.c.service_id,
        shifts.c.services,
        type_coerce(_IS_FREE, Integer).label("free"),
    )
    .select_from(
        counter_services.join(
            shifts,
            (shifts.c.mall_id == counter_services.c.mall_id)
            & (shifts.c.counter_id == counter_services.c.counter_id),
        )
    )
    .where(counter_services.c.mall_id == bindparam("mall_id"), MAY_CALL)
)
_ALL, _OF_SERVICE = (
    CompiledStatement(_COUNTERS),
    CompiledStatement(
        _COUNTERS.where(counter_services.c.service_id == bindparam("service_id")).with_hint(
            counter_services,
            # left to itself it walks through all services of the mall's counters
            "INDEXED BY ix_counter_services_mall_id_service_id",
            "sqlite",
        )
    ),
)


def open_and_free(tx: Transaction, mall_id: int, service_id: int) -> tuple[int, int]:
    """How many open counters serve a service now, and how many of them have nobody in hand."""
    rows = _OF_SERVICE.rows(tx, {"mall_id": mall_id, "service_id": service_id})
    serving = [free for _, chosen, free in rows if chosen is None or service_id in chosen]
    return len(serving), sum(map(bool, serving))


_PLACE: tuple[line_rows.Value, ...] = tuple(
    bindparam(name) for name in ("mall_id", "day", "rank_at", "ticket_id")
)


def _before(service_ids: TableValuedAlias) -> CompiledStatement:
    each = service_ids.c.value
    mall_id, day, rank_at, ticket_id = _PLACE
    ahead = line_rows.ahead_of(mall_id, each, day, rank_at, ticket_id)
    return CompiledStatement(select(each, ahead.correlate(service_ids).scalar_subquery()))


_BEFORE_SQLITE = _before(func.json_each(bindparam("services")).table_valued("value"))
_BEFORE_POSTGRES = _before(
    func.unnest(bindparam("services", type_=ARRAY(Id)))
    .table_valued(column("value", Id))
    .render_derived()
)


def waiting_before(
    tx: Transaction,
    mall_id: int,
    service_ids: Collection[int],
    day: date,
    rank_at: datetime,
    ticket_id: int,
) -> Mapping[int, int]:
    """Service id → how many of it wait before this place in the queue. One statement."""
    values = {"mall_id": mall_id, "day": day, "rank_at": rank_at, "ticket_id": ticket_id}
    if tx.is_postgres:
        return dict(_BEFORE_POSTGRES.rows(tx, values | {"services": list(service_ids)}))  # type: ignore[arg-type]
    return dict(_BEFORE_SQLITE.rows(tx, values | {"services": dumps(list(service_ids))}))  # type: ignore[arg-type]


def found(
    tx: Transaction, mall_id: int, service_id: int, outlook: Outlook, before: Mapping[int, int]
) -> Found:
    """What a ticket finds before whom so many wait; its own is left out."""
    open_counters, free = open_and_free(tx, mall_id, service_id)
    return Found(outlook.ahead(before), free, open_counters)


def at_work(tx: Transaction, mall_id: int) -> Mapping[int, tuple[int, int]]:
    """Service id → how many open counters serve it now, and how many of them have nobody in hand."""
    serving: dict[int, list[bool]] = {}
    for service_id, chosen, free in _ALL.rows(tx, {"mall_id": mall_id}):
        if chosen is None or service_id in chosen:
            serving.setdefault(service_id, []).append(bool(free))
    return {service_id: (len(free), sum(free)) for service_id, free in serving.items()}
