"""Tries counted in the database, so that all processes count together, and places that are known."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from mpp.counters.models import known_addresses, rate_limits
from mpp.counters.rules.limit import Limit
from mpp.db.schema import from_microseconds, to_microseconds
from mpp.db.seam import Transaction
from mpp.errors import TooManyRequests

KNOWN_FOR = timedelta(days=90)
SECOND = timedelta(seconds=1)


def take(tx: Transaction, wanted: Mapping[str, Limit], *, now: datetime) -> None:
    """Count one try against each of these keys, or against none: `UsedUp` when one of them is."""
    at = to_microseconds(now)
    for key, paid_back in tx.conn.execute(_PAID_BACK, {"keys": list(wanted)}):
        # Before anything is written: a refusal after that would undo what others write beside it.
        _must_be_left(key, wanted[key], max(paid_back, at) + _step(wanted[key]), now)
    for key in sorted(wanted):  # in one order, so that no two wait for each other
        _must_be_left(key, wanted[key], _take_one(tx, key, at, _step(wanted[key])), now)


def _must_be_left(key: str, limit: Limit, paid_back_us: int, now: datetime) -> None:
    wait = limit.wait(from_microseconds(paid_back_us), now)
    if wait > timedelta(0):
        raise UsedUp(key, wait)


def _step(limit: Limit) -> int:
    return limit.every // timedelta(microseconds=1)


_PAID_BACK = select(rate_limits.c.key, rate_limits.c.paid_back_us).where(
    rate_limits.c.key.in_(bindparam("keys", expanding=True))
)


class UsedUp(Exception):
    """A key has been tried too often. Raised within a transaction, so that nothing is counted."""

    def __init__(self, key: str, wait: timedelta) -> None:
        super().__init__(key)
        self.key = key
        self.wait = wait

    def refusal(self, detail: str) -> TooManyRequests:
        return TooManyRequests(detail, retry_after_s=-(-self.wait // SECOND))


def _take_one(tx: Transaction, key: str, at: int, step: int) -> int:
    r = rate_limits.c
    make = postgres_insert if tx.is_postgres else sqlite_insert
    statement = make(rate_limits).values(key=key, paid_back_us=at + step)
    counted = statement.on_conflict_do_update(
        index_elements=[r.key],
        set_={"paid_back_us": case((r.paid_back_us > at, r.paid_back_us), else_=at) + step},
    ).returning(r.paid_back_us)
    paid_back: int = tx.conn.execute(counted).scalar_one()
    return paid_back


def give_back(tx: Transaction, taken: Mapping[str, Limit], *, now: datetime) -> None:
    """A try was right: it does not count. What is paid back anyway is forgotten."""
    at = to_microseconds(now)
    for key in sorted(taken):
        tx.conn.execute(_GIVE_BACK, {"which": key, "step": _step(taken[key])})
    tx.conn.execute(rate_limits.delete().where(rate_limits.c.paid_back_us <= at))


_GIVE_BACK = (
    update(rate_limits)
    .where(rate_limits.c.key == bindparam("which"))
    .values(paid_back_us=rate_limits.c.paid_back_us - bindparam("step"))
)


def know_address(tx: Transaction, key: str, *, now: datetime) -> None:
    """Somebody has signed in from there; addresses that nobody came from for long are forgotten."""
    k = known_addresses.c
    tx.conn.execute(known_addresses.delete().where(k.until <= now))
    make = postgres_insert if tx.is_postgres else sqlite_insert
    statement = make(known_addresses).values(key=key, until=now + KNOWN_FOR)
    tx.conn.execute(
        statement.on_conflict_do_update(index_elements=[k.key], set_={"until": now + KNOWN_FOR})
    )


def try_to_write(tx: Transaction, *, now: datetime) -> None:
    """Write what changes nothing: whether a number could be taken now."""
    _take_one(tx, "ready", to_microseconds(now), 0)
