"""Exact facts of past days are no longer kept: reports are made from rollups"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM rollups WHERE \"by\" = 'facts'")


def downgrade() -> None:
    """The facts are made again from the events, by `mpp recompute`."""
