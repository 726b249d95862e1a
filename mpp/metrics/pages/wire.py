"""The wire types of reports."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.disclosure import pooled
from mpp.metrics.rules.figures import By, Ended, Summary
from mpp.metrics.rules.histogram import ERROR
from mpp.metrics.rules.names import Named, Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.tables import RollupTable
from mpp.queue.pages.labels import PRIORITIES
from mpp.queue.rules.life import Channel
from mpp.texts import marked


class SpansOut(msgspec.Struct, kw_only=True):
    """Durations in seconds over `n` spans; null when there is none. Quantiles are of type 7."""

    n: int
    median_s: float | None
    p90_s: float | None
    p95_s: float | None
    mean_s: float | None


class FiguresOut(msgspec.Struct, kw_only=True):
    """Counts of tickets, and what was measured. issued = served + left + no_show + expired + open."""

    issued: int
    served: int
    left: int
    no_show: int
    expired: int
    open: int
    waiting: SpansOut
    """Joined a queue → first call."""
    response: SpansOut
    """Call → start."""
    service: SpansOut
    """Start → end of the service, without the time parked."""
    total: SpansOut
    """Number taken → completed."""
    within_wait: float | None
    """The share (0–1) of waits within the service's promised wait; null where none is promised."""
    within_service: float | None


class RowOut(FiguresOut, kw_only=True):
    """One service, agency, counter, officer, hour and so on.

    `key` null: without counter or officer, or groups of visitors too small to be told apart.
    """

    key: str | None
    name: str


class MetricsOut(msgspec.Struct, kw_only=True, rename={"from_": "from"}):
    """A report over business days, `from` and `to` included. Days are the mall's local dates."""

    mall: str
    is_synthetic: bool
    """The mall's past is made up: nothing to be reported."""
    from_: str
    to: str
    by: str
    definitions: str
    quantile_error: float
    """At most so far may median, P90 and P95 be from the exact ones, relatively."""
    rows: list[RowOut]
    total: FiguresOut


def metrics_out(
    mall: str,
    period: Period,
    table: RollupTable,
    known: Names,
    *,
    is_synthetic: bool,
) -> MetricsOut:
    """The report as the API tells it."""
    return MetricsOut(
        mall=mall,
        is_synthetic=is_synthetic,
        from_=period.first.isoformat(),
        to=period.last.isoformat(),
        by=table.by,
        definitions=LATEST,
        quantile_error=ERROR,
        rows=rows_out(table, known),
        total=FiguresOut(**_figures(table.total)),
    )


def rows_out(table: RollupTable, known: Names) -> list[RowOut]:
    """A row for every heading that has any figure, in the usual order; what has no name comes last."""
    named = headings(table.by, known)
    order = {key: place for place, key in enumerate(named)}
    rows = sorted(_shown(table).items(), key=lambda item: order.get(item[0], len(order)))
    shown = []
    for key, tally in rows:
        own = named.get(key, nameless(table.by))
        shown.append(RowOut(key=own.key or None, name=own.name, **_figures(tally)))
    return shown


def nameless(by: By) -> Named:
    """Stands for what has no name."""
    return Named("", NAMELESS.get(by, "–"))


def _shown(table: RollupTable) -> Mapping[Any, Ended]:
    """Its rows; of visitors by what they said of themselves, small groups together."""
    return pooled(table.rows) if table.by is By.PRIORITY else table.rows


NAMELESS = {
    By.COUNTER: marked("Belum dipanggil ke loket"),
    By.OFFICER: marked("Tanpa nama petugas"),
    By.PRIORITY: marked("Kelompok kecil digabung"),
}
"""What a row is called whose tickets no counter, or no officer with a name, has had."""
WEEKDAYS = (
    marked("Senin"),
    marked("Selasa"),
    marked("Rabu"),
    marked("Kamis"),
    marked("Jumat"),
    marked("Sabtu"),
    marked("Minggu"),
)
CHANNELS = {
    Channel.KIOSK: marked("Kios"),
    Channel.STAFF: marked("Petugas"),
    Channel.WEB: "Web",
    Channel.REFERRAL: marked("Rujukan"),
}


def headings(by: By, known: Names) -> Mapping[Any, Named]:
    """The rows that a report may have, in their usual order."""
    hours = {hour: Named(f"{hour:02d}", f"{hour:02d}.00–{hour:02d}.59") for hour in range(24)}
    known_by: dict[By, Mapping[Any, Named]] = {
        By.SERVICE: known.services,
        By.AGENCY: known.agencies,
        By.COUNTER: known.counters,
        By.OFFICER: known.officers,
        By.HOUR: hours,
        By.WEEKDAY: {n: Named(str(n), name) for n, name in enumerate(WEEKDAYS, 1)},
        By.CHANNEL: {str(each): Named(each, name) for each, name in CHANNELS.items()},
        By.PRIORITY: {str(each): Named(each, name) for each, name in PRIORITIES.items()},
    }
    return known_by[by]


def _figures(tally: Ended) -> dict[str, Any]:
    return {
        "issued": tally.issued,
        "served": tally.served,
        "left": tally.left,
        "no_show": tally.no_show,
        "expired": tally.expired,
        "open": tally.open,
        **{str(kind): spans_out(tally.summary(kind)) for kind in Kind},
        "within_wait": rounded(tally.share_within(Kind.WAITING), 4),
        "within_service": rounded(tally.share_within(Kind.SERVICE), 4),
    }


def spans_out(found: Summary) -> SpansOut:
    return SpansOut(
        n=found.n,
        median_s=rounded(found.median_s),
        p90_s=rounded(found.p90_s),
        p95_s=rounded(found.p95_s),
        mean_s=rounded(found.mean_s),
    )


def rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)
