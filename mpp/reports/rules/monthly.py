"""What a month's report tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mpp.counters.rules.mall import Mall
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.metrics.rules.aggregation import Rollups
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.funnel import Funnel
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.recorded import Recorded, are_comparable
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.tables import RollupTable, Work
from mpp.survey.rules.result import Result

JUDGED = By.COUNTER
"""Whom the funnel compares, by the promise on the service."""


@dataclass(frozen=True)
class Whole:
    """The whole mall in a month, and how much of the month was recorded."""

    figures: Rollup
    recorded: Recorded

    @property
    def a_day(self) -> float | None:
        """Numbers issued a day of service."""
        return self.figures.issued / self.recorded.days if self.recorded.days else None

    def is_measure_of(self, other: "Whole") -> bool:
        """Whether what differs between them says anything."""
        return are_comparable(self.recorded, other.recorded)


@dataclass(frozen=True)
class Monthly:
    """`before`: the whole mall in the month before; `year_before`: in the same month of last year.

    `visits`: numbers issued on each day of the month; a day without any is left out. `load`: rollups by
    weekday and hour. `evaluation`: the newest one; None before the first.
    """

    mall: Mall
    month: Period
    names: Names
    by: Mapping[By, RollupTable]
    now: Whole
    before: Whole
    year_before: Whole
    visits: Mapping[date, int]
    survey: Result
    load: Rollups
    work: Work
    funnel: Funnel
    evaluation: Evaluation | None

    @property
    def total(self) -> Rollup:
        return self.by[By.AGENCY].total
