"""Devices, people and their sign-ins."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from mpp.counters.models import devices, officer_counters, officers, sign_ins
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid, NotFound
from mpp.security import Role


def enrol_device(
    tx: Transaction,
    mall: Mall,
    *,
    role: Role,
    name: str,
    hashed: str,
    now: datetime,
    counter_id: int | None = None,
    zone: str | None = None,
    unrestricted: bool = False,
) -> int:
    """Make a device known by its token's hash; answers its id.

    A counter's device names its counter, a display may name a zone. `Invalid` when that does not fit.
    """
    if (role is Role.COUNTER) != (counter_id is not None):
        raise Invalid("Perangkat loket, dan hanya itu, menyebut loketnya.", field="counter")
    if counter_id is not None:
        mall.counter(counter_id)
    if zone is not None and not mall.has_zone(zone):
        raise Invalid("Zona itu tidak ada di mal ini.", field="zone")
    device_id = tx.new_id()
    tx.conn.execute(
        insert(devices).values(
            mall_id=mall.id,
            id=device_id,
            role=role,
            name=name,
            token_hash=hashed,
            counter_id=counter_id,
            zone=zone,
            unrestricted=unrestricted,
            created_at=now,
        )
    )
    return device_id


def revoke_device(tx: Transaction, mall_id: int, name: str, *, now: datetime) -> int:
    """Refuse this device from now on; answers how many had the name. `NotFound` when none."""
    done = tx.conn.execute(
        update(devices)
        .where(devices.c.mall_id == mall_id, devices.c.name == name, devices.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    if not done.rowcount:
        raise NotFound("Tidak ada perangkat aktif dengan nama itu.", field="name")
    return done.rowcount


def active_devices(tx: Transaction, mall_id: int) -> Sequence[Row[Any]]:
    """The mall's devices that are let in, in the order they were enrolled."""
    return tx.conn.execute(
        select(devices)
        .where(devices.c.mall_id == mall_id, devices.c.revoked_at.is_(None))
        .order_by(devices.c.id)
    ).all()


def set_password(tx: Transaction, mall_id: int, username: str, hashed: str) -> None:
    """Set an officer's password (its argon2id hash) and end all their sign-ins."""
    _change(tx, mall_id, username, password_hash=hashed)
    _end_sign_ins(tx, mall_id, officers.c.username == username)


def shut_out(tx: Transaction, mall_id: int, *which: ColumnElement[bool]) -> list[str]:
    """Let these officers in no more and end their sign-ins; answers the user names of those let in so far."""
    found = tx.conn.execute(
        select(officers.c.id, officers.c.username)
        .where(officers.c.mall_id == mall_id, officers.c.is_active, *which)
        .order_by(officers.c.username)
    ).all()
    theirs = officers.c.id.in_([each.id for each in found])
    tx.conn.execute(
        update(officers).where(officers.c.mall_id == mall_id, theirs).values(is_active=False)
    )
    _end_sign_ins(tx, mall_id, theirs)
    return [each.username for each in found]


def disable_officer(tx: Transaction, mall_id: int, username: str) -> None:
    """Let an officer in no more, neither with an open sign-in nor with a new one. `NotFound`."""
    if not shut_out(tx, mall_id, officers.c.username == username):
        raise NotFound("Petugas aktif itu tidak ada di mal ini.", field="username")


def enable_officer(tx: Transaction, mall_id: int, username: str) -> None:
    """Let an officer in again, with the password that holds. `NotFound` when nobody is called so."""
    _change(tx, mall_id, username, is_active=True)


def _change(tx: Transaction, mall_id: int, username: str, **values: object) -> None:
    """Set columns of one officer. `NotFound` when nobody is called so."""
    done = tx.conn.execute(
        update(officers)
        .where(officers.c.mall_id == mall_id, officers.c.username == username)
        .values(**values)
    )
    if not done.rowcount:
        raise NotFound("Petugas itu tidak ada di mal ini.", field="username")


def _end_sign_ins(tx: Transaction, mall_id: int, which: ColumnElement[bool]) -> None:
    """Of these officers of the mall."""
    theirs = select(officers.c.id).where(officers.c.mall_id == mall_id, which)
    tx.conn.execute(
        sign_ins.delete().where(sign_ins.c.mall_id == mall_id, sign_ins.c.officer_id.in_(theirs))
    )


def add_officer(
    tx: Transaction,
    mall: Mall,
    *,
    username: str,
    name: str,
    role: Role,
    hashed: str,
    counter_ids: Iterable[int] = (),
) -> int:
    """A new officer for these counters; answers the id. `Conflict` when the user name is taken."""
    taken = tx.conn.execute(
        select(officers.c.id).where(officers.c.mall_id == mall.id, officers.c.username == username)
    ).first()
    if taken is not None:
        raise Conflict(f"Nama pengguna {username} sudah dipakai.", field="username")
    officer_id = tx.new_id()
    tx.conn.execute(
        insert(officers).values(
            mall_id=mall.id,
            id=officer_id,
            username=username,
            name=name,
            role=role,
            password_hash=hashed,
            is_active=True,
            in_file=False,
        )
    )
    for counter_id in counter_ids:
        tx.conn.execute(
            insert(officer_counters).values(
                mall_id=mall.id, officer_id=officer_id, counter_id=counter_id
            )
        )
    return officer_id


def sign_in(
    tx: Transaction,
    mall_id: int,
    *,
    hashed: str,
    now: datetime,
    lasts: timedelta,
    officer_id: int | None = None,
    device_id: int | None = None,
) -> None:
    """Remember a sign-in by its token's hash; forgets those that have expired."""
    tx.conn.execute(
        sign_ins.delete().where(sign_ins.c.mall_id == mall_id, sign_ins.c.expires_at <= now)
    )
    tx.conn.execute(
        insert(sign_ins).values(
            mall_id=mall_id,
            token_hash=hashed,
            officer_id=officer_id,
            device_id=device_id,
            created_at=now,
            expires_at=now + lasts,
        )
    )


def sign_out(tx: Transaction, hashed: str) -> None:
    tx.conn.execute(sign_ins.delete().where(sign_ins.c.token_hash == hashed))
