"""How much of their time counters and officers served: the wire type."""

import msgspec

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.wire import headings, nameless, rounded
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.tables import Work
from mpp.metrics.rules.work import Attendance


class WorkRowOut(msgspec.Struct, kw_only=True):
    """Seconds, and shares of 0–1. `utilisation`: serving / open; null without time open."""

    key: str | None
    name: str
    open_s: float
    paused_s: float
    serving_s: float
    served: int
    """Services that ended here, parts of a service that went on elsewhere too."""
    utilisation: float | None
    served_per_hour: float | None
    """Of time open."""


class WorkOut(msgspec.Struct, kw_only=True, rename={"from_": "from"}):
    """A report over business days, `from` and `to` included."""

    mall: str
    is_synthetic: bool
    """The mall's past is made up: nothing to be reported."""
    from_: str
    to: str
    by: str
    rows: list[WorkRowOut]
    total: WorkRowOut


def work_out(mall: Mall, period: Period, work: Work, known: Names) -> WorkOut:
    """Everybody who was there or served, in the usual order."""
    rollup_table, present = work.did, work.there
    names = headings(rollup_table.by, known)
    order = {key: place for place, key in enumerate(names)}
    keys = {*rollup_table.rows, *present}
    rows = [
        _row(
            names.get(key, nameless(rollup_table.by)).key or None,
            names.get(key, nameless(rollup_table.by)).name,
            present.get(key, Attendance()),
            rollup_table.rows.get(key, Rollup()),
        )
        for key in sorted(keys, key=lambda key: (order.get(key, len(order)), str(key)))
    ]
    whole = Attendance(
        sum(each.open_s for each in present.values()),
        sum(each.paused_s for each in present.values()),
    )
    total = _row(None, "Jumlah", whole, rollup_table.total)
    return WorkOut(
        mall=mall.slug,
        is_synthetic=mall.is_synthetic,
        from_=period.first.isoformat(),
        to=period.last.isoformat(),
        by=rollup_table.by,
        rows=rows,
        total=total,
    )


def _row(key: str | None, name: str, there: Attendance, did: Rollup) -> WorkRowOut:
    served = did.times.get(Kind.SERVICE)
    serving_s = served.sum_us / 1_000_000 if served else 0.0
    count = served.n if served else 0
    is_open = there.open_s > 0
    return WorkRowOut(
        key=key,
        name=name,
        open_s=round(there.open_s, 3),
        paused_s=round(there.paused_s, 3),
        serving_s=round(serving_s, 3),
        served=count,
        utilisation=rounded(serving_s / there.open_s, 4) if is_open else None,
        served_per_hour=rounded(count / there.open_s * 3600, 2) if is_open else None,
    )
