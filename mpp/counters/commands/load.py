"""Create or update a mall from its file. What the file no longer names is retired, never deleted."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Table, delete, insert, select, update

from mpp.counters.commands import people
from mpp.counters.commands.shifts import mall_topic, reference_topic
from mpp.counters.models import (
    agencies,
    counter_services,
    counters,
    malls,
    officer_counters,
    officers,
    periods,
    services,
    special_days,
    zones,
)
from mpp.counters.rules.file import MallFile, ServicePart
from mpp.db.seam import Transaction


class Loaded(NamedTuple):
    """A mall as its file says. `shut_out`: user names that the file named before and names no more."""

    mall_id: int
    shut_out: list[str]
    is_new: bool


def load_mall(tx: Transaction, file: MallFile) -> Loaded:
    """Make the database say what the file says. The file has been checked."""
    mall_id, is_new = _mall(tx, file)
    _replace_calendar(tx, mall_id, file)
    _zones(tx, mall_id, file)
    agency_ids = _agencies(tx, mall_id, file)
    service_ids = _services(tx, mall_id, file, agency_ids)
    counter_ids = _counters(tx, mall_id, file, service_ids)
    shut_out = _officers(tx, mall_id, file, counter_ids)
    tx.wake(reference_topic(mall_id), mall_topic(mall_id))
    return Loaded(mall_id, shut_out, is_new)


def _mall(tx: Transaction, file: MallFile) -> tuple[int, bool]:
    """The mall's id, and whether it is new."""
    part = file.mall
    values = {
        "name": part.name,
        "time_zone": part.time_zone,
        "notice": part.notice,
        "notice_en": part.notice_en,
        "priority_head_start_s": round(part.priority_head_start_minutes * 60),
        "priority_in_a_row": part.priority_in_a_row,
        "public_issue": part.public_issue,
        "hours": part.hours,
    }
    found = tx.conn.execute(
        select(malls.c.id, malls.c.revision).where(malls.c.slug == part.slug).with_for_update()
    ).first()
    if found is None:
        mall_id = tx.new_id()
        tx.conn.execute(insert(malls).values(id=mall_id, slug=part.slug, revision=1, **values))
        return mall_id, True
    tx.conn.execute(
        update(malls).where(malls.c.id == found.id).values(revision=found.revision + 1, **values)
    )
    return int(found.id), False


def _replace_calendar(tx: Transaction, mall_id: int, file: MallFile) -> None:
    for table in (periods, special_days):
        tx.conn.execute(delete(table).where(table.c.mall_id == mall_id))
    for period in file.period:
        tx.conn.execute(
            insert(periods).values(
                mall_id=mall_id,
                name=period.name,
                first_day=period.first,
                last_day=period.last,
                hours=period.hours,
            )
        )
    for day in file.holiday:
        tx.conn.execute(
            insert(special_days).values(
                mall_id=mall_id, day=day.date, name=day.name, hours=day.hours
            )
        )


def _zones(tx: Transaction, mall_id: int, file: MallFile) -> None:
    known = set(tx.conn.execute(select(zones.c.slug).where(zones.c.mall_id == mall_id)).scalars())
    for position, zone in enumerate(file.zone):
        values = {"name": zone.name, "name_en": zone.name_en, "position": position}
        if zone.slug in known:
            where = (zones.c.mall_id == mall_id, zones.c.slug == zone.slug)
            tx.conn.execute(update(zones).where(*where).values(**values))
        else:
            tx.conn.execute(insert(zones).values(mall_id=mall_id, slug=zone.slug, **values))


def _agencies(tx: Transaction, mall_id: int, file: MallFile) -> dict[str, int]:
    return _keep(
        tx,
        mall_id,
        agencies,
        "slug",
        (
            {
                "slug": each.slug,
                "name": each.name,
                "name_en": each.name_en,
                "short": each.short,
                "booth": each.booth,
                "zone": each.zone,
                "position": position,
                "paused_reason": each.paused,
                "is_active": True,
            }
            for position, each in enumerate(file.agency)
        ),
    )


def _services(
    tx: Transaction, mall_id: int, file: MallFile, agency_ids: Mapping[str, int]
) -> dict[str, int]:
    offered = [(agency.slug, each) for agency in file.agency for each in agency.service]
    return _keep(
        tx,
        mall_id,
        services,
        "slug",
        (
            {"agency_id": agency_ids[agency], "position": position, **_service(each)}
            for position, (agency, each) in enumerate(offered)
        ),
    )


def _service(part: ServicePart) -> dict[str, Any]:
    return {
        "slug": part.slug,
        "name": part.name,
        "name_en": part.name_en,
        "prefix": part.prefix,
        "requirements": [{"id": each.id, "en": each.en} for each in part.requirements],
        "keywords": part.keywords,
        "fee": part.fee,
        "fee_note": part.fee_note,
        "fee_note_en": part.fee_note_en,
        "product": part.product,
        "product_en": part.product_en,
        "promised_service_s": _seconds(part.promised_minutes),
        "promised_wait_s": _seconds(part.promised_wait_minutes),
        "target_share": part.target_share,
        "daily_quota": part.daily_quota,
        "paused_reason": part.paused,
        "is_active": True,
    }


def _seconds(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes * 60)


def _counters(
    tx: Transaction, mall_id: int, file: MallFile, service_ids: Mapping[str, int]
) -> dict[str, int]:
    ids = _keep(
        tx,
        mall_id,
        counters,
        "label",
        (
            {"label": each.label, "zone": each.zone, "position": position, "is_active": True}
            for position, each in enumerate(file.counter)
        ),
    )
    tx.conn.execute(delete(counter_services).where(counter_services.c.mall_id == mall_id))
    for counter in file.counter:
        for each in counter.services:
            tx.conn.execute(
                insert(counter_services).values(
                    mall_id=mall_id,
                    counter_id=ids[counter.label],
                    service_id=service_ids[each.service],
                    weight=each.weight,
                )
            )
    return ids


def _officers(
    tx: Transaction, mall_id: int, file: MallFile, counter_ids: Mapping[str, int]
) -> list[str]:
    """Officers in the file get what it says, those that only the command line added stay.

    Answers whom the file named before and names no more: they are let in no more, their sign-ins end.
    """
    shut_out = people.shut_out(
        tx,
        mall_id,
        officers.c.in_file,
        officers.c.username.not_in(o.username for o in file.officer),
    )
    ids = _keep(
        tx,
        mall_id,
        officers,
        "username",
        (
            {
                "username": each.username,
                "name": each.name,
                "role": each.role,
                "is_active": True,
                "in_file": True,
            }
            for each in file.officer
        ),
        retire=False,
    )
    for officer in file.officer:
        theirs = (
            officer_counters.c.mall_id == mall_id,
            officer_counters.c.officer_id == ids[officer.username],
        )
        tx.conn.execute(delete(officer_counters).where(*theirs))
        for label in officer.counters:
            tx.conn.execute(
                insert(officer_counters).values(
                    mall_id=mall_id,
                    officer_id=ids[officer.username],
                    counter_id=counter_ids[label],
                )
            )
    return shut_out


def _keep(
    tx: Transaction,
    mall_id: int,
    table: Table,
    key: str,
    wanted: Iterable[Mapping[str, Any]],
    *,
    retire: bool = True,
) -> dict[str, int]:
    """Insert or update rows by their key within the mall; retire the others. Key → id."""
    rows = tx.conn.execute(select(table.c.id, table.c[key]).where(table.c.mall_id == mall_id))
    known = {row[1]: row[0] for row in rows}
    if retire and known:
        tx.conn.execute(update(table).where(table.c.mall_id == mall_id).values(is_active=False))
    ids: dict[str, int] = {}
    for values in wanted:
        name = values[key]
        ids[name] = known.get(name) or tx.new_id()
        if name in known:
            where = (table.c.mall_id == mall_id, table.c.id == ids[name])
            tx.conn.execute(update(table).where(*where).values(**values))
        else:
            tx.conn.execute(insert(table).values(mall_id=mall_id, id=ids[name], **values))
    return ids
