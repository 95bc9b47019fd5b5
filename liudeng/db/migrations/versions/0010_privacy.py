"""Consent, tombstones, greetings, departures; numbers of erased messages are not given out anew."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    recalled = sa.text("recalled_ms IS NOT NULL")
    op.create_index(
        "ix_messages_recalled_ms",
        "messages",
        ["recalled_ms"],
        sqlite_where=recalled,
        postgresql_where=recalled,
    )
    op.create_table(
        "last_erased",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_last_erased"),
    )
    op.create_table(
        "consents",
        sa.Column("seq", _ID, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("keeping", sa.String(16)),
        sa.Column("watching", sa.String(16)),
        sa.PrimaryKeyConstraint("seq", name="pk_consents"),
    )
    op.create_index("ix_consents_person", "consents", ["person"])
    op.create_table(
        "group_modes",
        sa.Column("seq", _ID, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_group_modes"),
    )
    op.create_table(
        "tombstones",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("erased_ms", sa.BigInteger, nullable=False),
        sa.Column("done_ms", sa.BigInteger),
        sa.Column("sealed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("person", name="pk_tombstones"),
    )
    op.create_table(
        "privacy_marks",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_privacy_marks"),
    )
    op.create_table(
        "wall_requests",
        sa.Column("group_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.String(128), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "message_id", name="pk_wall_requests"),
    )
    op.create_table(
        "greetings",
        sa.Column("group_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "person", name="pk_greetings"),
    )
    op.create_table(
        "departures",
        sa.Column("group_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("left_ms", sa.BigInteger, nullable=False),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("erase_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("group_id", name="pk_departures"),
    )
    op.create_index("ix_departures_erase_ms", "departures", ["erase_ms"])


def downgrade() -> None:
    op.drop_index("ix_messages_recalled_ms", "messages")
    for table in (
        "departures",
        "greetings",
        "wall_requests",
        "privacy_marks",
        "tombstones",
        "group_modes",
        "consents",
        "last_erased",
    ):
        op.drop_table(table)
