"""How well the ranges that people were told when they took a number held."""

from collections.abc import Iterable
from dataclasses import dataclass

from mpp.queue.rules.forecast import Told, quantile


@dataclass(frozen=True)
class Held:
    """Of `n` waits that ended in a call. Shares are of those that were told a range; None without any."""

    n: int
    silent: int
    """Told nothing: no counter was open, or too little was known."""
    below: int
    above: int
    error_s: float | None
    """Mean distance of the middle from the wait."""
    width_s: float | None
    """Mean width of the range."""
    median_width_s: float | None

    @property
    def told(self) -> int:
        return self.n - self.silent

    @property
    def inside(self) -> int:
        """Both ends belong to the range."""
        return self.told - self.below - self.above

    @property
    def share_inside(self) -> float | None:
        return self.inside / self.told if self.told else None


def held(outcomes: Iterable[Told]) -> Held:
    """Count what was told against what it became."""
    n = below = above = 0
    errors: list[float] = []
    widths: list[int] = []
    for outcome in outcomes:
        n += 1
        if outcome.expected is None:
            continue
        below += outcome.is_below
        above += outcome.is_above
        errors.append(abs(outcome.wait_s - outcome.expected.mid_s))
        widths.append(outcome.expected.high_s - outcome.expected.low_s)
    if not errors:
        return Held(n, n, 0, 0, None, None, None)
    widths.sort()
    return Held(
        n=n,
        silent=n - len(errors),
        below=below,
        above=above,
        error_s=sum(errors) / len(errors),
        width_s=sum(widths) / len(widths),
        median_width_s=quantile(widths, 0.5),
    )
