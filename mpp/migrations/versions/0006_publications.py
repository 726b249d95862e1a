"""Yearly reports as they were published"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Json, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_publications",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("definitions", sa.String(length=8), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_year_publications_edition")),
        sa.ForeignKeyConstraint(
            ["mall_id"], ["malls.id"], name=op.f("fk_year_publications_mall_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_year_publications")),
        sa.UniqueConstraint(
            "mall_id", "year", "edition", name=op.f("uq_year_publications_mall_id_year_edition")
        ),
    )
    op.create_table(
        "year_withdrawals",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("publication_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "publication_id"],
            ["year_publications.mall_id", "year_publications.id"],
            name=op.f("fk_year_withdrawals_mall_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "publication_id", name=op.f("pk_year_withdrawals")),
    )
