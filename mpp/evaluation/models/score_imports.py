"""Tables of users' answers (F-03) that came in at once."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from mpp.counters.models import in_mall
from mpp.db.schema import Id, Json, Moment, metadata

score_imports = Table(
    "score_imports",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("evaluation_id", Id, nullable=False),
    Column("source", String(200), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("users", Integer, nullable=False),
    Column("notes", Json, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", String(200), nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(200)),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("evaluation_id", table="evaluations"),
    Index(
        None,
        "mall_id",
        "evaluation_id",
        "content_hash",
        unique=True,
        sqlite_where=text("withdrawn_at IS NULL"),
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
)
"""`source`: the file's name, or that it was pasted. `notes`: rows that were left out. The same answers twice
are refused unless the first table was withdrawn: then its answers are gone and this line stays."""
