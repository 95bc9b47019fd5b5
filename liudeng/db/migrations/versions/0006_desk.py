"""The desk: verdicts, sealed contexts, timers, shifts, leads and drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("verdict", sa.String(16)))
    op.create_index("ix_cases_subject_id", "cases", ["subject_id"])
    op.create_table(
        "sealed_contexts",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("message_row", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("sealed_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_contexts"),
        sa.UniqueConstraint(
            "case_id", "message_row", name="uq_sealed_contexts_case_id_message_row"
        ),
    )
    op.create_table(
        "desk_timers",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("case_id", sa.Integer),
        sa.Column("person", sa.BigInteger),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("fired_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_desk_timers"),
        sa.UniqueConstraint("key", name="uq_desk_timers_key"),
    )
    op.create_index("ix_desk_timers_fired_ms_due_ms", "desk_timers", ["fired_ms", "due_ms"])
    _create_people()


def _create_people() -> None:
    op.create_table(
        "desk_people",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("away_until_ms", sa.BigInteger),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_to", sa.SmallInteger),
        sa.PrimaryKeyConstraint("user_id", name="pk_desk_people"),
    )
    op.create_table(
        "desk_shifts",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("days", sa.String(7), nullable=False),
        sa.Column("starts", sa.SmallInteger, nullable=False),
        sa.Column("ends", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_shifts"),
    )
    op.create_index("ix_desk_shifts_user_id", "desk_shifts", ["user_id"])
    op.create_table(
        "desk_leads",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_desk_leads"),
    )
    op.create_table(
        "desk_drafts",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_desk_drafts"),
    )


def downgrade() -> None:
    for table in (
        "desk_drafts",
        "desk_leads",
        "desk_shifts",
        "desk_people",
        "desk_timers",
        "sealed_contexts",
    ):
        op.drop_table(table)
    op.drop_index("ix_cases_subject_id", "cases")
    op.drop_column("cases", "verdict")
