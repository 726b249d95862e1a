"""A mall with everything in it, put together from its rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from mpp.counters.models import (
    agencies,
    counter_services,
    counters,
    malls,
    periods,
    services,
    special_days,
    zones,
)
from mpp.counters.rules.mall import (
    Agency,
    Calendar,
    Counter,
    Mall,
    Period,
    Service,
    SpecialDay,
    Text,
    Weekly,
    Zone,
    intervals,
)
from mpp.db.seam import Transaction
from mpp.errors import NotFound


def mall_revisions(tx: Transaction) -> dict[str, int]:
    """Slug → revision of every mall, in the order they were made."""
    rows = tx.conn.execute(select(malls.c.slug, malls.c.revision).order_by(malls.c.id))
    return {row.slug: row.revision for row in rows}


def mall(tx: Transaction, slug: str) -> Mall:
    """A mall with all that it offers; `NotFound` when there is none."""
    found = malls_named(tx, [slug])
    if not found:
        raise NotFound("Mal itu tidak ada.", field="mall")
    return found[0]


def malls_named(tx: Transaction, slugs: Collection[str]) -> list[Mall]:
    """Those of the malls that there are, in the order they were made: eight statements for all of them."""
    found = tx.conn.execute(select(malls).where(malls.c.slug.in_(slugs)).order_by(malls.c.id)).all()
    parts = _Parts(tx, [row.id for row in found])
    return [_mall(row, parts) for row in found]


class _Parts:
    """The rows of several malls' parts, by mall."""

    def __init__(self, tx: Transaction, mall_ids: Sequence[int]) -> None:
        self._tx = tx
        self._mall_ids = mall_ids
        self.periods = self._of(periods)
        self.days = self._of(special_days)
        self.zones = self._of(zones, "position")
        self.agencies = self._of(agencies, "position")
        self.services = self._of(services, "position")
        self.counters = self._of(counters, "position")
        self.weights = self._of(counter_services)

    def _of(self, table: Any, order: str | None = None) -> Mapping[int, list[Row[Any]]]:
        statement = select(table).where(table.c.mall_id.in_(self._mall_ids))
        if order is not None:
            statement = statement.order_by(table.c[order])
        rows: dict[int, list[Row[Any]]] = {each: [] for each in self._mall_ids}
        for row in self._tx.conn.execute(statement):
            rows[row.mall_id].append(row)
        return rows


def _mall(row: Row[Any], parts: _Parts) -> Mall:
    return Mall(
        id=row.id,
        slug=row.slug,
        name=row.name,
        time_zone=ZoneInfo(row.time_zone),
        revision=row.revision,
        notice=Text(row.notice, row.notice_en),
        priority_head_start=timedelta(seconds=row.priority_head_start_s),
        priority_in_a_row=row.priority_in_a_row,
        public_issue=row.public_issue,
        calendar=_calendar(row.hours, parts.periods[row.id], parts.days[row.id]),
        zones=tuple(
            Zone(slug=each.slug, name=Text(each.name, each.name_en)) for each in parts.zones[row.id]
        ),
        agencies=tuple(_agency(each) for each in parts.agencies[row.id] if each.is_active),
        services=tuple(_service(each) for each in parts.services[row.id] if each.is_active),
        counters=_counters(parts.counters[row.id], parts.weights[row.id]),
        is_synthetic=row.is_synthetic,
    )


def _calendar(
    hours: Mapping[str, list[str]], other: Iterable[Row[Any]], days: Iterable[Row[Any]]
) -> Calendar:
    return Calendar(
        weekly=weekly(hours),
        periods=tuple(
            Period(row.name, row.first_day, row.last_day, weekly(row.hours)) for row in other
        ),
        days={row.day: SpecialDay(row.name, intervals(row.hours)) for row in days},
    )


def weekly(hours: Mapping[str, list[str]]) -> Weekly:
    """Weekday name → intervals, from what is stored."""
    return {day: intervals(texts) for day, texts in hours.items()}


def _agency(row: Row[Any]) -> Agency:
    return Agency(
        id=row.id,
        slug=row.slug,
        name=Text(row.name, row.name_en),
        short=row.short,
        booth=row.booth,
        zone=row.zone,
        paused_reason=row.paused_reason,
    )


def _service(row: Row[Any]) -> Service:
    return Service(
        id=row.id,
        agency_id=row.agency_id,
        slug=row.slug,
        name=Text(row.name, row.name_en),
        prefix=row.prefix,
        keywords=tuple(row.keywords or ()),
        requirements=tuple(Text(each["id"], each.get("en")) for each in row.requirements),
        fee=row.fee,
        fee_note=Text(row.fee_note, row.fee_note_en) if row.fee_note else None,
        product=Text(row.product, row.product_en) if row.product else None,
        promised_service=_seconds(row.promised_service_s),
        promised_wait=_seconds(row.promised_wait_s),
        target_share=row.target_share,
        daily_quota=row.daily_quota,
        paused_reason=row.paused_reason,
    )


def _seconds(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(seconds=count)


def _counters(rows: Iterable[Row[Any]], serving: Iterable[Row[Any]]) -> tuple[Counter, ...]:
    weights: dict[int, dict[int, int]] = {}
    for row in serving:
        weights.setdefault(row.counter_id, {})[row.service_id] = row.weight
    return tuple(
        Counter(id=row.id, label=row.label, zone=row.zone, weights=weights.get(row.id, {}))
        for row in rows
        if row.is_active
    )
