"""Today's histories, kept in memory between two looks."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from mpp.db.seam import Transaction
from mpp.metrics.queries import event_rows
from mpp.metrics.rules import spans
from mpp.metrics.rules.spans import Event, TicketHistory

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
    ticket_histories: dict[int, TicketHistory] = field(default_factory=dict)

    def learn(self, events: Iterable[Event], newest: int) -> bool:
        """Add events, known ones too, and replay anew the histories that they lengthened.

        False when one of these has a hole: an event was overlooked that a later one builds on.
        """
        longer: dict[int, dict[int, Event]] = {}
        for event in events:
            history = self.histories.setdefault(event.ticket_id, {})
            if event.seq not in history:
                history[event.seq] = event
                longer[event.ticket_id] = history
        for ticket_id, history in longer.items():
            self.ticket_histories[ticket_id] = spans.replay(history.values())
        self.newest = max(self.newest, newest)
        return all(max(history) == len(history) for history in longer.values())


class Days:
    """Today's ticket_histories by mall: read once, then only what is new. One per process."""

    def __init__(self) -> None:
        self._known: dict[int, _Today] = {}
        self._merging = threading.Lock()

    def ticket_histories(self, tx: Transaction, mall_id: int, day: date) -> list[TicketHistory]:
        """What became of every ticket of the day up to now.

        The lock is held while memory changes, never while the database answers: on PostgreSQL
        several of these wait for it in one thread.
        """
        known = self._known.get(mall_id)
        if known is not None and known.day == day and time.monotonic() - known.read_at < WHOLE_S:
            events, newest = event_rows.events_since(tx, mall_id, day, known.newest)
            with self._merging:
                if known.learn(events, newest):
                    return list(known.ticket_histories.values())
        newest = event_rows.highest_event(tx, mall_id)
        events = event_rows.events(tx, mall_id, day, day)
        fresh = _Today(day)
        fresh.learn(events, newest)
        with self._merging:
            self._known[mall_id] = fresh
            return list(fresh.ticket_histories.values())
