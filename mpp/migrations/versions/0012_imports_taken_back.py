"""Imports are recognised by what they say, shown before they are stored, and can be taken back"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Json, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STANDING = sa.text("withdrawn_at IS NULL")
"""Of a table that was taken back, the file and its answers may come again."""


def upgrade() -> None:
    op.add_column("survey_imports", sa.Column("content_hash", sa.String(length=64), nullable=True))
    op.add_column("survey_imports", sa.Column("first_day", sa.Date(), nullable=True))
    op.add_column("survey_imports", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("survey_imports", sa.Column("imported_by", sa.String(length=200), nullable=True))
    op.add_column("survey_imports", sa.Column("withdrawn_at", Moment(), nullable=True))
    op.add_column("survey_imports", sa.Column("withdrawn_by", sa.String(length=200), nullable=True))
    op.drop_index(op.f("ix_survey_imports_mall_id_file_hash"), table_name="survey_imports")
    for column in ("file_hash", "content_hash"):
        op.create_index(
            op.f(f"ix_survey_imports_mall_id_{column}"),
            "survey_imports",
            ["mall_id", column],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )
    op.create_table(
        "survey_uploads",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("outline", Json, nullable=False),
        sa.Column("forms", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", Moment(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_survey_uploads_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_survey_uploads")),
    )
    op.create_table(
        "score_imports",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("users", sa.Integer(), nullable=False),
        sa.Column("notes", Json, nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["mall_id", "evaluation_id"],
            ["evaluations.mall_id", "evaluations.id"],
            name=op.f("fk_score_imports_mall_id_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_score_imports")),
    )
    op.create_index(
        op.f("ix_score_imports_mall_id_evaluation_id_content_hash"),
        "score_imports",
        ["mall_id", "evaluation_id", "content_hash"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.add_column("evaluation_users", sa.Column("import_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("evaluation_users", "import_id")
    op.drop_table("score_imports")
    op.drop_table("survey_uploads")
    # A file that came again after it was taken back stands twice: only the last may stay.
    op.execute("DELETE FROM survey_imports WHERE withdrawn_at IS NOT NULL")
    op.drop_index(op.f("ix_survey_imports_mall_id_content_hash"), table_name="survey_imports")
    op.drop_index(op.f("ix_survey_imports_mall_id_file_hash"), table_name="survey_imports")
    op.create_index(
        op.f("ix_survey_imports_mall_id_file_hash"),
        "survey_imports",
        ["mall_id", "file_hash"],
        unique=True,
    )
    for column in (
        "withdrawn_by",
        "withdrawn_at",
        "imported_by",
        "last_day",
        "first_day",
        "content_hash",
    ):
        op.drop_column("survey_imports", column)
