"""Counts and summaries over many tickets, by service, agency, counter, officer, hour and so on."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from mpp.metrics.rules.spans import Kind, Span, TicketHistory, Where
from mpp.queue.rules.forecast import quantile
from mpp.queue.rules.life import State


class By(StrEnum):
    """What the rows of a report are."""

    SERVICE = "service"
    AGENCY = "agency"
    COUNTER = "counter"
    OFFICER = "officer"
    HOUR = "hour"
    WEEKDAY = "weekday"
    CHANNEL = "channel"
    PRIORITY = "priority"


@dataclass(frozen=True)
class Promise:
    """A service's standard, seconds; None where nothing is promised."""

    wait_s: float | None = None
    service_s: float | None = None

    def of(self, kind: Kind) -> float | None:
        if kind is Kind.WAITING:
            return self.wait_s
        return self.service_s if kind is Kind.SERVICE else None


@dataclass(frozen=True)
class Summary:
    """Of `n` spans, seconds; None when there is none. Quantiles are of Hyndman-Fan type 7."""

    n: int
    median_s: float | None = None
    p90_s: float | None = None
    p95_s: float | None = None
    mean_s: float | None = None


def summary(seconds: Iterable[float]) -> Summary:
    """Median, P90, P95 and mean."""
    ordered = sorted(seconds)
    if not ordered:
        return Summary(0)
    middle, ninety, ninety_five = (quantile(ordered, share) for share in (0.5, 0.9, 0.95))
    return Summary(len(ordered), middle, ninety, ninety_five, sum(ordered) / len(ordered))


class Ended:
    """What can be told of tickets by the states in which they stand."""

    __slots__ = ()
    issued: int
    ended: dict[State, int]
    """How many tickets stand in each state, open ones too."""
    judged: dict[Kind, int]
    """Spans of services that promise something."""
    kept: dict[Kind, int]
    """Those that kept the promise."""

    @property
    def served(self) -> int:
        return self.ended.get(State.COMPLETED, 0)

    @property
    def left(self) -> int:
        return self.ended.get(State.CANCELLED, 0)

    @property
    def no_show(self) -> int:
        return self.ended.get(State.NO_SHOW, 0)

    @property
    def expired(self) -> int:
        return self.ended.get(State.EXPIRED, 0)

    @property
    def open(self) -> int:
        return sum(self.ended.values()) - self.served - self.left - self.no_show - self.expired

    @property
    def is_conserved(self) -> bool:
        """Issued = served + left + no-show + expired + open."""
        return self.issued == sum(self.ended.values())

    def share_within(self, kind: Kind) -> float | None:
        """The share of spans within the promise; None when nothing was promised."""
        judged = self.judged.get(kind, 0)
        return self.kept.get(kind, 0) / judged if judged else None

    def summary(self, kind: Kind) -> Summary:
        """How long the spans of this kind were."""
        raise NotImplementedError


@dataclass
class Tally(Ended):
    """Everything counted under one heading; more tickets may be added at any time."""

    issued: int = 0
    ended: dict[State, int] = field(default_factory=dict)
    seconds: dict[Kind, list[float]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    judged: dict[Kind, int] = field(default_factory=dict)
    kept: dict[Kind, int] = field(default_factory=dict)

    def count(self, history: TicketHistory) -> None:
        self.issued += history.issues
        self.ended[history.state] = self.ended.get(history.state, 0) + 1

    def measure(self, span: Span, promised_s: float | None) -> None:
        self.take(span.kind, span.seconds, promised_s)

    def take(self, kind: Kind, seconds: float, promised_s: float | None) -> None:
        self.seconds[kind].append(seconds)
        if promised_s is not None:
            self.judged[kind] = self.judged.get(kind, 0) + 1
            self.kept[kind] = self.kept.get(kind, 0) + (seconds <= promised_s)

    def merge(self, other: "Tally") -> None:
        """Count everything that the other has counted."""
        self.issued += other.issued
        for kind, seconds in other.seconds.items():
            self.seconds[kind] += seconds
        add_counts(self.ended, other.ended)
        add_counts(self.judged, other.judged)
        add_counts(self.kept, other.kept)

    def summary(self, kind: Kind) -> Summary:
        return summary(self.seconds[kind])


K = TypeVar("K")


def add_counts(mine: dict[K, int], theirs: Mapping[K, int]) -> None:
    for key, count in theirs.items():
        mine[key] = mine.get(key, 0) + count


Key = Hashable
HourOf = Callable[[int], int]
"""What a clock or calendar shows at a moment, microseconds since 1970."""
_DAY_US = 24 * 60 * 60 * 1_000_000


def weekday_utc(at_us: int) -> int:
    """1 for Monday to 7 for Sunday, where the mall's clocks show UTC."""
    return (at_us // _DAY_US + 3) % 7 + 1


@dataclass
class TallyTable:
    """Tallies by heading and over all. In every grouping each ticket is counted exactly once.

    Counts go under the service (agency, hour) that a ticket was issued for (in), and under the
    counter (officer) that had it last. Spans go where they happened, by hour under the hour in which
    they began.
    """

    by: By
    promises: Mapping[int, Promise]
    """Service id → standard."""
    agency_of: Mapping[int, int]
    """Service id → agency id."""
    hour_of: HourOf
    rows: dict[Key, Tally] = field(default_factory=dict)
    weekday_of: HourOf = weekday_utc

    @property
    def total(self) -> Tally:
        """All rows together."""
        whole = Tally()
        for row in self.rows.values():
            whole.merge(row)
        return whole

    def add(self, ticket_histories: Iterable[TicketHistory]) -> None:
        """Count more tickets, none of which was counted before."""
        key_of = self._key_of()
        limits = {
            kind: {service: promise.of(kind) for service, promise in self.promises.items()}
            for kind in Kind
        }
        for history in ticket_histories:
            place = (history.service_id, history.counter_id, history.officer_id)
            self.row(key_of(history, place, history.joined_us)).count(history)
            for span in history.spans:
                key = key_of(history, span[3:], span.began_us)
                self.row(key).measure(span, limits[span.kind].get(span.service_id))

    def row(self, key: Key) -> Tally:
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = Tally()
        return row

    def _key_of(self) -> Callable[[TicketHistory, Where, int], Key]:
        choices: dict[By, Callable[[TicketHistory, Where, int], Key]] = {
            By.SERVICE: lambda _story, where, _at: where[0],
            By.AGENCY: lambda _story, where, _at: self.agency_of.get(where[0]),
            By.COUNTER: lambda _story, where, _at: where[1],
            By.OFFICER: lambda _story, where, _at: where[2],
            By.HOUR: lambda _story, _where, at: self.hour_of(at),
            By.WEEKDAY: lambda _story, _where, at: self.weekday_of(at),
            By.CHANNEL: lambda history, _where, _at: history.channel,
            By.PRIORITY: lambda history, _where, _at: history.priority,
        }
        return choices[self.by]


_QUARTER_US = 15 * 60 * 1_000_000  # every time zone's offset is a multiple of a quarter of an hour


def local_hours(time_zone: ZoneInfo) -> HourOf:
    """A function from a moment to the hour that the mall's clocks then show, 0 to 23."""
    return _local(time_zone, lambda moment: moment.hour)


def local_weekdays(time_zone: ZoneInfo) -> HourOf:
    """A function from a moment to the mall's weekday, 1 for Monday to 7 for Sunday."""
    return _local(time_zone, lambda moment: moment.isoweekday())


def _local(time_zone: ZoneInfo, shown: Callable[[datetime], int]) -> HourOf:
    known: dict[int, int] = {}

    def at(at_us: int) -> int:
        quarter = at_us // _QUARTER_US
        found = known.get(quarter)
        if found is None:
            moment = datetime.fromtimestamp(quarter * _QUARTER_US / 1_000_000, time_zone)
            found = known[quarter] = shown(moment)
        return found

    return at
