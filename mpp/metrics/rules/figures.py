"""Counts and summaries over many tickets, by service, agency, counter, officer or hour."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from mpp.metrics.rules.spans import Kind, Span, Story
from mpp.queue.rules import State, quantile


class By(StrEnum):
    """What the rows of a report are."""

    SERVICE = "service"
    AGENCY = "agency"
    COUNTER = "counter"
    OFFICER = "officer"
    HOUR = "hour"


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


@dataclass
class Tally:
    """Everything counted under one heading; more tickets may be added at any time."""

    issued: int = 0
    ended: dict[State, int] = field(default_factory=dict)
    """How many tickets stand in each state, open ones too."""
    seconds: dict[Kind, list[float]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    judged: dict[Kind, int] = field(default_factory=dict)
    """Spans of services that promise something."""
    kept: dict[Kind, int] = field(default_factory=dict)
    """Those that kept the promise."""

    def count(self, story: Story) -> None:
        self.issued += story.issues
        self.ended[story.state] = self.ended.get(story.state, 0) + 1

    def measure(self, span: Span, promised_s: float | None) -> None:
        kind = span.kind
        self.seconds[kind].append(span.seconds)
        if promised_s is not None:
            self.judged[kind] = self.judged.get(kind, 0) + 1
            self.kept[kind] = self.kept.get(kind, 0) + (span.seconds <= promised_s)

    def merge(self, other: "Tally") -> None:
        """Count everything that the other has counted."""
        self.issued += other.issued
        for kind, seconds in other.seconds.items():
            self.seconds[kind] += seconds
        _add(self.ended, other.ended)
        _add(self.judged, other.judged)
        _add(self.kept, other.kept)

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


K = TypeVar("K")


def _add(mine: dict[K, int], theirs: Mapping[K, int]) -> None:
    for key, count in theirs.items():
        mine[key] = mine.get(key, 0) + count


Key = Hashable
HourOf = Callable[[int], int]


@dataclass
class Book:
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

    @property
    def total(self) -> Tally:
        """All rows together."""
        whole = Tally()
        for row in self.rows.values():
            whole.merge(row)
        return whole

    def add(self, stories: Iterable[Story]) -> None:
        """Count more tickets, none of which was counted before."""
        key_of = self._key_of()
        limits = {
            kind: {service: promise.of(kind) for service, promise in self.promises.items()}
            for kind in Kind
        }
        for story in stories:
            key = key_of(story.service_id, story.counter_id, story.officer_id, story.joined_us)
            self._row(key).count(story)
            for span in story.spans:
                key = key_of(span.service_id, span.counter_id, span.officer_id, span.began_us)
                self._row(key).measure(span, limits[span.kind].get(span.service_id))

    def _row(self, key: Key) -> Tally:
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = Tally()
        return row

    def _key_of(self) -> Callable[[int, int | None, int | None, int], Key]:
        choices: dict[By, Callable[[int, int | None, int | None, int], Key]] = {
            By.SERVICE: lambda service, _counter, _officer, _at: service,
            By.AGENCY: lambda service, _counter, _officer, _at: self.agency_of.get(service),
            By.COUNTER: lambda _service, counter, _officer, _at: counter,
            By.OFFICER: lambda _service, _counter, officer, _at: officer,
            By.HOUR: lambda _service, _counter, _officer, at: self.hour_of(at),
        }
        return choices[self.by]


_QUARTER_US = 15 * 60 * 1_000_000  # every time zone's offset is a multiple of a quarter of an hour


def local_hours(time_zone: ZoneInfo) -> HourOf:
    """A function from a moment to the hour that the mall's clocks then show, 0 to 23."""
    known: dict[int, int] = {}

    def hour_of(at_us: int) -> int:
        quarter = at_us // _QUARTER_US
        hour = known.get(quarter)
        if hour is None:
            moment = datetime.fromtimestamp(quarter * _QUARTER_US / 1_000_000, time_zone)
            hour = known[quarter] = moment.hour
        return hour

    return hour_of
