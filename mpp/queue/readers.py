"""What lasts longer than a request: the recent waits that forecasts are made from."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Counter, Mall, ShiftState
from mpp.db.seam import Database, Transaction
from mpp.queue.queries import counter_rows, found_rows, line_rows, lines, past_rows, visit_rows
from mpp.queue.rules import forecast
from mpp.queue.rules.forecast import NOWHERE, ExpectedWait, Found, Outlook, Recent, Standing
from mpp.queue.rules.life import State
from mpp.queue.rules.snapshots import DeskNow, VisitNow
from mpp.queue.rules.ticket import Ticket

FRESH = timedelta(seconds=20)
MOST = 10_000
"""So many of a mall's last calls are learned from when its waits are read for the first time."""


@dataclass
class _Learned:
    """What one process has learned of a mall."""

    recent: Recent
    last_id: int = 0
    open_counters: Sequence[Collection[int]] = ()
    """What each counter that is open serves."""
    read_at: datetime | None = None
    """When it was last read, or began to be."""
    outlooks: dict[tuple[int, int], Outlook] = field(default_factory=dict)
    """By service and hour; made when they are asked for."""


class Forecasts:
    """The recent waits of malls, read on after `FRESH`. One per process, for reader threads.

    Everything comes from rows, those of other processes too, so that all say nearly the same: they differ
    by the calls of the last seconds, and by waits older than `MOST` calls, which only the older remembers.
    """

    def __init__(self) -> None:
        self._learned: dict[int, _Learned] = {}
        self._learning = Lock()

    def known(self, mall: Mall, service_id: int, now: datetime) -> Outlook | None:
        """What is known for a service; None when it is time to read on.

        Only the first to ask is told so: the others go on with what is known until that one has read.
        """
        learned = self._learned.get(mall.id)
        if learned is None or learned.read_at is None or learned.recent.lines != mall.lines:
            return None
        if abs(now - learned.read_at) >= FRESH:
            learned.read_at = now
            return None
        hour = now.astimezone(mall.time_zone).hour
        outlook = learned.outlooks.get((service_id, hour))
        if outlook is None:
            with self._learning:
                outlook = _outlook(learned, service_id, hour)
        return outlook

    def outlook(self, tx: Transaction, mall: Mall, service_id: int, now: datetime) -> Outlook:
        """The same, read now if need be."""
        if (known := self.known(mall, service_id, now)) is not None:
            return known
        return self.read_on(tx, mall, service_id, now)

    def read_on(self, tx: Transaction, mall: Mall, service_id: int, now: datetime) -> Outlook:
        """What is known with all that was called until now."""
        learned = self._learned.get(mall.id)
        if learned is None or learned.recent.lines != mall.lines:
            learned = _Learned(Recent(mall.lines))
        new = past_rows.told_since(tx, mall, learned.last_id, MOST)
        open_counters = [
            shift.services or mall.counter_by_id[counter_id].weights.keys()
            for counter_id, shift in shift_rows.present_shifts(tx, mall.id).items()
            if shift.state is ShiftState.OPEN and counter_id in mall.counter_by_id
        ]
        with self._learning:  # never while the database is asked: the event loop passes here, too
            for id_, outcome in new:
                if id_ > learned.last_id:  # else another thread was faster
                    learned.recent.learn(outcome)
                    learned.last_id = id_
            learned.outlooks.clear()
            learned.read_at, learned.open_counters = now, open_counters
            self._learned[mall.id] = learned
            return _outlook(learned, service_id, now.astimezone(mall.time_zone).hour)

    async def at_issue(self, db: Database, mall: Mall, service_id: int, now: datetime) -> Outlook:
        """What is known when a number is taken: mostly without asking the database."""
        known = self.known(mall, service_id, now)
        if known is not None:
            return known
        return await db.read(self.read_on, mall, service_id, now)


def _outlook(learned: _Learned, service_id: int, hour: int) -> Outlook:
    shares = forecast.shares(service_id, learned.open_counters)
    outlook = Outlook(learned.recent.cells(service_id, hour), shares)
    return learned.outlooks.setdefault((service_id, hour), outlook)


def standing(
    tx: Transaction, forecasts: Forecasts, mall: Mall, ticket: Ticket, now: datetime
) -> Standing:
    """People ahead and expected wait of a ticket; nothing for one that does not wait today."""
    if ticket.state is not State.WAITING or ticket.day != mall.day(now):
        return NOWHERE
    outlook = forecasts.outlook(tx, mall, ticket.service_id, now)
    before = found_rows.waiting_before(
        tx, mall.id, outlook.shares, ticket.day, ticket.rank_at, ticket.id
    )
    found = found_rows.found(tx, mall.id, ticket.service_id, outlook, before)
    ahead = lines.people_ahead(tx, mall, ticket, now)
    return Standing(ahead, forecast.expected_wait(outlook, found))


def queue_forecast(
    tx: Transaction, forecasts: Forecasts, mall: Mall, service_ids: Iterable[int], now: datetime
) -> list[tuple[int, int, ExpectedWait | None]]:
    """For each service: its id, how many wait, and the wait of somebody who joined now."""
    waiting = line_rows.waiting_counts(tx, mall.id, mall.day(now))
    at_work = found_rows.at_work(tx, mall.id)

    def expected(service_id: int) -> ExpectedWait | None:
        open_counters, free = at_work.get(service_id, (0, 0))
        outlook = forecasts.outlook(tx, mall, service_id, now)
        found = Found(outlook.ahead(waiting), free, open_counters)
        return forecast.expected_wait(outlook, found)

    return [(each, waiting.get(each, 0), expected(each)) for each in service_ids]


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
    places = _places(tx, forecasts, mall, waiting, now)
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
    tx: Transaction,
    forecasts: Forecasts,
    mall: Mall,
    waiting: Sequence[Ticket],
    now: datetime,
) -> list[Standing]:
    """Where each of these stands at the counter; `waiting` holds the first in its order."""
    at_work = found_rows.at_work(tx, mall.id) if waiting else {}
    before: dict[int, int] = {}
    places = []
    for position, each in enumerate(waiting):
        open_counters, free = at_work.get(each.service_id, (0, 0))
        outlook = forecasts.outlook(tx, mall, each.service_id, now)
        found = Found(outlook.ahead(before), free, open_counters)
        places.append(Standing(position, forecast.expected_wait(outlook, found)))
        before[each.service_id] = before.get(each.service_id, 0) + 1
    return places
