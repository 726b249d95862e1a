"""How long one waits, told with those who gave up: the product-limit estimate of Kaplan and Meier (1958).

Who left before being called has waited so long at least. Leaving them out, as the naive figure does, makes
a queue that drives people away look short; counting their waits as if they had been called does, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mpp.metrics.rules.histogram import Histogram


@dataclass(frozen=True)
class Step:
    """Until `seconds`, the share `called` of everybody would have been called if nobody gave up."""

    seconds: float
    called: float
    error: float
    """Standard error of the share, by Greenwood's formula."""
    at_risk: int
    """So many were known to wait until then."""


@dataclass(frozen=True)
class Curve:
    """The estimate, step by step. Where it ends is the longest wait that ended in a call."""

    steps: Sequence[Step]
    called: int
    gave_up: int

    def quantile(self, share: float) -> float | None:
        """The wait that so large a share does not exceed; None where too many gave up to tell."""
        return next((step.seconds for step in self.steps if step.called >= share - 1e-12), None)

    def share_until(self, seconds: float) -> float:
        """The share that would have been called until then."""
        reached = [step.called for step in self.steps if step.seconds <= seconds]
        return reached[-1] if reached else 0.0


def kaplan_meier(waited: Histogram, gave_up: Histogram) -> Curve:
    """From waits that ended in a call and waits that did not.

    In the same bucket calls come before giving up, as is usual. Each wait is known to 1 %; their order
    within that is not, so that a quantile of few waits may be that of the next one.
    """
    steps: list[Step] = []
    at_risk, waiting, variance = waited.n + gave_up.n, 1.0, 0.0
    for place in sorted({*waited.counts, *gave_up.counts}):
        called = waited.counts.get(place, 0)
        if called:
            waiting *= 1 - called / at_risk
            if called < at_risk:
                variance += called / (at_risk * (at_risk - called))
            error = waiting * variance**0.5
            steps.append(Step(waited.seconds(place), 1 - waiting, error, at_risk))
        at_risk -= called + gave_up.counts.get(place, 0)
    return Curve(steps, waited.n, gave_up.n)
