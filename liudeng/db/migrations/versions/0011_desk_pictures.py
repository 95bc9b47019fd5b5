"""The desk: sealed pictures, and who can be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_pictures",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("message_row", sa.BigInteger, nullable=False),
        sa.Column("shown_in", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_pictures"),
        sa.UniqueConstraint(
            "case_id",
            "message_row",
            "sha256",
            name="uq_sealed_pictures_case_id_message_row_sha256",
        ),
    )
    op.create_table(
        "desk_reach",
        sa.Column("group_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("friend", sa.Boolean, nullable=False),
        sa.Column("checked_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_desk_reach"),
    )


def downgrade() -> None:
    op.drop_table("desk_reach")
    op.drop_table("sealed_pictures")
