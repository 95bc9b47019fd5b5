"""Pictures and files, and what is inside merged forwards."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mime", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("frames", sa.Integer),
        sa.Column("phash", sa.String(64)),
        sa.Column("stored_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_media"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("message_row", sa.BigInteger, nullable=False),
        sa.Column("forwarded_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("declared_size", sa.BigInteger, nullable=False),
        sa.Column("sub_type", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint(
            "message_row",
            "forwarded_id",
            "position",
            name="uq_attachments_message_row_forwarded_id_position",
        ),
    )
    op.create_index("ix_attachments_state_due_ms", "attachments", ["state", "due_ms"])
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])
    op.create_index("ix_attachments_file", "attachments", ["file"])
    op.create_table(
        "forwarded",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("container_row", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("depth", sa.SmallInteger, nullable=False),
        sa.Column("user_id", sa.String(128), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("segments", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forwarded"),
        sa.UniqueConstraint(
            "container_row", "position", name="uq_forwarded_container_row_position"
        ),
    )


def downgrade() -> None:
    for table in ("forwarded", "attachments", "media"):
        op.drop_table(table)
