"""PEKPPP evaluations"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Json, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("instrument", sa.String(length=32), nullable=False),
        sa.Column("variant", sa.String(length=1), nullable=False),
        sa.Column("without_users", sa.String(length=8), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_evaluations_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint(
            "mall_id", "year", "unit", name=op.f("uq_evaluations_mall_id_year_unit")
        ),
    )
    op.create_table(
        "evaluation_levels",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator", sa.Integer(), nullable=False),
        sa.Column("own_level", sa.SmallInteger(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("effort", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("effort BETWEEN 1 AND 5", name=op.f("ck_evaluation_levels_effort")),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_evaluation_levels_level")),
        sa.CheckConstraint(
            "own_level BETWEEN 0 AND 5", name=op.f("ck_evaluation_levels_own_level")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "evaluation_id"],
            ["evaluations.mall_id", "evaluations.id"],
            name=op.f("fk_evaluation_levels_mall_id_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "mall_id", "evaluation_id", "indicator", name=op.f("pk_evaluation_levels")
        ),
    )
    op.create_table(
        "evaluation_users",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "evaluation_id"],
            ["evaluations.mall_id", "evaluations.id"],
            name=op.f("fk_evaluation_users_mall_id_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_evaluation_users")),
    )
    op.create_index(
        op.f("ix_evaluation_users_mall_id_evaluation_id"),
        "evaluation_users",
        ["mall_id", "evaluation_id"],
        unique=False,
    )
    op.create_table(
        "recommendations",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("followed_up", sa.Text(), nullable=True),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mall_id", "evaluation_id"],
            ["evaluations.mall_id", "evaluations.id"],
            name=op.f("fk_recommendations_mall_id_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_recommendations")),
    )
    op.create_index(
        op.f("ix_recommendations_mall_id_evaluation_id"),
        "recommendations",
        ["mall_id", "evaluation_id"],
        unique=False,
    )
