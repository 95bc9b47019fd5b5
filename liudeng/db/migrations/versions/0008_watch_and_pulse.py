"""The watch over a group: who armed it, when it spoke; the group's pulse."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    stances = op.create_table(
        "watch_stances",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("armed", sa.Boolean, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_stances"),
    )
    op.create_index("ix_watch_stances_group_id", "watch_stances", ["group_id"])
    _arm_known_groups(stances)
    op.create_table(
        "watch_firings",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("case_id", sa.Integer),
        sa.Column("message_row", sa.BigInteger),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("held", sa.String(16), nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_watch_firings"),
    )
    op.create_index("ix_watch_firings_group_id_at_ms", "watch_firings", ["group_id", "at_ms"])
    op.create_index("ix_watch_firings_case_id", "watch_firings", ["case_id"])
    _create_pulse()


def _arm_known_groups(stances: sa.Table) -> None:
    """Groups that were watched before stay armed: an update must not silence them."""
    known = sa.table("groups", sa.column("group_id", sa.BigInteger))
    now = time.time_ns() // 1_000_000
    rows = sa.select(known.c.group_id, sa.true(), sa.literal("upgrade"), sa.literal(now))
    columns = ["group_id", "armed", "actor", "at_ms"]
    op.execute(stances.insert().from_select(columns, rows))


def _create_pulse() -> None:
    op.create_table(
        "pulse_counts",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("hour_ms", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("mood", sa.String(16), nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("voices", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "hour_ms", "mood", name="pk_pulse_counts"),
    )
    op.create_table(
        "pulse_floods",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("mood", sa.String(16), nullable=False),
        sa.Column("began_ms", sa.BigInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_pulse_floods"),
    )
    op.create_index("ix_pulse_floods_group_id_began_ms", "pulse_floods", ["group_id", "began_ms"])


def downgrade() -> None:
    for table in ("pulse_floods", "pulse_counts", "watch_firings", "watch_stances"):
        op.drop_table(table)
