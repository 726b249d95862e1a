"""One ticket: read by its id or its key; and how numbers are taken."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.queue.models import tickets
from mpp.queue.rules.life import IN_HAND as IN_HAND_STATES
from mpp.queue.rules.life import LABEL_DIGITS, Outcome, Priority, State
from mpp.queue.rules.ticket import Ticket
from mpp.texts import marked


def is_waiting(of: FromClause = tickets) -> ColumnElement[bool]:
    """Whether a ticket waits. States are literals: a partial index is found by nothing else."""
    return of.c.state == literal_column(f"'{State.WAITING}'")


def is_in_hand(of: FromClause = tickets) -> ColumnElement[bool]:
    """Whether a ticket is called to or served at a counter."""
    return of.c.state.in_([literal_column(f"'{state}'") for state in sorted(IN_HAND_STATES)])


IS_WAITING = is_waiting()

IN_HAND = is_in_hand()

BOTH_LANES = tickets.c.lane.in_([literal_column("0"), literal_column("1")])

IS_PARKED = tickets.c.state == literal_column("'parked'")

FIELDS = tuple(Ticket.__dataclass_fields__)

TICKET_COLUMNS = tuple(tickets.c[name] for name in FIELDS)


def ticket_from(row: Sequence[Any]) -> Ticket:
    """A ticket from a row of `FIELDS`."""
    values = dict(zip(FIELDS, row, strict=True))
    values["state"] = State(values["state"])
    values["priority"] = Priority(values["priority"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Ticket(**values)


_ONE = select(*TICKET_COLUMNS).where(
    tickets.c.mall_id == bindparam("mall_id"), tickets.c.id == bindparam("ticket_id")
)

_ONE_LOCKED = CompiledStatement(_ONE.with_for_update())

_ONE_COMPILED = CompiledStatement(_ONE)

_BY_KEY = CompiledStatement(
    select(*TICKET_COLUMNS).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.issuer == bindparam("issuer"),
        tickets.c.issue_key == bindparam("key"),
    )
)


def ticket(tx: Transaction, mall_id: int, ticket_id: int, *, lock: bool = False) -> Ticket:
    """One ticket of a mall, locked against others' changes when asked. `NotFound`."""
    statement = _ONE_LOCKED if lock and tx.is_postgres else _ONE_COMPILED
    row = statement.one(tx, {"mall_id": mall_id, "ticket_id": ticket_id})
    if row is None:
        raise NotFound(marked("Tiket itu tidak ada."), field="ticket_id")
    return ticket_from(row)


def ticket_by_key(tx: Transaction, mall_id: int, issuer: str, key: str) -> Ticket | None:
    """The ticket that this issuer got for this key before."""
    row = _BY_KEY.one(tx, {"mall_id": mall_id, "issuer": issuer, "key": key})
    return None if row is None else ticket_from(row)


TAKE_NUMBER = """
    INSERT INTO number_series (mall_id, prefix, day, last_number)
    VALUES ({mall_id}, {prefix}, {day}, 1)
    ON CONFLICT (mall_id, prefix, day)
    DO UPDATE SET last_number = number_series.last_number + 1
    RETURNING last_number
"""
"""To be formatted with the parameters as the driver writes them."""


def label_sql(prefix: str, number: str) -> str:
    """`life.label` as an expression of PostgreSQL, of two others; a test compares them."""
    digits = f"lpad({number}::text, greatest({LABEL_DIGITS}, length({number}::text)), '0')"
    return f"{prefix} || '-' || {digits}"


_TAKE_NUMBER = CompiledStatement(
    text(TAKE_NUMBER.format(mall_id=":mall_id", prefix=":prefix", day=":day")).bindparams(
        bindparam("day", type_=Date)
    )
)


def take_number(tx: Transaction, mall_id: int, prefix: str, day: date) -> int:
    """The next number of the series, 1 for the first of the day; rolls back with the transaction."""
    values = {"mall_id": mall_id, "prefix": prefix, "day": day}
    (number,) = _TAKE_NUMBER.rows(tx, values)[0]
    return int(number)


_ISSUED = CompiledStatement(
    select(func.count()).where(
        tickets.c.mall_id == bindparam("mall_id"),
        tickets.c.service_id == bindparam("service_id"),
        tickets.c.day == bindparam("day"),
    )
)


def issued_today(tx: Transaction, mall_id: int, service_id: int, day: date) -> int:
    """How many tickets of this service were issued on the day."""
    values = {"mall_id": mall_id, "service_id": service_id, "day": day}
    return int(_ISSUED.rows(tx, values)[0][0])
