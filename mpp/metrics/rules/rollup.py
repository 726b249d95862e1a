"""Everything counted under one heading of a day or a month, small enough to be kept for ever.

Merging adds. So a month is the sum of its days, and a mall of its services, to the last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mpp.metrics.rules.figures import Ended, Summary, add_counts
from mpp.metrics.rules.histogram import Histogram, Packed
from mpp.metrics.rules.spans import Kind, Mark, Span, TicketHistory
from mpp.queue.rules.life import Action, State

FORM = 1
"""Stands first in every packed rollup; whoever changes what follows counts on."""
JUDGED = (Kind.WAITING, Kind.SERVICE)
"""What a standard promises something about."""
_Packed = tuple[int, list[int], list[Packed | None]]
_STATES = tuple(State)
_KINDS = tuple(Kind)


@dataclass(slots=True)
class Rollup(Ended):
    """Counts and histograms under one heading."""

    issued: int = 0
    ended: dict[State, int] = field(default_factory=dict)
    judged: dict[Kind, int] = field(default_factory=dict)
    kept: dict[Kind, int] = field(default_factory=dict)
    recalls: int = 0
    transfers: int = 0
    times: dict[Kind, Histogram] = field(default_factory=dict)
    uncalled: Histogram = field(default_factory=Histogram)
    """Waits that ended without a call: how long they lasted at least."""

    def count(self, history: TicketHistory) -> None:
        """A ticket that belongs under this heading."""
        self.issued += history.issues
        self.ended[history.state] = self.ended.get(history.state, 0) + 1

    def measure(self, span: Span, us: int, bucket: int) -> None:
        """A span that happened here; `us`, `bucket`: how long it was."""
        times = self.times.get(span.kind)
        if times is None:
            times = self.times[span.kind] = Histogram()
        times.add(us, bucket)

    def judge(self, kind: Kind, *, is_kept: bool) -> None:
        """A span of a service that promises something."""
        self.judged[kind] = self.judged.get(kind, 0) + 1
        if is_kept:
            self.kept[kind] = self.kept.get(kind, 0) + 1

    def mark(self, mark: Mark) -> None:
        if mark.action == Action.RECALL:
            self.recalls += 1
        else:
            self.transfers += 1

    def merge(self, other: "Rollup") -> None:
        """Count everything that the other has counted."""
        self.issued += other.issued
        self.recalls += other.recalls
        self.transfers += other.transfers
        add_counts(self.ended, other.ended)
        add_counts(self.judged, other.judged)
        add_counts(self.kept, other.kept)
        for kind, times in other.times.items():
            self.times.setdefault(kind, Histogram()).merge(times)
        self.uncalled.merge(other.uncalled)

    def summary(self, kind: Kind) -> Summary:
        """Median, P90, P95, each at most 1 % off; the mean is exact."""
        times = self.times.get(kind)
        found = times.quantiles((0.5, 0.9, 0.95)) if times else None
        if times is None or found is None:
            return Summary(0)
        median, p90, p95 = found
        return Summary(times.n, median, p90, p95, times.mean_s)

    def pack(self) -> bytes:
        """The same bytes for the same figures, whatever order they were counted in."""
        counts = [self.issued, self.recalls, self.transfers]
        counts += [self.ended.get(state, 0) for state in _STATES]
        counts += [each.get(kind, 0) for each in (self.judged, self.kept) for kind in JUDGED]
        times = [self.times.get(kind) for kind in _KINDS]
        packed = [each.pack() if each and each.n else None for each in (*times, self.uncalled)]
        return msgspec.msgpack.encode((FORM, counts, packed))


_read = msgspec.msgpack.Decoder(_Packed).decode


def unpack(packed: bytes) -> Rollup:
    """What `Rollup.pack` made. Raises `ValueError` for bytes of another form."""
    made = Rollup()
    absorb(made, packed)
    return made


def absorb(whole: Rollup, packed: bytes) -> None:
    """Count everything that was packed. A year is thousands of these."""
    form, counts, histograms = _read(packed)
    if form != FORM:
        raise ValueError(f"a rollup of form {form}, not {FORM}")
    issued, recalls, transfers, *rest = counts
    whole.issued += issued
    whole.recalls += recalls
    whole.transfers += transfers
    for mine, names, numbers in (
        (whole.ended, _STATES, rest[: len(_STATES)]),
        (whole.judged, JUDGED, rest[-4:-2]),
        (whole.kept, JUDGED, rest[-2:]),
    ):
        _add(mine, names, numbers)
    *times, uncalled = histograms
    for kind, each in zip(_KINDS, times, strict=True):
        if each is not None:
            known = whole.times.get(kind)
            if known is None:
                known = whole.times[kind] = Histogram()
            known.absorb(each)
    if uncalled is not None:
        whole.uncalled.absorb(uncalled)


def _add(mine: dict[Any, int], names: Sequence[str], numbers: Sequence[int]) -> None:
    for name, number in zip(names, numbers, strict=True):
        if number:
            mine[name] = mine.get(name, 0) + number
