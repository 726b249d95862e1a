"""A number for another one, in one transaction."""

import pytest
from factories import NINE, a_mall

from mpp.db.seam import Database
from mpp.errors import ActionNotAllowed
from mpp.queue.commands.end import cancel_by_visitor
from mpp.queue.commands.exchange import exchange
from mpp.queue.commands.issue import IssueRequest, issue_ticket
from mpp.queue.queries import ticket_rows
from mpp.queue.rules.life import Priority, State


async def test_a_number_is_exchanged_once_and_only_while_it_waits(db: Database) -> None:
    mall = await a_mall(db)
    service = mall.service("ktp-el")
    first = await db.execute(
        issue_ticket, mall, IssueRequest(service=service, issuer="device:1"), now=NINE
    )

    def wanted(priority: Priority) -> IssueRequest:
        return IssueRequest(
            service=service,
            issuer="device:1",
            key=f"priority-{priority}",
            priority=priority,
            visit=first.visit_token,
        )

    elderly = wanted(Priority.ELDERLY)
    twice = [await db.execute(exchange, mall, first.ticket, elderly, now=NINE) for _ in range(2)]
    assert twice[0].id == twice[1].id != first.ticket.id
    assert (twice[0].priority, twice[0].visit_id) == (Priority.ELDERLY, first.ticket.visit_id)
    old = await db.read(ticket_rows.ticket, mall.id, first.ticket.id)
    assert old.state is State.CANCELLED
    await db.execute(cancel_by_visitor, mall, old.visit_id, now=NINE, ticket_id=twice[0].id)
    with pytest.raises(ActionNotAllowed):
        await db.execute(exchange, mall, twice[0], wanted(Priority.REGULAR), now=NINE)
