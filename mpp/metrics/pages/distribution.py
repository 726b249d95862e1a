"""How service and waiting times are spread, for the mall, an agency or a service: drawn and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.hours import NARROW
from mpp.metrics.rules.disclosure import is_small
from mpp.metrics.rules.distribution import (
    Distribution,
    DistributionChart,
    distribution,
    distribution_chart,
)
from mpp.metrics.rules.figures import By, Summary
from mpp.metrics.rules.histogram import Histogram
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.rollup import JUDGED, Rollup
from mpp.metrics.rules.scope import Scope
from mpp.metrics.rules.spans import Kind

WIDE = (620, 340)


@dataclass(frozen=True, kw_only=True)
class TimesView:
    """One kind of time. `found` None: fewer than five, of whom nothing is told."""

    kind: str
    n: int
    found: Distribution | None
    wide: DistributionChart | None
    narrow: DistributionChart | None
    summary: Summary
    within: float | None
    """The share that kept the promise, 0–1."""
    promised: Sequence[float]
    """What the services promise today, minutes: each once, from the shortest."""

    @property
    def is_hidden(self) -> bool:
        """So few that they are not shown."""
        return is_small(self.n)


@dataclass(frozen=True, kw_only=True)
class DistributionView:
    """`choices`: what may be chosen, as the form sends it, and its name."""

    among: str
    choices: Sequence[tuple[str, str]]
    times: Sequence[TimesView]


def distribution_view(
    mall: Mall, scope: Scope, told: Rollup, known: Names, locale: str
) -> DistributionView:
    """Service time first, then the wait."""
    kinds = sorted(JUDGED, key=lambda kind: kind is Kind.WAITING)
    return DistributionView(
        among=scope.value,
        choices=_choices(mall, locale),
        times=[times_view(kind, told, scope, known) for kind in kinds],
    )


def times_view(kind: Kind, told: Rollup, scope: Scope, known: Names) -> TimesView:
    """One kind of time, drawn for a wide and for a narrow screen."""
    times = told.times.get(kind, Histogram())
    promised = sorted(
        {seconds / 60 for each in scope.services if (seconds := known.promises[each].of(kind))}
    )
    # Only what everybody is promised alike can be drawn as one line.
    common = promised[0] * 60 if len(promised) == 1 else None
    found = distribution(times, common)
    summary = told.summary(kind) if found else Summary(0)
    marks = {"median": summary.median_s, "p90": summary.p90_s, "p95": summary.p95_s}
    drawn = {name: seconds for name, seconds in marks.items() if seconds is not None}
    drawn |= {} if common is None else {"promise": common}
    wide, narrow = (
        distribution_chart(found, drawn, width=width, height=height) if found else None
        for width, height in (WIDE, NARROW)
    )
    return TimesView(
        kind=kind,
        n=times.n,
        found=found,
        wide=wide,
        narrow=narrow,
        summary=summary,
        within=told.share_within(kind) if found else None,
        promised=promised,
    )


def _choices(mall: Mall, locale: str) -> list[tuple[str, str]]:
    """Each agency, and below it its services."""
    found = []
    for agency in mall.agencies:
        found.append((f"{By.AGENCY}:{agency.slug}", agency.name.in_(locale)))
        found += [
            (f"{By.SERVICE}:{each.slug}", f"{agency.short} · {each.name.in_(locale)}")
            for each in mall.services
            if each.agency_id == agency.id
        ]
    return found
