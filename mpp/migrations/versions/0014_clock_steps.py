"""Clocks that were set back are noted, and told to the operator"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_steps",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", Moment(), nullable=False),
        sa.Column("held_at", Moment(), nullable=False),
        sa.Column("host", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_clock_steps_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_clock_steps")),
    )


def downgrade() -> None:
    op.drop_table("clock_steps")
