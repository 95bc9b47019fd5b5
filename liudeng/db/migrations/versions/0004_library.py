"""Farewells, anniversaries, and what the library's index follows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "farewells",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.String(128), nullable=False),
        sa.Column("author_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("companion", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message_row", sa.BigInteger),
        sa.Column("proposed_by", sa.String(128)),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_farewells"),
        sa.UniqueConstraint("message_row", name="uq_farewells_message_row"),
    )
    op.create_index("ix_farewells_group_id_state_id", "farewells", ["group_id", "state", "id"])
    op.create_index("ix_farewells_author_id", "farewells", ["author_id"])
    op.create_table(
        "farewell_pictures",
        sa.Column("farewell_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("farewell_id", "position", name="pk_farewell_pictures"),
    )
    op.create_index("ix_farewell_pictures_sha256", "farewell_pictures", ["sha256"])
    op.create_table(
        "farewell_tags",
        sa.Column("farewell_id", sa.BigInteger, nullable=False),
        sa.Column("tag", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("farewell_id", "tag", name="pk_farewell_tags"),
    )
    op.create_table(
        "library_changes",
        sa.Column("seq", _ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entry_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_library_changes"),
    )
    op.create_table(
        "anniversaries",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("owner_id", sa.String(128), nullable=False),
        sa.Column("month", sa.SmallInteger, nullable=False),
        sa.Column("day", sa.SmallInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reminded_year", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_anniversaries"),
        sa.UniqueConstraint(
            "owner_id", "month", "day", "title", name="uq_anniversaries_owner_id_month_day_title"
        ),
    )
    op.create_index("ix_anniversaries_owner_id", "anniversaries", ["owner_id"])
    op.create_table(
        "remembrances",
        sa.Column("user_id", sa.String(128), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("reminded_on", sa.Date),
        sa.PrimaryKeyConstraint("user_id", name="pk_remembrances"),
    )


def downgrade() -> None:
    for table in (
        "remembrances",
        "anniversaries",
        "library_changes",
        "farewell_tags",
        "farewell_pictures",
        "farewells",
    ):
        op.drop_table(table)
