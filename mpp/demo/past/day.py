"""One day lived through: a queue of happenings in the order of their time, each one of our commands.

The whole day is one transaction. Moments are those of the day; ids are made now, in the same order.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

from mpp.counters.commands import shifts
from mpp.counters.rules.mall import Counter, Mall
from mpp.db.seam import Transaction
from mpp.demo.past.plan import Arrival, Model, arrivals, lasting, opening
from mpp.errors import MppError
from mpp.queue.commands import act, call, end
from mpp.queue.commands.issue import IssueRequest, issue_ticket
from mpp.queue.queries import ticket_rows
from mpp.queue.readers import Forecasts
from mpp.queue.rules.life import Action, Outcome, State
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal

WALK_MINUTES = 0.6
MISSING = 0.035
COMES_BACK = 0.3
TRANSFERS = 0.015
INCOMPLETE = 0.06
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
PAPERS_MINUTES = 3.0
"""What an officer still writes and files after a visitor has gone, usually."""
LATE_MINUTES = 9.0
"""How long after the mall a counter opens, usually: systems start, files are fetched."""
REST_AT = (11.6, 12.8)
"""Officers rest once, somewhen in these hours of the mall's day …"""
REST_MINUTES = 40.0
"""… for so long, usually."""
ISSUER = "past"


@dataclass(frozen=True)
class Served:
    """A visit whose service was completed: it may answer the survey."""

    visit_id: int
    service_id: int
    at: datetime
    waited: timedelta


@dataclass
class Day:
    """The hall on one day. `officers`: who works at which counter."""

    tx: Transaction
    model: Model
    day: date
    officers: Mapping[int, Principal]
    chance: Random
    forecasts: Forecasts
    """What earlier days taught; whoever comes is told a range, as in a real hall."""
    happenings: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    idle: dict[int, Counter] = field(default_factory=dict)
    resting: set[int] = field(default_factory=set)
    """Counters whose officer goes as soon as nobody is there."""
    away: set[int] = field(default_factory=set)
    """Counters whose officer rests."""
    served: list[Served] = field(default_factory=list)
    tickets: int = 0
    until: datetime = LONG_AGO
    """When the last officer was done."""
    _order: "count[int]" = field(default_factory=count)

    @property
    def mall(self) -> Mall:
        return self.model.mall

    def at(self, moment: datetime, what: Callable[[datetime], None]) -> None:
        heapq.heappush(self.happenings, (moment, next(self._order), what))

    def live(self) -> None:
        """From opening to the end of the day; nothing on a day when the mall is closed."""
        open_hours = opening(self.mall, self.day)
        if not open_hours:
            return
        self.at(open_hours[0][0], self._open)
        for each in arrivals(self.model, self.day, self.chance):
            self.at(each.at, lambda now, each=each: self._arrive(each, now))  # type: ignore[misc]
        self.until = open_hours[-1][1]
        while self.happenings:
            now, _, what = heapq.heappop(self.happenings)
            what(now)
        end.close_day(self.tx, self.mall, self.day, now=self.until + timedelta(minutes=10))

    # -- counters ----------------------------------------------------------------------------------

    def _open(self, now: datetime) -> None:
        staffed = self.model.staffed()
        midnight = datetime.combine(self.day, time(), self.mall.time_zone).astimezone(UTC)
        for counter in self.mall.counters:
            if counter.id in self.officers and counter.id in staffed:
                late = now + lasting(LATE_MINUTES, self.chance)
                self.at(late, lambda at, counter=counter: self._work(counter, at))  # type: ignore[misc]
                rest = midnight + timedelta(hours=self.chance.uniform(*REST_AT))
                self.at(rest, lambda at, counter=counter: self._rest(counter, at))  # type: ignore[misc]

    def _work(self, counter: Counter, now: datetime) -> None:
        """Open, or come back, and see who waits."""
        by = self.officers[counter.id]
        self.away.discard(counter.id)
        self.until = max(self.until, now)
        shifts.open_counter(self.tx, self.mall, counter.id, by=by, now=now)
        self._next(counter, now)

    def _rest(self, counter: Counter, now: datetime) -> None:
        """Go at once when nobody is at the counter, else as soon as whoever is there is done."""
        self.resting.add(counter.id)
        if self.idle.pop(counter.id, None) is not None:
            self._pause(counter, now)

    def _pause(self, counter: Counter, now: datetime) -> None:
        by = self.officers[counter.id]
        self.resting.discard(counter.id)
        self.away.add(counter.id)
        shifts.pause_counter(self.tx, self.mall, counter.id, by=by, now=now, reason="Istirahat")
        back = now + lasting(REST_MINUTES, self.chance)
        self.at(back, lambda at: self._work(counter, at))

    def _next(self, counter: Counter, now: datetime) -> None:
        """Call whoever is next, unless it is time to rest; idle when nobody is there."""
        if counter.id in self.resting:
            self._pause(counter, now)
            return
        by = self.officers[counter.id]
        ticket = call.call_next(self.tx, self.mall, counter.id, by=by, now=now)
        if ticket is None:
            self.idle[counter.id] = counter
            return
        self.idle.pop(counter.id, None)
        if self.chance.random() < MISSING:
            self.at(now + timedelta(minutes=1), lambda at: self._recall(counter, ticket, at))
            return
        walk = lasting(WALK_MINUTES, self.chance)
        self.at(now + walk, lambda at: self._start(counter, ticket, at))

    def _recall(self, counter: Counter, ticket: Ticket, now: datetime) -> None:
        self._act(counter, ticket, Action.RECALL, now)
        self.at(now + timedelta(minutes=1), lambda at: self._miss(counter, ticket, at))

    def _miss(self, counter: Counter, ticket: Ticket, now: datetime) -> None:
        self._act(counter, ticket, Action.MISS, now)
        if self.chance.random() < COMES_BACK:
            later = now + lasting(8, self.chance)
            self.at(later, lambda at: self._come_back(counter, ticket, at))
        self._next(counter, now)

    def _come_back(self, counter: Counter, ticket: Ticket, now: datetime) -> None:
        if self.mall.is_open(now):
            self._act(counter, ticket, Action.REQUEUE, now)
            self._wake(ticket.service_id, now)

    def _start(self, counter: Counter, ticket: Ticket, now: datetime) -> None:
        self._act(counter, ticket, Action.START, now)
        usual = self.model.minutes().get(ticket.service_id, 8.0)
        takes = lasting(usual, self.chance)
        if self.chance.random() < TRANSFERS:
            self.at(now + takes / 3, lambda at: self._send_on(counter, ticket, at))
        else:
            self.at(now + takes, lambda at: self._complete(counter, ticket, at))

    def _complete(self, counter: Counter, ticket: Ticket, now: datetime) -> None:
        done = self.chance.random() >= INCOMPLETE
        details = act.Details(outcome=Outcome.DONE if done else Outcome.INCOMPLETE)
        self._act(counter, ticket, Action.COMPLETE, now, details)
        waited = (ticket.called_at or now) - ticket.joined_at
        self.served.append(Served(ticket.visit_id, ticket.service_id, now, waited))
        papers = lasting(PAPERS_MINUTES, self.chance)
        self.at(now + papers, lambda at: self._next(counter, at))

    def _send_on(self, counter: Counter, ticket: Ticket, now: datetime) -> None:
        """To another service of the same agency; completed where there is none."""
        here = self.mall.service_by_id[ticket.service_id]
        others = [
            each
            for each in self.mall.services
            if each.agency_id == here.agency_id
            and each.id != here.id
            and any(c.id in self.officers for c in self.mall.counters_for(each.id))
        ]
        if not others:
            self._complete(counter, ticket, now)
            return
        there = self.chance.choice(others)
        details = act.Details(service=there, reason="Perlu layanan lain")
        self._act(counter, ticket, Action.TRANSFER, now, details)
        self._wake(there.id, now)
        papers = lasting(PAPERS_MINUTES, self.chance)
        self.at(now + papers, lambda at: self._next(counter, at))

    def _act(
        self,
        counter: Counter,
        ticket: Ticket,
        action: Action,
        now: datetime,
        details: act.Details = act.NO_DETAILS,
    ) -> None:
        by = self.officers[counter.id]
        self.until = max(self.until, now)
        act.act(self.tx, self.mall, ticket.id, action, by=by, now=now, details=details)

    # -- visitors ----------------------------------------------------------------------------------

    def _arrive(self, arrival: Arrival, now: datetime) -> None:
        service = self.mall.service_by_id[arrival.service_id]
        self.tickets += 1
        request = IssueRequest(
            service=service,
            issuer=ISSUER,
            key=f"{self.day}-{self.tickets}",
            priority=arrival.priority,
            locale=arrival.locale,
            outlook=self.forecasts.outlook(self.tx, self.mall, service.id, now),
        )
        try:
            ticket = issue_ticket(self.tx, self.mall, request, now=now).ticket
        except MppError:  # the quota is exhausted, or the service is paused: they go home
            self.tickets -= 1
            return
        self.at(now + arrival.patience, lambda at: self._lose_patience(ticket, at))
        self._wake(service.id, now)

    def _lose_patience(self, ticket: Ticket, now: datetime) -> None:
        if ticket_rows.ticket(self.tx, self.mall.id, ticket.id).state is State.WAITING:
            self.until = max(self.until, now)
            end.cancel_by_visitor(self.tx, self.mall, ticket.visit_id, now=now, ticket_id=ticket.id)

    def _wake(self, service_id: int, now: datetime) -> None:
        """An officer without a visitor takes whoever has just come."""
        free = [each for each in self.idle.values() if service_id in each.weights]
        if free:
            self._next(self.chance.choice(free), now)
