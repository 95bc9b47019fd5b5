"""What exports need to know: when a left group's was whole, and what was erased meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("departures", sa.Column("exported_ms", sa.BigInteger))
    op.create_table(
        "erasures",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("times", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("erasures")
    op.drop_column("departures", "exported_ms")
