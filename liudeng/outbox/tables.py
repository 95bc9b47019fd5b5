"""The outbox's table."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from liudeng.db.metadata import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("target", String(16), nullable=False),
    Column("target_id", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("case_id", Integer, index=True),
    Column("origin_ms", BigInteger),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("handed_ms", BigInteger),
    Column("done_ms", BigInteger),
    Column("sent_message_id", String(128)),
    Column("last_error", Text),
    Index(None, "state", "due_ms"),
)
"""What must be said in QQ. `key` makes saying it twice impossible; `state` is a `State`."""
