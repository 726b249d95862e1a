"""Rounds into figures: medians, spread, and one line of the table."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from benchmarks.client import Load


@dataclass(frozen=True)
class Line:
    """One line of the table. `is_met`: None where there is no aim, or nothing was measured."""

    what: str
    ours: str = "–"
    floor: str = "–"
    ratio: str = "–"
    aim: str = "–"
    is_met: bool | None = None
    details: tuple[str, ...] = ()
    """Spread, percentiles, CPU and what else helps to judge the figure."""


def not_measured(what: str, why: str) -> Line:
    return Line(what, details=(f"not measured: {why}",))


@dataclass(frozen=True)
class Round:
    """One stretch of load on one server."""

    per_second: float
    latencies: Sequence[float]
    cpu_s: float | None = None
    """What the server's process used for it."""

    @property
    def cpu_us(self) -> float | None:
        """CPU microseconds a request."""
        return None if self.cpu_s is None else self.cpu_s / len(self.latencies) * 1e6


def round_of(load: Load, cpu_s: float) -> Round:
    return Round(load.per_second, load.latencies, cpu_s)


@dataclass
class Series:
    """All rounds of one side."""

    rounds: list[Round] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Median over the rounds, per second."""
        return statistics.median(each.per_second for each in self.rounds)

    def millisecond(self, share: float) -> float:
        """A percentile of every single request of every round, milliseconds."""
        return percentile(chain.from_iterable(each.latencies for each in self.rounds), share) * 1e3

    def told(self, name: str) -> str:
        """One line of detail."""
        rates = [each.per_second for each in self.rounds]
        cpu = [each.cpu_us for each in self.rounds if each.cpu_us is not None]
        used = f", {statistics.median(cpu):,.0f} µs of server CPU each" if cpu else ""
        return (
            f"{name}: {min(rates):,.0f}–{max(rates):,.0f}/s over {len(rates)} rounds; p50 "
            f"{self.millisecond(0.5):.1f}, p99 {self.millisecond(0.99):.1f} ms{used}"
        )


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratios(ours: Sequence[float], floor: Sequence[float]) -> tuple[float, str]:
    """Median of ours / floor, pair by pair as they were measured, and their range.

    Pairs rather than medians of each side: what disturbs the machine for a while disturbs both.
    """
    pairs = [a / b for a, b in zip(ours, floor, strict=True)]
    return statistics.median(pairs), f"{min(pairs):.2f}–{max(pairs):.2f}"


def rate_line(
    what: str, ours: Series, floor: Series, *, at_least: float, p99_ms: float | None = None
) -> Line:
    """Requests a second beside the floor's."""
    ratio, spread = ratios(
        [each.per_second for each in ours.rounds], [each.per_second for each in floor.rounds]
    )
    p99 = ours.millisecond(0.99)
    met = ratio >= at_least and (p99_ms is None or p99 <= p99_ms)
    return Line(
        what,
        ours=f"{ours.rate:,.0f}/s, p99 {p99:.1f} ms",
        floor=f"{floor.rate:,.0f}/s, p99 {floor.millisecond(0.99):.1f} ms",
        ratio=f"{ratio:.2f} ({spread})",
        aim=f"≥ {at_least}" + (f", p99 ≤ {p99_ms:.0f} ms" if p99_ms else ""),
        is_met=met,
        details=(ours.told("ours"), floor.told("floor")),
    )


def cost_line(
    what: str,
    ours: Sequence[float],
    floor: Sequence[float],
    *,
    at_most: float,
    show: Callable[[float], str],
    details: Iterable[str] = (),
) -> Line:
    """A cost (less is better) beside the floor's, round by round."""
    ratio, spread = ratios(ours, floor)
    return Line(
        what,
        ours=show(statistics.median(ours)),
        floor=show(statistics.median(floor)),
        ratio=f"{ratio:.2f} ({spread})",
        aim=f"≤ {at_most} ×",
        is_met=ratio <= at_most,
        details=tuple(details),
    )


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms"
