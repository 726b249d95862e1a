"""Thresholds of alerts and plans of days"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Json, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target_changes",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("targets", Json, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_target_changes_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_target_changes")),
    )
    op.create_table(
        "day_plans",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("expected > 0", name=op.f("ck_day_plans_expected")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_day_plans_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_day_plans")),
    )
    op.create_index(op.f("ix_day_plans_mall_id_day"), "day_plans", ["mall_id", "day"], unique=False)
