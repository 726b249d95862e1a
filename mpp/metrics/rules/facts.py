"""What a day's exact figures are made of, in columns: read in milliseconds, however old the day is.

Standards and agencies are not in it: definitions v1 judge by those of the day on which somebody asks.
"""

import zlib
from collections.abc import Iterable
from datetime import date

import msgspec

from mpp.metrics.rules.aggregation import microseconds
from mpp.metrics.rules.figures import By, HourOf, Key, TallyTable
from mpp.metrics.rules.spans import Kind, TicketHistory, Where
from mpp.queue.rules.life import State

_KINDS = tuple(Kind)
_STATES = tuple(State)
_KIND_AT = {kind: place for place, kind in enumerate(_KINDS)}
_STATE_AT = {state: place for place, state in enumerate(_STATES)}


class Facts(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Of every ticket and of every span one entry in each column."""

    weekday: int
    places: list[Where]
    """Service, counter, officer: what `…_place` counts through."""
    visitors: list[tuple[str | None, str]]
    """Channel, priority: what `…_visitor` counts through."""
    issues: list[int]
    states: list[int]
    ticket_place: list[int]
    ticket_hour: list[int]
    ticket_visitor: list[int]
    kinds: list[int]
    us: list[int]
    span_place: list[int]
    span_hour: list[int]
    span_visitor: list[int]


def facts_of(ticket_histories: Iterable[TicketHistory], day: date, hour_of: HourOf) -> Facts:
    """The columns of a day."""
    facts = Facts(day.isoweekday(), *([] for _ in Facts.__struct_fields__[1:]))
    places: dict[Where, int] = {}
    visitors: dict[tuple[str | None, str], int] = {}
    for history in ticket_histories:
        visitor = visitors.setdefault((history.channel, history.priority), len(visitors))
        place = (history.service_id, history.counter_id, history.officer_id)
        facts.issues.append(history.issues)
        facts.states.append(_STATE_AT[history.state])
        facts.ticket_place.append(places.setdefault(place, len(places)))
        facts.ticket_hour.append(hour_of(history.joined_us))
        facts.ticket_visitor.append(visitor)
        for span in history.spans:
            facts.kinds.append(_KIND_AT[span.kind])
            facts.us.append(microseconds(span))
            facts.span_place.append(places.setdefault(span[3:], len(places)))
            facts.span_hour.append(hour_of(span.began_us))
            facts.span_visitor.append(visitor)
    facts.places, facts.visitors = list(places), list(visitors)
    return facts


def pack(facts: Facts) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(facts), 6)


_read = msgspec.msgpack.Decoder(Facts).decode


def unpack(packed: bytes) -> Facts:
    return _read(zlib.decompress(packed))


def add_facts(table: TallyTable, facts: Facts) -> None:
    """Count a day in a table, as `TallyTable.add` counts its ticket_histories."""
    keys = _Keys(table, facts)
    ticket_keys = keys.of(facts.ticket_place, facts.ticket_hour, facts.ticket_visitor)
    for key, issues, state in zip(ticket_keys, facts.issues, facts.states, strict=True):
        row = table.row(key)
        row.issued += issues
        row.ended[_STATES[state]] = row.ended.get(_STATES[state], 0) + 1
    limits = [
        [table.promise_s(kind, service) for service, _counter, _officer in facts.places]
        for kind in _KINDS
    ]
    span_keys = keys.of(facts.span_place, facts.span_hour, facts.span_visitor)
    for key, kind, us, place in zip(
        span_keys, facts.kinds, facts.us, facts.span_place, strict=True
    ):
        table.row(key).take(_KINDS[kind], us / 1_000_000, limits[kind][place])


class _Keys:
    """Under which heading of a table each entry of the columns comes."""

    def __init__(self, table: TallyTable, facts: Facts) -> None:
        self._book = table
        self._facts = facts

    def of(self, places: list[int], hours: list[int], visitors: list[int]) -> list[Key]:
        by, facts = self._book.by, self._facts
        if by is By.HOUR:
            return list(hours)
        if by is By.WEEKDAY:
            return [facts.weekday] * len(places)
        if by in (By.CHANNEL, By.PRIORITY):
            told: list[Key] = [each[by is By.PRIORITY] for each in facts.visitors]
            return [told[visitor] for visitor in visitors]
        names = [self._name(by, where) for where in facts.places]
        return [names[place] for place in places]

    def _name(self, by: By, where: Where) -> Key:
        service, counter, officer = where
        if by is By.AGENCY:
            return self._book.agency_of.get(service)
        return {By.SERVICE: service, By.COUNTER: counter, By.OFFICER: officer}[by]
