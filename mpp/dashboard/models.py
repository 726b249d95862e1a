"""What a manager has set: thresholds of alerts, and what is expected of a day. Nothing is overwritten.

Each change is a row of its own with who made it and when; the latest row holds.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from mpp.db.schema import Id, Json, Moment, metadata

target_changes = Table(
    "target_changes",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("targets", Json, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(200), nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)
"""`targets`: every threshold by its key, null where it is off. `changed_by`: the user name at that time."""

day_plans = Table(
    "day_plans",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("expected", Integer),
    Column("note", String(300), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(200), nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    CheckConstraint("expected > 0", name="expected"),
    Index(None, "mall_id", "day"),
)
"""`expected`: numbers that will be taken on that day; null: as usual again."""
