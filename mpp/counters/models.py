"""Tables of the reference data, the people, the devices and the shifts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from mpp.counters.rules.mall import ShiftState
from mpp.db.schema import Id, Json, Moment, Slug, metadata
from mpp.security import Role


def in_mall(*local: str, table: str) -> ForeignKeyConstraint:
    """A reference to a row of the same mall."""
    return ForeignKeyConstraint(["mall_id", *local], [f"{table}.mall_id", f"{table}.id"])


def one_of(column: str, values: type) -> CheckConstraint:
    """The column holds a member of the enum."""
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=column)


installation = Table(
    "installation",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("secret_fingerprint", String(64), nullable=False),
    CheckConstraint("number = 1", name="number"),
)
"""One row at most, about all malls together."""

malls = Table(
    "malls",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("slug", Slug, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("notice", String(500), nullable=False),
    Column("notice_en", String(500)),
    Column("priority_head_start_s", Integer, nullable=False),
    Column("priority_in_a_row", Integer, nullable=False),
    Column("public_issue", Boolean, nullable=False),
    Column("hours", Json, nullable=False),
    Column("is_synthetic", Boolean, nullable=False, server_default=text("false")),
)

periods = Table(
    "periods",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("hours", Json, nullable=False),
    PrimaryKeyConstraint("mall_id", "first_day"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    CheckConstraint("first_day <= last_day", name="order"),
)

special_days = Table(
    "special_days",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("name", String(200), nullable=False),
    Column("hours", Json, nullable=False),
    PrimaryKeyConstraint("mall_id", "day"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)

zones = Table(
    "zones",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("slug", Slug, nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_en", String(200)),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("mall_id", "slug"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)

agencies = Table(
    "agencies",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("slug", Slug, nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_en", String(200)),
    Column("short", String(40), nullable=False),
    Column("booth", String(80)),
    Column("zone", Slug),
    Column("position", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("paused_reason", String(200)),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "slug"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    ForeignKeyConstraint(["mall_id", "zone"], ["zones.mall_id", "zones.slug"]),
)

services = Table(
    "services",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("agency_id", Id, nullable=False),
    Column("slug", Slug, nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_en", String(200)),
    Column("prefix", String(4), nullable=False),
    Column("requirements", Json, nullable=False),
    Column("keywords", Json),
    Column("fee", Integer, nullable=False),
    Column("fee_note", String(300)),
    Column("fee_note_en", String(300)),
    Column("product", String(200)),
    Column("product_en", String(200)),
    Column("promised_service_s", Integer),
    Column("promised_wait_s", Integer),
    Column("target_share", Float, nullable=False),
    Column("daily_quota", Integer),
    Column("position", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("paused_reason", String(200)),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "slug"),
    in_mall("agency_id", table="agencies"),
    CheckConstraint("fee >= 0", name="fee"),
    CheckConstraint("target_share > 0 AND target_share <= 1", name="target_share"),
    CheckConstraint("daily_quota > 0", name="daily_quota"),
)

counters = Table(
    "counters",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("label", String(16), nullable=False),
    Column("zone", Slug),
    Column("position", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "label"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    ForeignKeyConstraint(["mall_id", "zone"], ["zones.mall_id", "zones.slug"]),
)

counter_services = Table(
    "counter_services",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("counter_id", Id, nullable=False),
    Column("service_id", Id, nullable=False),
    Column("weight", Integer, nullable=False),
    PrimaryKeyConstraint("mall_id", "counter_id", "service_id"),
    in_mall("counter_id", table="counters"),
    in_mall("service_id", table="services"),
    CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
    Index(None, "mall_id", "service_id"),
)

officers = Table(
    "officers",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("username", Slug, nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200)),
    Column("is_active", Boolean, nullable=False),
    Column("in_file", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "username"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    one_of("role", Role),
)

officer_counters = Table(
    "officer_counters",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("officer_id", Id, nullable=False),
    Column("counter_id", Id, nullable=False),
    PrimaryKeyConstraint("mall_id", "officer_id", "counter_id"),
    in_mall("officer_id", table="officers"),
    in_mall("counter_id", table="counters"),
)

devices = Table(
    "devices",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("role", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("counter_id", Id),
    Column("zone", Slug),
    Column("unrestricted", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "token_hash"),
    Index(None, "token_hash"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    in_mall("counter_id", table="counters"),
    one_of("role", Role),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("officer_id", Id),
    Column("device_id", Id),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    PrimaryKeyConstraint("mall_id", "token_hash"),
    Index(None, "token_hash"),
    in_mall("officer_id", table="officers"),
    in_mall("device_id", table="devices"),
    CheckConstraint("(officer_id IS NULL) <> (device_id IS NULL)", name="whose"),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("key", String(32), primary_key=True),  # of whom and of what, unreadable
    Column(
        "paid_back_us", BigInteger, nullable=False
    ),  # microseconds since 1970, so that SQL can add
)

known_addresses = Table(
    "known_addresses",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("until", Moment, nullable=False),
)

shifts = Table(
    "shifts",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("counter_id", Id, nullable=False),
    Column("officer_id", Id),
    Column("state", String(8), nullable=False),
    Column("reason", String(200)),
    Column("services", Json),
    Column("day", Date, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("counter_id", table="counters"),
    in_mall("officer_id", table="officers"),
    one_of("state", ShiftState),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    Index(
        "uq_shifts_one_open_per_counter",
        "mall_id",
        "counter_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(None, "mall_id", "day"),
)

shift_events = Table(
    "shift_events",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("shift_id", Id, nullable=False),
    Column("counter_id", Id, nullable=False),
    Column("officer_id", Id),
    Column("device_id", Id),
    Column("day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", String(8), nullable=False),
    Column("reason", String(200)),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("shift_id", table="shifts"),
    Index(None, "mall_id", "day"),
)
