"""PEKPPP evaluations: one a unit and year, scored by the unit itself, the evaluator and the users."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from mpp.counters.models import in_mall
from mpp.db.schema import Id, Json, Moment, metadata

evaluations = Table(
    "evaluations",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit", String(120), nullable=False),
    Column("instrument", String(32), nullable=False),
    Column("variant", String(1), nullable=False),
    Column("without_users", String(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "year", "unit"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)
"""`unit`: the unit evaluated (unit lokus evaluasi), the mall itself or an agency in it, in its own words."""

evaluation_levels = Table(
    "evaluation_levels",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("evaluation_id", Id, nullable=False),
    Column("indicator", Integer, nullable=False),
    Column("own_level", SmallInteger),
    Column("level", SmallInteger),
    Column("evidence", Text),
    Column("note", Text),
    Column("effort", SmallInteger),
    PrimaryKeyConstraint("mall_id", "evaluation_id", "indicator"),
    in_mall("evaluation_id", table="evaluations"),
    CheckConstraint("own_level BETWEEN 0 AND 5", name="own_level"),
    CheckConstraint("level BETWEEN 0 AND 5", name="level"),
    CheckConstraint("effort BETWEEN 1 AND 5", name="effort"),
)
"""`own_level` and `evidence`: the unit's (F-01). `level` and `note`: the evaluator's (F-02)."""

evaluation_users = Table(
    "evaluation_users",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("evaluation_id", Id, nullable=False),
    Column("answers", Json, nullable=False),
    Column("import_id", Id),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("evaluation_id", table="evaluations"),
    Index(None, "mall_id", "evaluation_id"),
)
"""One user's answers to F-03, in the order of the questions; null where not answered. `import_id`: the table
(`score_imports`) that they came in; null when they were entered alone."""

recommendations = Table(
    "recommendations",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("evaluation_id", Id, nullable=False),
    Column("indicator", Integer),
    Column("text", String(500), nullable=False),
    Column("followed_up", Text),
    Column("followed_up_on", Date),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("evaluation_id", table="evaluations"),
    Index(None, "mall_id", "evaluation_id"),
)
"""What the evaluator advised, and what came of it."""
