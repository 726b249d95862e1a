"""Yearly reports as they were published. Rows are only ever added: what citizens read stays what it was."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from mpp.counters.models import in_mall
from mpp.db.schema import Id, Json, Moment, metadata

year_publications = Table(
    "year_publications",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("year", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("definitions", String(8), nullable=False),
    Column("figures", Json, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("issued_by", String(200), nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "year", "edition"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    CheckConstraint("edition > 0", name="edition"),
)
"""`edition`: 1, 2, 3 … of a year. `figures`: what was shown, by `definitions`. `issued_by`: whose sign-in."""

year_withdrawals = Table(
    "year_withdrawals",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("publication_id", Id, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("withdrawn_at", Moment, nullable=False),
    Column("withdrawn_by", String(200), nullable=False),
    PrimaryKeyConstraint("mall_id", "publication_id"),
    in_mall("publication_id", table="year_publications"),
)
"""Editions that no longer hold, and why. They stay in the history."""
