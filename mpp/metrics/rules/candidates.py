"""Who could have been called at each call, made again from the events of the day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mpp.metrics.rules.stored_day import Day, Line
from mpp.queue.rules.life import IN_HAND, Action, Place, Priority, State

SLACK = timedelta(seconds=10)
"""Who came or went this close to a call may or may not have been seen by it: a moment is taken when a
request arrives, and under load it looks at the queue later."""

_Stored = Mapping[str, Any]
_Lane = tuple[int, bool]
"""A service, and whether it is the lane of priority."""


class _Wait(NamedTuple):
    """A ticket in a queue, from one event to the next of its history."""

    ticket_id: int
    since: Line
    until: Line | None
    service_id: int
    is_priority: bool
    rank_at: datetime | None
    """None: the place of a priority ticket whose row holds a later one."""
    target: int | None

    def surely(self, call: Line) -> bool:
        left = self.until is None or (
            self.until.at > call.at + SLACK and self.until.id > call.id and self.until != call
        )
        return self.since.at < call.at - SLACK and self.since.id < call.id and left

    def perhaps(self, call: Line) -> bool:
        came = self.since.at <= call.at + SLACK or self.since.id < call.id
        return came and (
            self.until is None or self.until.at >= call.at - SLACK or self.until.id >= call.id
        )


class Queues:
    """Everybody's waits of a day."""

    def __init__(self, day: Day, by_ticket: Mapping[int, Sequence[Line]]) -> None:
        """`by_ticket`: the day's events of each ticket, in order of `seq`."""
        self._day = day
        self._first = {ticket_id: lines[0] for ticket_id, lines in by_ticket.items()}
        self._waits: dict[int, list[_Wait]] = {}
        self._stays: dict[int, list[tuple[int, Line, Line | None]]] = {}
        for ticket_id, lines in by_ticket.items():
            row = day.rows.get(ticket_id)
            if row is not None:
                self._waits[ticket_id] = list(_waits(lines, row.rank_at))
                for line, after in _pairs(lines):
                    if line.state in IN_HAND:
                        self._stays.setdefault(row.visit_id, []).append((ticket_id, line, after))
        self._coming = sorted(
            (wait for waits in self._waits.values() for wait in waits),
            key=lambda wait: wait.since.id,
            reverse=True,
        )
        self._present: dict[int, _Wait] = {}

    def fault(self, call: Line) -> str | None:
        """What is wrong with the candidates that a call stored. Calls are asked for in order of id."""
        data = call.data or {}
        considered: list[_Stored] = data["considered"]
        for stored in considered:
            wrong = self._untrue(stored, call)
            if wrong:
                return f"calon {stored['label']} {wrong}"
        offered = data.get("services")
        if offered is None:
            offered = [each["service"] for each in considered if not each["targeted"]]
        heads = {
            (each["service"], each["priority"] != Priority.REGULAR): each
            for each in considered
            if not each["targeted"]
        }
        known = {each["ticket"] for each in considered}
        for wait in self._waiting(call):
            if wait.ticket_id not in known and not self._elsewhere(wait.ticket_id, call):
                wrong = self._left_out(wait, call, offered, heads)
                if wrong:
                    return f"{self._day.label(wait.ticket_id)} {wrong}"
        return None

    def _left_out(
        self, wait: _Wait, call: Line, offered: Collection[int], heads: Mapping[_Lane, _Stored]
    ) -> str | None:
        """Why somebody who waited and is no candidate should have been one; None: it was behind one."""
        if wait.target is not None:
            mine = wait.target == call.counter_id
            return "dialihkan ke loket ini, tetapi bukan calon" if mine else None
        if wait.service_id not in offered:
            return None
        head = heads.get((wait.service_id, wait.is_priority))
        if head is None:
            return "menunggu, tetapi tidak ada calon dari antreannya"
        place = (datetime.fromisoformat(head["rank_at"]), head["ticket"])
        if wait.rank_at is not None and (wait.rank_at, wait.ticket_id) < place:
            return f"di depan calon {head['label']}"
        return None

    def _waiting(self, call: Line) -> Iterator[_Wait]:
        """Who surely waited at this call."""
        while self._coming and self._coming[-1].since.id < call.id:
            wait = self._coming.pop()
            self._present[wait.since.id] = wait
        gone = [
            key
            for key, wait in self._present.items()
            if wait.until is not None and wait.until.id <= call.id
        ]
        for key in gone:
            del self._present[key]
        return (wait for wait in self._present.values() if wait.surely(call))

    def _elsewhere(self, ticket_id: int, call: Line) -> bool:
        """Whether the ticket's visitor may have been at a counter with another number."""
        visit = self._day.rows[ticket_id].visit_id
        return any(
            other != ticket_id
            and since.at <= call.at + SLACK
            and (until is None or until.at >= call.at - SLACK)
            for other, since, until in self._stays.get(visit, ())
        )

    def _untrue(self, stored: _Stored, call: Line) -> str | None:
        """What a stored candidate says that its history does not."""
        first, row = self._first.get(stored["ticket"]), self._day.rows.get(stored["ticket"])
        if first is None or row is None:
            return "tidak ada pada hari ini"
        told = {
            "label": row.label,
            "priority": first.priority,
            "joined_at": first.at,
        }
        said = {**stored, "joined_at": datetime.fromisoformat(stored["joined_at"])}
        for name, value in told.items():
            if said[name] != value:
                return f"tercatat dengan {name} {said[name]}, menurut riwayat {value}"
        rank = datetime.fromisoformat(stored["rank_at"])
        for wait in self._waits[row.id]:
            here = wait.service_id == stored["service"] and wait.rank_at in (None, rank)
            sent = wait.target == call.counter_id if stored["targeted"] else wait.target is None
            if here and sent and wait.perhaps(call):
                return None
        return "tidak menunggu di tempat yang tercatat"


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    return zip(lines, [*lines[1:], None], strict=True)


def _waits(lines: Sequence[Line], last_rank: datetime) -> Iterator[_Wait]:
    first = lines[0]
    is_priority = first.priority != Priority.REGULAR
    found: list[_Wait] = []
    for line, after in _pairs(lines):
        if line.state != State.WAITING:
            continue
        data = line.data or {}
        returned = line.action != Action.ISSUE
        at_end = returned and data.get("place") == Place.LAST
        rank = line.at if at_end else None if is_priority else first.at
        target = data.get("counter") if returned else None
        found.append(_Wait(line.ticket_id, line, after, line.service_id, is_priority, rank, target))
    if found and found[-1].rank_at is None:
        found[-1] = found[-1]._replace(rank_at=last_rank)
    yield from found
