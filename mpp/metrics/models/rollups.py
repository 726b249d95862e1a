"""Figures of past days, aggregated from the events and kept. No source of anything: all can be made again."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from mpp.db.schema import Id, metadata

folded_days = Table(
    "folded_days",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("definitions", String(8), nullable=False),
    Column("events", Integer, nullable=False),
    PrimaryKeyConstraint("mall_id", "day", "definitions"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)
"""Which days are rolled up, from how many events: a day with more events than that is rolled up again."""

rollups = Table(
    "rollups",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("definitions", String(8), nullable=False),
    Column("span", String(5), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("by", String(24), nullable=False),
    Column("key", String(64), nullable=False),
    Column("tally", LargeBinary, nullable=False),
    PrimaryKeyConstraint("mall_id", "definitions", "span", "by", "first_day", "key"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)
"""`span`: day or month, beginning at `first_day`. `by`: what `key` is one of. `tally`: counts and histograms,
mergeable by adding, as `metrics/rules/rollup.py` packs them. A day has one row more: the
`standards` that it was rolled up with. A month is kept as soon as it is over."""
