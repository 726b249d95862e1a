"""The satisfaction survey. No column, key or order of rows leads from an answer to a visit.

A blind token is HMAC(server's secret + the day's salt, visit's secret). Salts are deleted a few days after
their day; from then on nobody, with the database and the secret in hand, can make a token again.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from mpp.counters.models import in_mall
from mpp.db.schema import Id, Json, Moment, metadata

U_COLUMNS = tuple(f"u{number}" for number in range(1, 10))

survey_salts = Table(
    "survey_salts",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("salt", String(43), nullable=False),
    PrimaryKeyConstraint("mall_id", "day"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("service_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("channel", String(8), nullable=False),
    *(Column(name, SmallInteger) for name in U_COLUMNS),
    Column("gender", String(12)),
    Column("age", String(8)),
    Column("education", String(8)),
    Column("occupation", String(16)),
    Column("time_band", String(12)),
    Column("import_id", Id),
    PrimaryKeyConstraint("mall_id", "token_hash"),
    in_mall("service_id", table="services"),
    in_mall("import_id", table="survey_imports"),
    *(CheckConstraint(f"{name} BETWEEN 1 AND 4", name=name) for name in U_COLUMNS),
    CheckConstraint("channel IN ('phone', 'tablet', 'paper')", name="channel"),
    Index(None, "mall_id", "day", "service_id"),
    # The key is a hash, so rows lie in no order in time.
    sqlite_with_rowid=False,
)

quick_scores = Table(
    "quick_scores",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("service_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("score", SmallInteger, nullable=False),
    PrimaryKeyConstraint("mall_id", "token_hash"),
    in_mall("service_id", table="services"),
    CheckConstraint("score BETWEEN 1 AND 4", name="score"),
    Index(None, "mall_id", "day", "service_id"),
    sqlite_with_rowid=False,
)
"""One tap on one of four faces, beside the survey and not part of the index."""

survey_imports = Table(
    "survey_imports",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("content_hash", String(64)),
    Column("respondents", Integer, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", String(200)),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(200)),
    PrimaryKeyConstraint("mall_id", "id"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
    *(
        Index(
            None,
            "mall_id",
            column,
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        )
        for column in ("file_hash", "content_hash")
    ),
)
"""Tables of paper surveys; the same file or the same answers twice are refused, unless the first was
withdrawn: then its answers are gone and this line stays. What is null was not recorded by earlier releases.
"""

survey_uploads = Table(
    "survey_uploads",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("outline", Json, nullable=False),
    Column("forms", LargeBinary, nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("uploaded_by", String(200), nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)
"""Tables that were read and wait for somebody to say yes, a day at most. `forms`: as MessagePack."""

survey_wordings = Table(
    "survey_wordings",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("agency_id", Id, nullable=False),
    Column("unsur", String(16), nullable=False),
    Column("text", String(300), nullable=False),
    Column("options", Json, nullable=False),
    PrimaryKeyConstraint("mall_id", "agency_id", "unsur"),
    in_mall("agency_id", table="agencies"),
)
"""An agency's own words for a question and its four options, in the order of the values 1, 2, 3, 4."""

survey_reports = Table(
    "survey_reports",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("agency_id", Id),
    Column("weights", String(8), nullable=False),
    Column("figures", Json, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("media", Json, nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("agency_id", table="agencies"),
    Index(None, "mall_id", "first_day"),
)
"""A published result, as it was when it was issued. `media`: where it was shown."""

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("report_id", Id, nullable=False),
    Column("unsur", String(16), nullable=False),
    Column("action", String(300), nullable=False),
    Column("person", String(100), nullable=False),
    Column("due", Date, nullable=False),
    Column("evidence", Text),
    Column("done_on", Date),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    in_mall("report_id", table="survey_reports"),
    CheckConstraint("done_on IS NULL OR evidence IS NOT NULL", name="evidence"),
    Index(None, "mall_id", "report_id"),
)
"""The plan to mend what a report found (Rencana Tindak Lanjut). `person`: who answers for it."""
