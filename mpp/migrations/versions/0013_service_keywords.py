"""Services have keywords of the mall's own, for the kiosk's search"""

import sqlalchemy as sa
from alembic import op

from mpp.db.schema import Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("services", sa.Column("keywords", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("services", "keywords")
