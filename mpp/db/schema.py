"""What all tables share: names of constraints, and how moments, days and JSON are stored."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The aware UTC moment so many microseconds after 1970, exact."""
    return _EPOCH + timedelta(microseconds=count)


def sqlite_moment(value: datetime | None) -> int | None:
    """How SQLite stores a moment; `ValueError` for one without a time zone."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {value!r}")
    return to_microseconds(value)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment to the microsecond: timestamptz on PostgreSQL, an integer on SQLite.

    SQLite has no type for it; text would cost a parse a value and sort wrongly once a fraction is
    left out. A naive datetime is refused: it would be a bug that shows only in another time zone.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        stored = sqlite_moment(value)
        return value if dialect.name == "postgresql" else stored

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]  # asyncpg gives datetimes
        return from_microseconds(value)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Id = BigInteger
Slug = String(64)


def dumps(value: object) -> str:
    """JSON text as the database stores it."""
    return msgspec.json.encode(value).decode()


loads = msgspec.json.decode


EVENTS = "ticket_events"
"""Rows of it are never deleted."""


def highest_id(there: Collection[str]) -> str | None:
    """The statement that finds the highest id of these tables' rows; None before the first migration.

    `there`: names of tables that the database has; others than ours are left out. A look at the end of
    a primary key per table and mall, so a history of millions of rows costs a start nothing.
    """
    ids = [name for name, table in metadata.tables.items() if "id" in table.c and name in there]
    each = [
        f"SELECT (SELECT max(id) FROM {name} WHERE mall_id = malls.id) AS id FROM malls"  # noqa: S608 - our own names
        if "mall_id" in metadata.tables[name].c
        else f"SELECT max(id) AS id FROM {name}"  # noqa: S608 - see above
        for name in ids
    ]
    return f"SELECT max(id) FROM ({' UNION ALL '.join(each)}) AS ids" if each else None  # noqa: S608 - see above
