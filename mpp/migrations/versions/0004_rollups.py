"""Figures of past days"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "folded_days",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("definitions", sa.String(length=8), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_folded_days_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "day", "definitions", name=op.f("pk_folded_days")),
    )
    op.create_table(
        "rollups",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("definitions", sa.String(length=8), nullable=False),
        sa.Column("span", sa.String(length=5), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tally", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_rollups_mall_id")),
        sa.PrimaryKeyConstraint(
            "mall_id", "definitions", "span", "by", "first_day", "key", name=op.f("pk_rollups")
        ),
    )
