"""Faults put into the history by SQL, looked at by `verify`, and undone."""

from collections.abc import Callable

import pytest
from sqlalchemy import ColumnElement, Update, text, update

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import stored_days
from mpp.metrics.rules.stored_day import Invariant, Violation
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules.life import Action
from mpp.queue.rules.ticket import Ticket

Plant = Callable[[Transaction], object]
E = ticket_events.c


class Undone(Exception):
    """The planted fault is rolled back, indexes and all."""


async def found_after(db: Database, mall: Mall, plant: Plant) -> list[Violation]:
    """What `verify` says of a history into which `plant` has put a fault by SQL."""
    found: list[Violation] = []

    def tamper(tx: Transaction) -> None:
        _without_nets(tx)
        plant(tx)
        found[:] = stored_days.verify(tx, mall.id)
        raise Undone

    with pytest.raises(Undone):
        await db.execute(tamper)
    return found


def _without_nets(tx: Transaction) -> None:
    """Take away what the database itself would refuse: references and unique numbers."""
    if tx.is_postgres:
        tx.conn.execute(text("SET LOCAL session_replication_role = replica"))
        for table in (tickets, ticket_events):
            for constraint in table.constraints:
                if str(constraint.name).startswith("uq_"):
                    drop = f"ALTER TABLE {table.name} DROP CONSTRAINT {constraint.name}"
                    tx.conn.execute(text(drop))
        return
    tx.conn.execute(text("PRAGMA defer_foreign_keys=ON"))
    for name in ("ticket_events", "tickets"):  # SQLite cannot drop a constraint: a copy has none
        tx.conn.execute(text(f"CREATE TABLE bare_{name} AS SELECT * FROM {name}"))
        tx.conn.execute(text(f"DROP TABLE {name}"))
        tx.conn.execute(text(f"ALTER TABLE bare_{name} RENAME TO {name}"))


def invariants(found: list[Violation]) -> set[Invariant]:
    return {violation.invariant for violation in found}


def said(found: list[Violation], invariant: Invariant) -> list[tuple[str, str]]:
    """(subject, detail) of the breaches of one invariant."""
    return [(each.subject, each.detail) for each in found if each.invariant is invariant]


def of(ticket: Ticket, action: Action) -> list[ColumnElement[bool]]:
    """Where: this event of this ticket."""
    return [E.ticket_id == ticket.id, E.action == action]


def this(ticket: Ticket) -> Update:
    """This ticket's row, to be changed."""
    return update(tickets).where(tickets.c.mall_id == ticket.mall_id, tickets.c.id == ticket.id)
