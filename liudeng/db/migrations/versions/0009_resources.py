"""The ledger of links: resources, votes, probes, sightings, short links, announcements."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "resources",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("region", sa.String(32), nullable=False),
        sa.Column("needs_login", sa.Boolean, nullable=False),
        sa.Column("owner_id", sa.String(128), nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("verified_on", sa.Date),
        sa.Column("expires", sa.Date),
        sa.Column("deadline", sa.Date),
        sa.Column("seed_id", sa.String(64), nullable=False),
        sa.Column("forked_from", sa.BigInteger),
        sa.Column("useful", sa.Integer, nullable=False),
        sa.Column("broken", sa.Integer, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
        sa.UniqueConstraint("group_id", "key", name="uq_resources_group_id_key"),
    )
    ordering = ["state", "group_id", "category", "broken", "useful", "verified_on", "expires"]
    op.create_index("ix_resources_order", "resources", [*ordering, "deadline"])
    op.create_index("ix_resources_group_id_forked_from", "resources", ["group_id", "forked_from"])
    op.create_index("ix_resources_host", "resources", ["host"])
    op.create_table(
        "resource_votes",
        sa.Column("resource_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.String(128), nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("voted_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("resource_id", "user_id", name="pk_resource_votes"),
    )
    op.create_table(
        "resource_probes",
        sa.Column("resource_id", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("probed_ms", sa.BigInteger, nullable=False),
        sa.Column("good_ms", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("page_title", sa.Text, nullable=False),
        sa.Column("landed_on", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("resource_id", name="pk_resource_probes"),
    )
    op.create_index("ix_resource_probes_due_ms", "resource_probes", ["due_ms"])
    op.create_table(
        "link_sightings",
        sa.Column("message_row", sa.BigInteger, nullable=False),
        sa.Column("resource_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("message_row", "resource_id", name="pk_link_sightings"),
    )
    op.create_index("ix_link_sightings_resource_id", "link_sightings", ["resource_id"])
    op.create_table(
        "short_links",
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("key", name="pk_short_links"),
    )
    op.create_index("ix_short_links_due_ms", "short_links", ["due_ms"])
    op.create_table(
        "link_warnings",
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("warned_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "host", name="pk_link_warnings"),
    )
    op.create_table(
        "announcements",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.String(128), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("resource_id", sa.BigInteger),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("ends_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_group_id_ends_ms", "announcements", ["group_id", "ends_ms"])


def downgrade() -> None:
    for table in (
        "announcements",
        "link_warnings",
        "short_links",
        "link_sightings",
        "resource_probes",
        "resource_votes",
        "resources",
    ):
        op.drop_table(table)
