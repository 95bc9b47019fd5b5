"""What is written in pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("engine", sa.String(32), nullable=False),
        sa.Column("read_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_readings"),
    )
    op.create_table(
        "seen_pictures",
        sa.Column("message_row", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("message_row", "sha256", name="pk_seen_pictures"),
    )
    op.add_column("messages", sa.Column("seen_text", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("messages", "seen_text")
    for table in ("seen_pictures", "readings"):
        op.drop_table(table)
