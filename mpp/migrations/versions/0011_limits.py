"""Limits on trying, shared by all processes, and the addresses that people have signed in from"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("paid_back_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limits")),
    )
    op.create_table(
        "known_addresses",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_known_addresses")),
    )


def downgrade() -> None:
    op.drop_table("known_addresses")
    op.drop_table("rate_limits")
