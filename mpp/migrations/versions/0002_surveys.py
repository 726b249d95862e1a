"""The satisfaction survey"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Json, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_imports",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("respondents", sa.Integer(), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_survey_imports_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_survey_imports")),
    )
    op.create_index(
        op.f("ix_survey_imports_mall_id_file_hash"),
        "survey_imports",
        ["mall_id", "file_hash"],
        unique=True,
    )
    op.create_table(
        "survey_salts",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_survey_salts_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "day", name=op.f("pk_survey_salts")),
    )
    op.create_table(
        "survey_reports",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("weights", sa.String(length=8), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("media", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"],
            ["agencies.mall_id", "agencies.id"],
            name=op.f("fk_survey_reports_mall_id_agency_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_survey_reports")),
    )
    op.create_index(
        op.f("ix_survey_reports_mall_id_first_day"),
        "survey_reports",
        ["mall_id", "first_day"],
        unique=False,
    )
    op.create_table(
        "survey_wordings",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("unsur", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"],
            ["agencies.mall_id", "agencies.id"],
            name=op.f("fk_survey_wordings_mall_id_agency_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "agency_id", "unsur", name=op.f("pk_survey_wordings")),
    )
    op.create_table(
        "follow_ups",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("unsur", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "done_on IS NULL OR evidence IS NOT NULL", name=op.f("ck_follow_ups_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "report_id"],
            ["survey_reports.mall_id", "survey_reports.id"],
            name=op.f("fk_follow_ups_mall_id_report_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_follow_ups")),
    )
    op.create_index(
        op.f("ix_follow_ups_mall_id_report_id"),
        "follow_ups",
        ["mall_id", "report_id"],
        unique=False,
    )
    op.create_table(
        "quick_scores",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 4", name=op.f("ck_quick_scores_score")),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_quick_scores_mall_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "token_hash", name=op.f("pk_quick_scores")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_quick_scores_mall_id_day_service_id"),
        "quick_scores",
        ["mall_id", "day", "service_id"],
        unique=False,
    )
    op.create_table(
        "survey_answers",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("u1", sa.SmallInteger(), nullable=True),
        sa.Column("u2", sa.SmallInteger(), nullable=True),
        sa.Column("u3", sa.SmallInteger(), nullable=True),
        sa.Column("u4", sa.SmallInteger(), nullable=True),
        sa.Column("u5", sa.SmallInteger(), nullable=True),
        sa.Column("u6", sa.SmallInteger(), nullable=True),
        sa.Column("u7", sa.SmallInteger(), nullable=True),
        sa.Column("u8", sa.SmallInteger(), nullable=True),
        sa.Column("u9", sa.SmallInteger(), nullable=True),
        sa.Column("gender", sa.String(length=12), nullable=True),
        sa.Column("age", sa.String(length=8), nullable=True),
        sa.Column("education", sa.String(length=8), nullable=True),
        sa.Column("occupation", sa.String(length=16), nullable=True),
        sa.Column("time_band", sa.String(length=12), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('phone', 'tablet', 'paper')", name=op.f("ck_survey_answers_channel")
        ),
        sa.CheckConstraint("u1 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u1")),
        sa.CheckConstraint("u2 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u2")),
        sa.CheckConstraint("u3 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u3")),
        sa.CheckConstraint("u4 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u4")),
        sa.CheckConstraint("u5 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u5")),
        sa.CheckConstraint("u6 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u6")),
        sa.CheckConstraint("u7 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u7")),
        sa.CheckConstraint("u8 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u8")),
        sa.CheckConstraint("u9 BETWEEN 1 AND 4", name=op.f("ck_survey_answers_u9")),
        sa.ForeignKeyConstraint(
            ["mall_id", "import_id"],
            ["survey_imports.mall_id", "survey_imports.id"],
            name=op.f("fk_survey_answers_mall_id_import_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_survey_answers_mall_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "token_hash", name=op.f("pk_survey_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_survey_answers_mall_id_day_service_id"),
        "survey_answers",
        ["mall_id", "day", "service_id"],
        unique=False,
    )
