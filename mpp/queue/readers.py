"""What lasts longer than a request: the recent waits that forecasts are made from."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Counter, Mall
from mpp.db.seam import Database, Transaction
from mpp.queue.queries import counter_rows, line_rows, lines, past_rows, visit_rows
from mpp.queue.rules import forecast
from mpp.queue.rules.forecast import NOWHERE, ExpectedWait, Standing
from mpp.queue.rules.life import State
from mpp.queue.rules.snapshots import DeskNow, VisitNow
from mpp.queue.rules.ticket import Ticket

FRESH_S = 20.0


@dataclass
class Forecasts:
    """Recent waits by service, read again after about `FRESH_S`. One per process, for reader threads."""

    _known: dict[int, tuple[float, Sequence[float]]] = field(default_factory=dict)

    def known(self, service_id: int) -> Sequence[float] | None:
        """The paces of the service's recent waits if they have been read lately."""
        known = self._known.get(service_id)
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def recent(self, tx: Transaction, mall_id: int, service_id: int) -> Sequence[float]:
        """The same, read now if need be."""
        paces = self.known(service_id)
        if paces is None:
            paces = forecast.paces_of(past_rows.recent_waits(tx, mall_id, service_id))
            spread = 1 + service_id % 17 / 34  # so that not all of a board's are due at once
            self._known[service_id] = (time.monotonic() + FRESH_S * spread, paces)
        return paces

    def expect(
        self, tx: Transaction, mall_id: int, service_id: int, *, ahead: int, open_counters: int
    ) -> ExpectedWait | None:
        """The wait of somebody who stands behind `ahead` people; None when nobody can know."""
        paces = self.recent(tx, mall_id, service_id)
        return forecast.expected_wait(paces, ahead=ahead, open_counters=open_counters)


def standing(
    tx: Transaction, forecasts: Forecasts, mall: Mall, ticket: Ticket, now: datetime
) -> Standing:
    """People ahead and expected wait of a ticket; nothing for one that does not wait today."""
    if ticket.state is not State.WAITING or ticket.day != mall.day(now):
        return NOWHERE
    in_service = line_rows.people_ahead(
        tx, ticket.mall_id, ticket.service_id, ticket.day, ticket.rank_at, ticket.id
    )
    open_now = shift_rows.open_counters_for(tx, ticket.mall_id, ticket.service_id)
    expected = forecasts.expect(
        tx, ticket.mall_id, ticket.service_id, ahead=in_service, open_counters=open_now
    )
    return Standing(lines.people_ahead(tx, mall, ticket, now), expected)


async def joined_standing(
    db: Database, forecasts: Forecasts, mall: Mall, ticket: Ticket, now: datetime
) -> Standing:
    """Where a ticket stands that was issued just now."""

    def look(tx: Transaction) -> tuple[Sequence[float], int]:
        paces = forecasts.recent(tx, ticket.mall_id, ticket.service_id)
        return paces, lines.people_ahead(tx, mall, ticket, now)

    paces, ahead = await db.read(look)
    expected = forecast.expected_wait(
        paces, ahead=ticket.ahead_at_join, open_counters=ticket.open_at_join
    )
    return Standing(ahead, expected)


def queue_forecast(
    tx: Transaction, forecasts: Forecasts, mall_id: int, service_ids: Iterable[int], day: date
) -> list[tuple[int, int, ExpectedWait | None]]:
    """For each service: its id, how many wait, and the wait of somebody who joined now."""
    counts = line_rows.waiting_counts(tx, mall_id, day)
    open_now = shift_rows.open_counters(tx, mall_id)
    return [
        (
            service_id,
            counts.get(service_id, 0),
            forecasts.expect(
                tx,
                mall_id,
                service_id,
                ahead=counts.get(service_id, 0),
                open_counters=open_now.get(service_id, 0),
            ),
        )
        for service_id in service_ids
    ]


# -- snapshots -----------------------------------------------------------------------------------


def visit_now(
    tx: Transaction, forecasts: Forecasts, mall: Mall, token: str, now: datetime
) -> VisitNow:
    """What a visitor's phone shows. `NotFound` for an unknown token."""
    visit = visit_rows.visit(tx, token)
    theirs = visit_rows.tickets_of_visit(tx, mall.id, visit.id)
    return VisitNow(visit, [(each, standing(tx, forecasts, mall, each, now)) for each in theirs])


SHOWN_WAITING = 20


def desk_now(
    tx: Transaction, forecasts: Forecasts, mall: Mall, counter: Counter, now: datetime
) -> DeskNow:
    """What an officer's desk shows of one counter."""
    today = mall.day(now)
    shift = shift_rows.shift_at(tx, mall.id, counter.id)
    order = lines.line_at(tx, mall, counter, shift, now)
    known = line_rows.tickets_by_id(tx, mall.id, [h.ticket_id for h in order[:SHOWN_WAITING]])
    waiting = [known[head.ticket_id] for head in order[:SHOWN_WAITING]]
    places = _places(tx, forecasts, mall.id, waiting)
    current = counter_rows.in_hand(tx, mall.id, counter.id)
    return DeskNow(
        counter=counter,
        shift=shift,
        current=current,
        brought=counter_rows.brought(tx, current) if current else None,
        waiting=list(zip(waiting, places, strict=True)),
        waiting_count=len(order),
        parked=counter_rows.parked_at(tx, mall.id, counter.id),
        missed=counter_rows.missed_at(tx, mall.id, counter.id, today),
        served_today=counter_rows.served_at(tx, mall.id, counter.id, today),
    )


def _places(
    tx: Transaction, forecasts: Forecasts, mall_id: int, waiting: Sequence[Ticket]
) -> list[Standing]:
    """Where each of these stands at the counter; `waiting` holds the first in its order."""
    open_now = shift_rows.open_counters(tx, mall_id)
    seen: dict[int, int] = {}
    places = []
    for position, each in enumerate(waiting):
        ahead = seen.get(each.service_id, 0)
        seen[each.service_id] = ahead + 1
        expected = forecasts.expect(
            tx,
            mall_id,
            each.service_id,
            ahead=ahead,
            open_counters=open_now.get(each.service_id, 0),
        )
        places.append(Standing(position, expected))
    return places
