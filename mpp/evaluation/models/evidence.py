"""Files that prove the levels of an evaluation."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from mpp.counters.models import in_mall
from mpp.db.schema import Id, Moment, metadata

evidence_files = Table(
    "evidence_files",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("evaluation_id", Id, nullable=False),
    Column("indicator", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", Moment, nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "evaluation_id", "indicator", "sha256"),
    in_mall("evaluation_id", table="evaluations"),
    Index(None, "mall_id", "evaluation_id"),
)
"""In the database, so that a level and what proves it are kept, backed up and lost together.

`kind`: a key of `rules.ipp.attachment.KINDS`. `size` in bytes.
"""
