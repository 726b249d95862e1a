"""Reports read piece by piece, and today's histories, kept between two looks at the overview."""

import asyncio
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mpp.counters.queries import Shift, present_shifts
from mpp.counters.rules.mall import Mall, Service
from mpp.db.seam import Database, Transaction
from mpp.metrics import queries
from mpp.metrics.pages.overview import OverviewOut, overview_out
from mpp.metrics.queries import Names
from mpp.metrics.rules import spans
from mpp.metrics.rules.figures import Book, By, Promise, local_hours
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import Event, Story


def books(
    mall: Mall, promises: Mapping[int, Promise], agency_of: Mapping[int, int], bys: Iterable[By]
) -> dict[By, Book]:
    """Empty books for these groupings."""
    hour_of = local_hours(mall.time_zone)
    return {by: Book(by, promises, agency_of, hour_of) for by in bys}


async def report(
    db: Database, mall: Mall, period: Period, *bys: By
) -> tuple[Names, dict[By, Book]]:
    """The figures of a period by each of these groupings, with the names of what they speak of."""
    known = await db.read(queries.names, mall.id)
    made = books(mall, known.promises, known.agency_of, bys)

    def add(events: list[Event]) -> None:
        stories = spans.stories(events)
        for book in made.values():
            book.add(stories)

    for day in period.days():
        # Day by day, and counted in a thread: no long snapshot, no long stop of everything else.
        await asyncio.to_thread(add, await db.read(queries.events, mall.id, day, day))
    return known, made


WHOLE_S = 300.0
"""So often a day is read from the beginning all the same: a machine whose clock is far behind gives
its events ids that look old."""


@dataclass
class _Today:
    """A mall's histories of one business day, as far as they have been read."""

    day: date
    newest: int = 0
    """The highest event id read."""
    read_at: float = field(default_factory=time.monotonic)
    """When it was read from the beginning."""
    histories: dict[int, dict[int, Event]] = field(default_factory=dict)
    """Ticket id → seq → event."""
    stories: dict[int, Story] = field(default_factory=dict)

    def learn(self, events: Iterable[Event], newest: int) -> bool:
        """Add events, known ones too, and fold anew the histories that they lengthened.

        False when one of these has a hole: an event was overlooked that a later one builds on.
        """
        longer: dict[int, dict[int, Event]] = {}
        for event in events:
            history = self.histories.setdefault(event.ticket_id, {})
            if event.seq not in history:
                history[event.seq] = event
                longer[event.ticket_id] = history
        for ticket_id, history in longer.items():
            self.stories[ticket_id] = spans.fold(history.values())
        self.newest = max(self.newest, newest)
        return all(max(history) == len(history) for history in longer.values())


class Days:
    """Today's stories by mall: read once, then only what is new. One per process."""

    def __init__(self) -> None:
        self._known: dict[int, _Today] = {}
        self._merging = threading.Lock()

    def stories(self, tx: Transaction, mall_id: int, day: date) -> list[Story]:
        """What became of every ticket of the day up to now.

        The lock is held while memory changes, never while the database answers: on PostgreSQL
        several of these wait for it in one thread.
        """
        known = self._known.get(mall_id)
        if known is not None and known.day == day and time.monotonic() - known.read_at < WHOLE_S:
            events, newest = queries.events_since(tx, mall_id, day, known.newest)
            with self._merging:
                if known.learn(events, newest):
                    return list(known.stories.values())
        newest = queries.highest_event(tx, mall_id)
        events = queries.events(tx, mall_id, day, day)
        fresh = _Today(day)
        fresh.learn(events, newest)
        with self._merging:
            self._known[mall_id] = fresh
            return list(fresh.stories.values())


# -- the live overview ---------------------------------------------------------------------------


def promise_of(service: Service) -> Promise:
    """The service's present standard."""
    wait, served = service.promised_wait, service.promised_service
    return Promise(
        wait.total_seconds() if wait else None, served.total_seconds() if served else None
    )


PACE_S = 1.0
"""An overview is drawn anew at most so often: whatever happens meanwhile is in the next one."""


async def overview(
    db: Database, days: Days, mall: Mall, *, version: int, now: datetime
) -> OverviewOut:
    """The mall as it stands, from today's events."""
    today = mall.day(now)

    def look(tx: Transaction) -> tuple[list[Story], dict[int, Shift]]:
        return days.stories(tx, mall.id, today), present_shifts(tx, mall.id)

    def count(stories: list[Story], shifts: dict[int, Shift]) -> OverviewOut:
        promises = {each.id: promise_of(each) for each in mall.services}
        agency_of = {each.id: each.agency_id for each in mall.services}
        made = books(mall, promises, agency_of, (By.HOUR, By.AGENCY))
        for book in made.values():
            book.add(stories)
        return overview_out(
            mall, stories, shifts, made[By.HOUR], made[By.AGENCY], version=version, now=now
        )

    return await asyncio.to_thread(count, *await db.read(look))


@dataclass
class Pace:
    """Lets one pass every `PACE_S`; the first at once."""

    _next: float = 0.0

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        pause = self._next - loop.time()
        if pause > 0:
            await asyncio.sleep(pause)
        self._next = loop.time() + PACE_S
