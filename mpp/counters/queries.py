"""Every SQL statement that reads the reference data, the people and the shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, bindparam, literal_column, or_, select

from mpp.counters.models import (
    agencies,
    counter_services,
    counters,
    devices,
    malls,
    officer_counters,
    officers,
    periods,
    services,
    shifts,
    sign_ins,
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
    ShiftState,
    SpecialDay,
    Text,
    Weekly,
    Zone,
    intervals,
)
from mpp.db.hot import Hot
from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.security import Principal, Role


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


# -- people and devices --------------------------------------------------------------------------


def principal(tx: Transaction, hashed: str, now: datetime) -> Principal | None:
    """Who holds the token with this hash: a device, or a person or device that signed in."""
    device = tx.conn.execute(
        select(devices).where(devices.c.token_hash == hashed, devices.c.revoked_at.is_(None))
    ).first()
    if device is not None:
        return _device(device, hashed)
    found = tx.conn.execute(
        select(sign_ins).where(sign_ins.c.token_hash == hashed, sign_ins.c.expires_at > now)
    ).first()
    if found is None:
        return None
    if found.device_id is not None:
        return _signed_in_device(tx, found, hashed)
    return _signed_in_officer(tx, found, hashed)


def _device(row: Row[Any], hashed: str) -> Principal:
    return Principal(
        id=row.id,
        mall_id=row.mall_id,
        role=Role(row.role),
        name=row.name,
        counter_ids=frozenset({row.counter_id} if row.counter_id else ()),
        zone=row.zone,
        is_device=True,
        unrestricted=row.unrestricted,
        token_hash=hashed,
    )


def _signed_in_device(tx: Transaction, found: Row[Any], hashed: str) -> Principal | None:
    row = tx.conn.execute(
        select(devices).where(
            devices.c.mall_id == found.mall_id,
            devices.c.id == found.device_id,
            devices.c.revoked_at.is_(None),
        )
    ).first()
    return None if row is None else _device(row, hashed)


def _signed_in_officer(tx: Transaction, found: Row[Any], hashed: str) -> Principal | None:
    row = tx.conn.execute(
        select(officers).where(
            officers.c.mall_id == found.mall_id,
            officers.c.id == found.officer_id,
            officers.c.is_active,
        )
    ).first()
    if row is None:
        return None
    theirs = select(officer_counters.c.counter_id).where(
        officer_counters.c.mall_id == row.mall_id, officer_counters.c.officer_id == row.id
    )
    return Principal(
        id=row.id,
        mall_id=row.mall_id,
        role=Role(row.role),
        name=row.username,
        counter_ids=frozenset(tx.conn.execute(theirs).scalars()),
        token_hash=hashed,
    )


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    mall_id: int
    officer_id: int
    role: Role
    password_hash: str | None


def credentials(tx: Transaction, username: str, mall_slug: str | None) -> Credentials | None:
    """An active officer by user name; the mall may be left out when only one has that name."""
    statement = (
        select(officers.c.mall_id, officers.c.id, officers.c.role, officers.c.password_hash)
        .join(malls, malls.c.id == officers.c.mall_id)
        .where(officers.c.username == username, officers.c.is_active)
        .where(or_(malls.c.slug == mall_slug, mall_slug is None))  # type: ignore[arg-type]
    )
    rows = tx.conn.execute(statement).all()
    if len(rows) != 1:
        return None
    row = rows[0]
    return Credentials(row.mall_id, row.id, Role(row.role), row.password_hash)


# -- shifts --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """A counter's present shift."""

    id: int
    counter_id: int
    officer_id: int | None
    state: ShiftState
    reason: str | None
    opened_at: datetime
    services: frozenset[int] | None
    """Only these of the counter's services; None: all of them."""


def _shift(row: Sequence[Any]) -> Shift:
    shift_id, counter_id, officer_id, state, reason, opened_at, chosen = row
    return Shift(
        id=shift_id,
        counter_id=counter_id,
        officer_id=officer_id,
        state=ShiftState(state),
        reason=reason,
        opened_at=opened_at,
        services=None if chosen is None else frozenset(chosen),
    )


_SHIFT_COLUMNS = tuple(
    shifts.c[name]
    for name in ("id", "counter_id", "officer_id", "state", "reason", "opened_at", "services")
)
_SHIFT = select(*_SHIFT_COLUMNS).where(
    shifts.c.mall_id == bindparam("mall_id"),
    shifts.c.counter_id == bindparam("counter_id"),
    shifts.c.closed_at.is_(None),
)
_SHIFT_HOT, _SHIFT_LOCKED = Hot(_SHIFT), Hot(_SHIFT.with_for_update())


def shift_at(tx: Transaction, mall_id: int, counter_id: int, *, lock: bool = False) -> Shift | None:
    """The counter's shift that is not closed; None when the counter is closed."""
    statement = _SHIFT_LOCKED if lock and tx.is_postgres else _SHIFT_HOT
    row = statement.one(tx, {"mall_id": mall_id, "counter_id": counter_id})
    return None if row is None else _shift(row)


def present_shifts(tx: Transaction, mall_id: int) -> dict[int, Shift]:
    """Counter id → shift that is not closed."""
    statement = select(*_SHIFT_COLUMNS).where(
        shifts.c.mall_id == mall_id, shifts.c.closed_at.is_(None)
    )
    return {row.counter_id: _shift(row) for row in tx.conn.execute(statement)}


_OPEN = Hot(
    select(counter_services.c.service_id, shifts.c.services)
    .join(
        shifts,
        and_(
            shifts.c.mall_id == counter_services.c.mall_id,
            shifts.c.counter_id == counter_services.c.counter_id,
        ),
    )
    .where(
        shifts.c.mall_id == bindparam("mall_id"),
        shifts.c.closed_at.is_(None),
        shifts.c.state == literal_column("'open'"),
    )
)


def open_counters(tx: Transaction, mall_id: int) -> dict[int, int]:
    """Service id → how many open counters serve it now."""
    counts: dict[int, int] = {}
    for service_id, chosen in _OPEN.rows(tx, {"mall_id": mall_id}):
        if chosen is None or service_id in chosen:
            counts[service_id] = counts.get(service_id, 0) + 1
    return counts


_OPEN_FOR = Hot(
    select(shifts.c.services)
    .join(
        counter_services,
        and_(
            shifts.c.mall_id == counter_services.c.mall_id,
            shifts.c.counter_id == counter_services.c.counter_id,
        ),
    )
    .where(
        counter_services.c.mall_id == bindparam("mall_id"),
        counter_services.c.service_id == bindparam("service_id"),
        shifts.c.closed_at.is_(None),
        shifts.c.state == literal_column("'open'"),
    )
)


def open_counters_for(tx: Transaction, mall_id: int, service_id: int) -> int:
    """How many open counters serve this one service now."""
    rows = _OPEN_FOR.rows(tx, {"mall_id": mall_id, "service_id": service_id})
    return sum(chosen is None or service_id in chosen for (chosen,) in rows)
