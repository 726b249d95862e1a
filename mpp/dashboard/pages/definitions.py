"""What every figure means, for whoever reads one: what the page's template reads.

Whatever the rules decide by a number is told by that number, so the page cannot say another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mpp.dashboard.rules.targets import TARGETS, UNIT_WORDS, Target
from mpp.dashboard.rules.typical_day import FEWEST as FEWEST_DAYS
from mpp.dashboard.rules.typical_day import MOST_DAYS
from mpp.evaluation.rules.instrument import Instrument, Predicate
from mpp.metrics.pages.heat import SHADES
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.disclosure import FEWEST
from mpp.metrics.rules.funnel import ENOUGH
from mpp.metrics.rules.histogram import ERROR
from mpp.survey.rules.index import GRADES, Grade
from mpp.web.pages import Page

ANCHORS = (
    "counts",
    "waiting",
    "told",
    "service-time",
    "within",
    "left",
    "no-show",
    "kaplan-meier",
    "heat",
    "load",
    "utilisation",
    "funnel",
    "year",
    "plan",
    "targets",
    "unsur",
    "ikm",
    "ipp",
)
"""The headings of the page, in its order: other pages lead to them."""
SINCE = date(2026, 11, 22)
"""When these definitions were first used."""


@dataclass(frozen=True, kw_only=True)
class DefinitionsPage(Page):
    """`/overview/definitions`, for everybody."""

    template: ClassVar[str] = "dashboard/definitions.html"
    version: str
    since: date
    """The version of the definitions, and its first day."""
    error_percent: int
    """How far a report's quantile may be from the exact one."""
    fewest: int
    """Groups of fewer are not told apart."""
    shades: int
    enough: int
    """Units from which their scatter widens the limits of the comparison."""
    grades: Sequence[Grade]
    predicates: Sequence[Predicate]
    instrument: Instrument
    typical_days: int
    """So many days of the same weekday make what is typical; from `fewest_days` on with a range."""
    fewest_days: int
    targets: Sequence[tuple[Target, str]]
    """Every threshold that can be set, and its unit in words."""
    is_leader: bool
    """Whether the manager's menu stands above it."""


def definitions_page(instrument: Instrument, *, is_leader: bool) -> DefinitionsPage:
    """`instrument`: the one that evaluations of this year are made by."""
    return DefinitionsPage(
        version=LATEST,
        since=SINCE,
        error_percent=round(100 * ERROR),
        fewest=FEWEST,
        shades=SHADES,
        enough=ENOUGH,
        grades=GRADES,
        predicates=instrument.predicate,
        instrument=instrument,
        typical_days=MOST_DAYS,
        fewest_days=FEWEST_DAYS,
        targets=[(each, UNIT_WORDS[each.unit]) for each in TARGETS.values()],
        is_leader=is_leader,
    )
