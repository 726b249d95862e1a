"""Files that prove the levels of an evaluation"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "evaluation_id"],
            ["evaluations.mall_id", "evaluations.id"],
            name=op.f("fk_evidence_files_mall_id_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint(
            "mall_id",
            "evaluation_id",
            "indicator",
            "sha256",
            name=op.f("uq_evidence_files_mall_id_evaluation_id_indicator_sha256"),
        ),
    )
    op.create_index(
        op.f("ix_evidence_files_mall_id_evaluation_id"),
        "evidence_files",
        ["mall_id", "evaluation_id"],
        unique=False,
    )
