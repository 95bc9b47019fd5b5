"""When the export of a group that was left was whole."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("departures", sa.Column("exported_ms", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("departures", "exported_ms")
