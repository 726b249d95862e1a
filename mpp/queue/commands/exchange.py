"""A number for another one: the choice at the kiosk was not what was meant."""

from datetime import datetime

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.queue.commands.end import cancel_by_visitor
from mpp.queue.commands.issue import IssueRequest, issue_ticket
from mpp.queue.queries import ticket_rows
from mpp.queue.rules.ticket import Ticket


def exchange(
    tx: Transaction, mall: Mall, ticket: Ticket, request: IssueRequest, *, now: datetime
) -> Ticket:
    """Cancel a waiting number and take another for the same visit; both or neither.

    The key makes it happen once. `ActionNotAllowed` when the number does not wait any more.
    """
    if request.key is not None:
        earlier = ticket_rows.ticket_by_key(tx, mall.id, request.issuer, request.key)
        if earlier is not None:
            return earlier
    cancel_by_visitor(tx, mall, ticket.visit_id, now=now, ticket_id=ticket.id)
    return issue_ticket(tx, mall, request, now=now).ticket
