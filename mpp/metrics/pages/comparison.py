"""A period beside the one before, waits with those who gave up, and who lies beyond chance: wire types."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.wire import SpansOut, headings, nameless, rounded, spans_out
from mpp.metrics.rules.comparison import Comparison
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.funnel import Funnel, Limits, Place
from mpp.metrics.rules.histogram import ERROR, Histogram
from mpp.metrics.rules.names import Named, Names
from mpp.metrics.rules.recorded import Recorded, are_comparable
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.survival import Curve, kaplan_meier

SHARES = tuple(n / 20 for n in range(1, 20))
"""Where curves of waits are told: 5 % … 95 %."""


class PointOut(msgspec.Struct, kw_only=True):
    """So large a share (0–1) was called within so many seconds; null: too few were called to tell."""

    share: float
    called_s: float | None
    with_gave_up_s: float | None


class WaitsOut(msgspec.Struct, kw_only=True):
    """Waits until the first call, twice.

    `called`: of those who were called, nobody else. `with_gave_up`: of everybody (Kaplan–Meier), where who
    gave up has waited so long at least; a quantile is null where too many gave up to tell.
    """

    called: SpansOut
    gave_up: int
    """Waits that ended without a call, and of today those that go on."""
    with_gave_up: SpansOut
    """Its mean is null: where the longest waits were given up, nobody knows it."""
    curve: list[PointOut]


class PeriodOut(msgspec.Struct, kw_only=True, rename={"from_": "from"}):
    """Everything about a period. Shares are of what was issued, 0–1; null without any.

    Counts are null where nothing was recorded: before the mall's first day here. `days`: with any figures.
    """

    from_: str
    to: str
    days: int
    issued: int | None
    served: int | None
    left: int | None
    no_show: int | None
    expired: int | None
    open: int | None
    recalls: int | None
    transfers: int | None
    abandonment: float | None
    """Left before being served: cancelled, by the visitor or by staff."""
    no_show_share: float | None
    waits: WaitsOut
    response: SpansOut
    service: SpansOut
    total: SpansOut
    within_wait: float | None
    within_service: float | None


class LimitsOut(msgspec.Struct, kw_only=True):
    low: float
    high: float


class UnitOut(msgspec.Struct, kw_only=True):
    """One counter, officer or agency.

    `expected`: the share that the mall keeps of the same services. `adjusted`: the mall's share, plus by
    how much this one's is above that. `verdict`: usual (within the 95 % limits), notable (one in twenty
    lies there by chance), far (beyond the 99.8 % limits), alone (nobody else gives these services), small
    (fewer than 5, or hidden with those: not shown).
    """

    key: str | None
    name: str
    judged: int | None
    """Spans that were promised something; null where they are too few to be shown."""
    share: float | None
    expected: float | None
    adjusted: float | None
    limits_95: LimitsOut | None
    limits_998: LimitsOut | None
    verdict: str


class FunnelOut(msgspec.Struct, kw_only=True):
    """`of`: waiting or service, whose promise is kept. `dispersion`: how far units scatter beyond chance."""

    by: str
    of: str
    share: float | None
    dispersion: float
    units: list[UnitOut]


class ComparisonOut(msgspec.Struct, kw_only=True):
    """A period, the one before, and who lies beyond chance in it."""

    mall: str
    is_synthetic: bool
    """The mall's past is made up: nothing to be reported."""
    definitions: str
    quantile_error: float
    recorded_since: str | None
    """The mall's first day with any figures."""
    is_comparable: bool
    """False where either period was recorded in part or not at all: differences mislead."""
    period: PeriodOut
    previous: PeriodOut
    funnel: FunnelOut


def comparison_out(mall: Mall, found: Comparison) -> ComparisonOut:
    """As the API tells it."""
    asked, since = found.asked, found.recorded.since
    return ComparisonOut(
        mall=mall.slug,
        is_synthetic=mall.is_synthetic,
        definitions=LATEST,
        quantile_error=ERROR,
        recorded_since=None if since is None else since.isoformat(),
        is_comparable=are_comparable(found.recorded, found.recorded_before),
        period=period_out(found.recorded, found.whole),
        previous=period_out(found.recorded_before, found.earlier),
        funnel=funnel_out(found.funnel, asked.by, asked.of, found.names),
    )


def period_out(recorded: Recorded, whole: Rollup) -> PeriodOut:
    """A period's whole, as the API tells it."""
    period = recorded.period
    counts = ("issued", "served", "left", "no_show", "expired", "open", "recalls", "transfers")
    return PeriodOut(
        from_=period.first.isoformat(),
        to=period.last.isoformat(),
        days=recorded.days,
        **{name: getattr(whole, name) if recorded.is_known else None for name in counts},
        abandonment=rounded(whole.left / whole.issued if whole.issued else None, 4),
        no_show_share=rounded(whole.no_show / whole.issued if whole.issued else None, 4),
        waits=waits_out(whole),
        response=spans_out(whole.summary(Kind.RESPONSE)),
        service=spans_out(whole.summary(Kind.SERVICE)),
        total=spans_out(whole.summary(Kind.TOTAL)),
        within_wait=rounded(whole.share_within(Kind.WAITING), 4),
        within_service=rounded(whole.share_within(Kind.SERVICE), 4),
    )


def waits_out(whole: Rollup) -> WaitsOut:
    waited = whole.times.get(Kind.WAITING, Histogram())
    curve = kaplan_meier(waited, whole.uncalled)
    plain: Sequence[float | None] = waited.quantiles(SHARES) or [None] * len(SHARES)
    return WaitsOut(
        called=spans_out(whole.summary(Kind.WAITING)),
        gave_up=curve.gave_up,
        with_gave_up=_everybody(curve),
        curve=[
            PointOut(
                share=share, called_s=rounded(seen), with_gave_up_s=rounded(curve.quantile(share))
            )
            for share, seen in zip(SHARES, plain, strict=True)
        ],
    )


def _everybody(curve: Curve) -> SpansOut:
    median, p90, p95 = (rounded(curve.quantile(share)) for share in (0.5, 0.9, 0.95))
    n = curve.called + curve.gave_up
    return SpansOut(n=n, median_s=median, p90_s=p90, p95_s=p95, mean_s=None)


def funnel_out(found: Funnel, by: By, of: Kind, known: Names) -> FunnelOut:
    """In the usual order of the mall, not by rank: most differences are noise."""
    named = headings(by, known)
    order = {key: place for place, key in enumerate(named)}
    places = sorted(found.places, key=lambda place: order.get(place.unit, len(order)))
    return FunnelOut(
        by=by,
        of=of,
        share=rounded(found.share, 4),
        dispersion=round(found.dispersion, 3),
        units=[_unit(place, named, by) for place in places],
    )


def _unit(place: Place, named: Mapping[Any, Named], by: By) -> UnitOut:
    own = named.get(place.unit, nameless(by))
    return UnitOut(
        key=own.key or None,
        name=own.name,
        judged=None if place.share is None else place.judged,
        share=rounded(place.share, 4),
        expected=rounded(place.expected, 4),
        adjusted=rounded(place.adjusted, 4),
        limits_95=_limits(place.inner),
        limits_998=_limits(place.outer),
        verdict=place.verdict,
    )


def _limits(limits: Limits | None) -> LimitsOut | None:
    """As shares: the arithmetic may go a little beyond them."""
    if limits is None:
        return None
    low, high = (round(min(1.0, max(0.0, each)), 4) for each in (limits.low, limits.high))
    return LimitsOut(low=low, high=high)
