"""A day's ticket_histories aggregate into rollups, under every heading that reports ask for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from mpp.metrics.rules.figures import By, HourOf, Promise
from mpp.metrics.rules.histogram import bucket_of
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind, Span, TicketHistory, Where

MALL = "mall"
WEEKDAY_HOUR = "weekday_hour"
SERVICE_COUNTER = "service_counter"
SERVICE_OFFICER = "service_officer"
PAIRS = (SERVICE_COUNTER, SERVICE_OFFICER)
"""What a mix is adjusted by: here only what kept its promise is counted, nothing is timed."""
Heading = tuple[str, str]
"""What the key is one of, and the key; an empty key: none, or no name."""
Rollups = dict[Heading, Rollup]


class Standard(NamedTuple):
    """What a service promised on a day, seconds, and whose it was."""

    wait_s: float | None
    service_s: float | None
    agency_id: int | None

    @property
    def promise(self) -> Promise:
        return Promise(self.wait_s, self.service_s)


Standards = Mapping[int, Standard]
"""By service id."""
_NOTHING = Standard(None, None, None)
_ANY = Promise()


def aggregate(
    ticket_histories: Iterable[TicketHistory],
    standards: Standards,
    day: date,
    hour_of: HourOf,
    *,
    until_us: int | None = None,
) -> Rollups:
    """Every heading's rollup of one business day.

    `until_us`: the present moment, for a day that is not over: whoever waits now has waited so long at
    least.
    """
    found = _Aggregation(standards, day, hour_of)
    for history in ticket_histories:
        found.take(history, until_us)
    return found.rollups


def merged(parts: Iterable[Mapping[Heading, Rollup]]) -> Rollups:
    """All of them added up; the parts are left as they are."""
    whole: Rollups = {}
    for part in parts:
        for heading, each in part.items():
            mine = whole.get(heading)
            if mine is None:
                mine = whole[heading] = Rollup()
            mine.merge(each)
    return whole


def heading_of(by: By | str, *keys: object) -> Heading:
    return str(by), "/".join("" if key is None else str(key) for key in keys)


class _Aggregation:
    """The day so far. What lies at one place in one hour belongs to the same headings, found once."""

    def __init__(self, standards: Standards, day: date, hour_of: HourOf) -> None:
        self.rollups: Rollups = {}
        self._standards = standards
        self._promises = {service: each.promise for service, each in standards.items()}
        self._weekday = day.isoweekday()
        self._hour_of = hour_of
        self._found: dict[tuple[object, ...], list[Rollup]] = {}
        self._pairs: dict[Where, list[Rollup]] = {}

    def take(self, history: TicketHistory, until_us: int | None) -> None:
        where = (history.service_id, history.counter_id, history.officer_id)
        for each in self._at(history, where, history.joined_us):
            each.count(history)
        for mark in history.marks:
            for each in self._at(history, mark[2:], mark.at_us):
                each.mark(mark)
        for span in history.spans:
            self._measure(history, span)
        uncalled = history.uncalled
        if uncalled is None and history.uncalled_since_us is not None and until_us is not None:
            since = history.uncalled_since_us
            waited = max(0, until_us - since) / 1_000_000
            uncalled = Span(Kind.WAITING, since, waited, history.current_service_id, None, None)
        if uncalled is not None:
            us = microseconds(uncalled)
            bucket = bucket_of(us)
            for each in self._at(history, uncalled[3:], uncalled.began_us):
                each.uncalled.add(us, bucket)

    def _measure(self, history: TicketHistory, span: Span) -> None:
        us, where = microseconds(span), span[3:]
        bucket = bucket_of(us)
        promised = self._promises.get(where[0], _ANY).of(span.kind)
        for each in self._at(history, where, span.began_us):
            each.measure(span, us, bucket)
            if promised is not None:
                each.judge(span.kind, is_kept=span.seconds <= promised)
        if promised is not None:
            for each in self._pairs_at(where):
                each.judge(span.kind, is_kept=span.seconds <= promised)

    def _at(self, history: TicketHistory, where: Where, at_us: int) -> list[Rollup]:
        """Every rollup that something of this ticket, there and then, belongs to."""
        hour = self._hour_of(at_us)
        place = (*where, hour, history.channel, history.priority)
        found = self._found.get(place)
        if found is None:
            service, counter, officer = where
            headings = (
                (MALL, ""),
                heading_of(By.SERVICE, service),
                heading_of(By.AGENCY, self._standards.get(service, _NOTHING).agency_id),
                heading_of(By.COUNTER, counter),
                heading_of(By.OFFICER, officer),
                heading_of(By.HOUR, hour),
                heading_of(By.WEEKDAY, self._weekday),
                heading_of(By.CHANNEL, history.channel),
                heading_of(By.PRIORITY, history.priority),
                heading_of(WEEKDAY_HOUR, self._weekday, hour),
            )
            found = self._found[place] = [self._row(heading) for heading in headings]
        return found

    def _pairs_at(self, where: Where) -> list[Rollup]:
        found = self._pairs.get(where)
        if found is None:
            pairs = zip(PAIRS, where[1:], strict=True)
            found = [self._row(heading_of(by, where[0], key)) for by, key in pairs]
            self._pairs[where] = found
        return found

    def _row(self, heading: Heading) -> Rollup:
        row = self.rollups.get(heading)
        if row is None:
            row = self.rollups[heading] = Rollup()
        return row


def microseconds(span: Span) -> int:
    """How long a span was; whole, so that sums do not depend on their order."""
    return round(span.seconds * 1_000_000)
