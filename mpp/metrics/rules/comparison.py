"""What is compared, and what was found: a period beside the one before, its units beside each other."""

from dataclasses import dataclass

from mpp.metrics.rules.figures import By
from mpp.metrics.rules.funnel import Funnel
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.recorded import Recorded
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind


@dataclass(frozen=True)
class Question:
    """What is compared: which period, which units, whose promise."""

    period: Period
    by: By
    of: Kind


@dataclass(frozen=True)
class Comparison:
    """The answer. `whole`: everything of the period; `earlier`: of the one before it.

    `recorded`, `recorded_before`: how much of either was recorded.
    """

    asked: Question
    whole: Rollup
    before: Period
    earlier: Rollup
    recorded: Recorded
    recorded_before: Recorded
    funnel: Funnel
    names: Names
