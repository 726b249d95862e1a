"""Who holds a token, and what a sign-in is checked against."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select, union_all

from mpp.counters.models import (
    devices,
    known_addresses,
    malls,
    officer_counters,
    officers,
    sign_ins,
)
from mpp.db.seam import Transaction
from mpp.security import Principal, Role

AT_ONCE = 500  # tokens in a query

_DEVICE = select(devices).where(
    devices.c.token_hash == bindparam("hashed"), devices.c.revoked_at.is_(None)
)
_SIGN_IN = select(sign_ins).where(
    sign_ins.c.token_hash == bindparam("hashed"), sign_ins.c.expires_at > bindparam("now")
)


def principal(tx: Transaction, hashed: str, now: datetime) -> Principal | None:
    """Who holds the token with this hash: a device, or a person or device that signed in."""
    device = tx.conn.execute(_DEVICE, {"hashed": hashed}).first()
    if device is not None:
        return _device(device, hashed)
    found = tx.conn.execute(_SIGN_IN, {"hashed": hashed, "now": now}).first()
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


def alive(tx: Transaction, hashes: frozenset[str], now: datetime) -> frozenset[str]:
    """Which of these tokens are still let in, by one query for each some hundred of them."""
    found: set[str] = set()
    s, d, o = sign_ins.c, devices.c, officers.c
    asked = sorted(hashes)
    for n in range(0, len(asked), AT_ONCE):
        some = asked[n : n + AT_ONCE]
        held = s.token_hash.in_(some), s.expires_at > now
        let_in = (
            select(d.token_hash).where(d.token_hash.in_(some), d.revoked_at.is_(None)),
            select(s.token_hash)
            .join(devices, and_(d.mall_id == s.mall_id, d.id == s.device_id))
            .where(*held, d.revoked_at.is_(None)),
            select(s.token_hash)
            .join(officers, and_(o.mall_id == s.mall_id, o.id == s.officer_id))
            .where(*held, o.is_active),
        )
        found.update(tx.conn.execute(union_all(*let_in)).scalars())
    return frozenset(found)


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    mall_id: int
    officer_id: int
    role: Role
    password_hash: str | None


def credentials(tx: Transaction, username: str, mall_slug: str | None) -> Credentials | None:
    """An active officer by user name; the mall may be left out when only one has that name."""
    if not f"{username}{mall_slug or ''}".isprintable():
        return None  # nobody is called so, and PostgreSQL will not even look for a NUL
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


def is_known(tx: Transaction, address: str, now: datetime) -> bool:
    """Whether somebody has signed in from the address with this key lately."""
    k = known_addresses.c
    return tx.conn.execute(select(k.key).where(k.key == address, k.until > now)).first() is not None
