"""Moderation: choices, own rules, actions, the audit, notes, arrivals."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation_groups",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("memorial_until_ms", sa.BigInteger, nullable=False),
        sa.Column("whole_mute_allowed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_moderation_groups"),
    )
    op.create_table(
        "moderation_armings",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("changed_by", sa.BigInteger, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "name", name="pk_moderation_armings"),
    )
    op.create_table(
        "moderation_own_rules",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_own_rules"),
    )
    op.create_index(
        "uq_moderation_own_rules_group_id_name",
        "moderation_own_rules",
        ["group_id", "name"],
        unique=True,
    )
    op.create_table(
        "moderation_actions",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("actor", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("message_row", sa.BigInteger),
        sa.Column("message_id", sa.String(64)),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("done_ms", sa.BigInteger),
        sa.Column("trouble", sa.Text),
        sa.Column("undone_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_actions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_moderation_actions_state_id", "moderation_actions", ["state", "id"])
    op.create_index(
        "ix_moderation_actions_group_id_user_id",
        "moderation_actions",
        ["group_id", "user_id", "created_ms"],
    )
    op.create_table(
        "moderation_audit",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.BigInteger, nullable=False),
        sa.Column("event", sa.String(24), nullable=False),
        sa.Column("subject", sa.BigInteger, nullable=False),
        sa.Column("action_id", sa.Integer, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_moderation_audit"),
    )
    op.create_index("ix_moderation_audit_group_id_seq", "moderation_audit", ["group_id", "seq"])
    op.create_table(
        "moderation_people",
        sa.Column("alias", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("alias", name="pk_moderation_people"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_moderation_people_user_id", "moderation_people", ["user_id"], unique=True)
    op.create_table(
        "moderation_notes",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("author", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_notes"),
    )
    op.create_index(
        "ix_moderation_notes_group_id_user_id", "moderation_notes", ["group_id", "user_id"]
    )
    op.create_table(
        "moderation_arrivals",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("joined_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_moderation_arrivals"),
    )
    op.create_index("ix_moderation_arrivals_joined_ms", "moderation_arrivals", ["joined_ms"])


def downgrade() -> None:
    for table in (
        "moderation_arrivals",
        "moderation_notes",
        "moderation_people",
        "moderation_audit",
        "moderation_actions",
        "moderation_own_rules",
        "moderation_armings",
        "moderation_groups",
    ):
        op.drop_table(table)
