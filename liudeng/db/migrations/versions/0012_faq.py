"""Questions and answers, what is asked of them, and the milestones of groups."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_entries()
    _create_asking()
    op.create_table(
        "milestones",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("author_id", sa.String(128), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_milestones"),
    )
    op.create_index("ix_milestones_group_id_day", "milestones", ["group_id", "day"])


def _create_entries() -> None:
    op.create_table(
        "faq_entries",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("origin_id", sa.BigInteger),
        sa.Column("merged_into", sa.BigInteger),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("pending", sa.Text),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_faq_entries"),
        sa.UniqueConstraint("group_id", "code", name="uq_faq_entries_group_id_code"),
    )
    op.create_index("ix_faq_entries_group_id_state", "faq_entries", ["group_id", "state"])
    op.create_table(
        "faq_versions",
        sa.Column("entry_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("editor_id", sa.String(128), nullable=False),
        sa.Column("editor", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "version", name="pk_faq_versions"),
    )


def _create_asking() -> None:
    op.create_table(
        "faq_gaps",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first_ms", sa.BigInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("entry_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_faq_gaps"),
    )
    op.create_index("ix_faq_gaps_group_id_closed", "faq_gaps", ["group_id", "closed"])
    op.create_table(
        "faq_votes",
        sa.Column("entry_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(128), nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "user_id", name="pk_faq_votes"),
    )
    op.create_table(
        "faq_uses",
        sa.Column("entry_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("unasked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "group_id", "day", name="pk_faq_uses"),
    )
    op.create_table(
        "faq_unasked",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("quiet_until_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "entry_id", name="pk_faq_unasked"),
    )
    op.create_table(
        "faq_groups",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("speaks_unasked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_faq_groups"),
    )


def downgrade() -> None:
    for table in (
        "milestones",
        "faq_groups",
        "faq_unasked",
        "faq_uses",
        "faq_votes",
        "faq_gaps",
        "faq_versions",
        "faq_entries",
    ):
        op.drop_table(table)
