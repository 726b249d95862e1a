"""How the queues stand for a kiosk, and what it issued."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Counter, Mall, Service, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.db.seam import Transaction
from mpp.errors import Conflict, NotFound
from mpp.kiosk.rules.queue_now import QueueNow
from mpp.queue.commands.issue import issuer_of, must_be_offered
from mpp.queue.queries import lines, ticket_rows, visit_rows
from mpp.queue.readers import Forecasts, queue_forecast
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks, through which kiosk, when."""

    mall: Mall
    by: Principal
    forecasts: Forecasts
    now: datetime


def queues(tx: Transaction, asker: Asker, services: Iterable[Service]) -> dict[int, QueueNow]:
    """Service id → how its queue stands. The refusal is the one that taking a number would meet."""
    wanted = {service.id: service for service in services}
    mall = asker.mall
    open_now = shift_rows.open_counters(tx, mall.id)
    known = queue_forecast(tx, asker.forecasts, mall, wanted, asker.now)
    newcomers = lines.newcomers(tx, mall, wanted, mall.day(asker.now))
    return {
        service_id: QueueNow(
            waiting=newcomers[service_id].ahead,
            in_service=in_service,
            is_idle=newcomers[service_id].is_idle,
            expected=None if newcomers[service_id].is_idle else expected,
            open_counters=open_now.get(service_id, 0),
            refusal=_refusal(tx, asker, wanted[service_id]),
        )
        for service_id, in_service, expected in known
    }


def _refusal(tx: Transaction, asker: Asker, service: Service) -> Conflict | None:
    if asker.by.unrestricted:
        return None
    try:
        must_be_offered(tx, asker.mall, service, asker.now)
    except Conflict as refusal:
        return refusal
    return None


# -- choosing ------------------------------------------------------------------------------------


# -- tickets -------------------------------------------------------------------------------------


def own_ticket(tx: Transaction, asker: Asker, ticket_id: int) -> tuple[Ticket, str]:
    """A ticket that this kiosk issued, and its visit's secret; `NotFound` for any other."""
    ticket = ticket_rows.ticket(tx, asker.mall.id, ticket_id)
    if ticket.issuer != issuer_of(asker.by):
        raise NotFound("Tiket itu tidak ada.", field="ticket_id")
    return ticket, visit_rows.visit_tokens(tx, asker.mall.id, [ticket.visit_id])[ticket.visit_id]


def callers(tx: Transaction, mall: Mall, service: Service) -> Iterable[Counter]:
    """The counters that may call: those open for the service now, else all that ever serve it."""
    shifts: Mapping[int, Shift] = shift_rows.present_shifts(tx, mall.id)
    able = mall.counters_for(service.id)
    at_work = [
        counter
        for counter in able
        if (shift := shifts.get(counter.id)) is not None
        and shift.state is ShiftState.OPEN
        and (shift.services is None or service.id in shift.services)
    ]
    return at_work or able
