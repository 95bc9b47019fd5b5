"""The entrance: what groups chose, requests to join, who is not let in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entrance_groups",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("min_level", sa.Integer, nullable=False),
        sa.Column("min_days", sa.Integer, nullable=False),
        sa.Column("otherwise", sa.String(8), nullable=False),
        sa.Column("wait_ms", sa.BigInteger, nullable=False),
        sa.Column("on_silence", sa.String(8), nullable=False),
        sa.Column("welcome", sa.Text, nullable=False),
        sa.Column("house_rules", sa.Text, nullable=False),
        sa.Column("changed_by", sa.BigInteger, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_entrance_groups"),
    )
    op.create_table(
        "entrance_requests",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("flag", sa.String(300), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("trouble", sa.Text),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("told_ms", sa.BigInteger),
        sa.Column("reminded_ms", sa.BigInteger),
        sa.Column("settled_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_entrance_requests"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entrance_requests_state_id", "entrance_requests", ["state", "id"])
    op.create_index(
        "ix_entrance_requests_group_id_created_ms", "entrance_requests", ["group_id", "created_ms"]
    )
    op.create_table(
        "entrance_blocks",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("added_by", sa.BigInteger, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "person", name="pk_entrance_blocks"),
    )


def downgrade() -> None:
    for table in ("entrance_blocks", "entrance_requests", "entrance_groups"):
        op.drop_table(table)
