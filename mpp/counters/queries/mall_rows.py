"""A mall with everything in it, put together from its rows."""

from collections.abc import Mapping
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
    found = tx.conn.execute(select(malls).where(malls.c.slug == slug)).first()
    if found is None:
        raise NotFound("Mal itu tidak ada.", field="mall")
    return Mall(
        id=found.id,
        slug=found.slug,
        name=found.name,
        time_zone=ZoneInfo(found.time_zone),
        revision=found.revision,
        notice=Text(found.notice, found.notice_en),
        priority_head_start=timedelta(seconds=found.priority_head_start_s),
        priority_in_a_row=found.priority_in_a_row,
        public_issue=found.public_issue,
        calendar=_calendar(tx, found.id, found.hours),
        zones=tuple(
            Zone(slug=row.slug, name=Text(row.name, row.name_en))
            for row in _of_mall(tx, zones, found.id)
        ),
        agencies=tuple(_agency(row) for row in _of_mall(tx, agencies, found.id) if row.is_active),
        services=tuple(_service(row) for row in _of_mall(tx, services, found.id) if row.is_active),
        counters=_counters(tx, found.id),
        is_synthetic=found.is_synthetic,
    )


def _of_mall(tx: Transaction, table: Any, mall_id: int) -> list[Row[Any]]:
    statement = select(table).where(table.c.mall_id == mall_id).order_by(table.c.position)
    return list(tx.conn.execute(statement))


def _calendar(tx: Transaction, mall_id: int, hours: Mapping[str, list[str]]) -> Calendar:
    other = tx.conn.execute(select(periods).where(periods.c.mall_id == mall_id))
    days = tx.conn.execute(select(special_days).where(special_days.c.mall_id == mall_id))
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


def _counters(tx: Transaction, mall_id: int) -> tuple[Counter, ...]:
    weights: dict[int, dict[int, int]] = {}
    statement = select(counter_services).where(counter_services.c.mall_id == mall_id)
    for row in tx.conn.execute(statement):
        weights.setdefault(row.counter_id, {})[row.service_id] = row.weight
    return tuple(
        Counter(id=row.id, label=row.label, zone=row.zone, weights=weights.get(row.id, {}))
        for row in _of_mall(tx, counters, mall_id)
        if row.is_active
    )
