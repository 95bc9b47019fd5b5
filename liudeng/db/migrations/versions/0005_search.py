"""The log index learns who said it and what it carries; the names people have spoken under."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speakers",
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("user_id", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "folded", "user_id", name="pk_speakers"),
    )
    _replace_index("body, facts")


def downgrade() -> None:
    _replace_index("body, grp")
    op.drop_table("speakers")


def _replace_index(columns: str) -> None:
    """Begin an empty index; without a version in `index_state` it is filled at the next start."""
    op.execute("DROP TABLE log_index")
    op.execute(
        f"CREATE VIRTUAL TABLE log_index USING fts5("
        f"{columns}, content='', tokenize='ascii', prefix='1')"
    )
    op.execute("DELETE FROM index_state")
