"""The log index keeps the postings of each group apart."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A token begins with its group's mark of eight characters; a single character is a prefix.
    _replace_index("9")


def downgrade() -> None:
    _replace_index("1")


def _replace_index(prefix: str) -> None:
    """Begin an empty index; without a version in `index_state` it is filled at the next start."""
    op.execute("DROP TABLE log_index")
    op.execute(
        "CREATE VIRTUAL TABLE log_index USING fts5("
        f"body, facts, content='', tokenize='ascii', prefix='{prefix}')"
    )
    op.execute("DELETE FROM index_state")
