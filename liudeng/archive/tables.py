"""The log's tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from liudeng.db.metadata import metadata

messages = Table(
    "messages",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("self_id", BigInteger, nullable=False),
    Column("group_id", BigInteger, nullable=False),
    Column("message_id", String(128), nullable=False),
    Column("platform_seq", BigInteger, nullable=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("user_id", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("segments", Text, nullable=False),
    Column("reply_to", String(128)),
    Column("source", SmallInteger, nullable=False),
    Column("addressed", Boolean, nullable=False),
    Column("recalled_ms", BigInteger),
    Column("recalled_by", String(128)),
    Column("seen_text", Text, nullable=False, server_default=""),
    UniqueConstraint("group_id", "message_id", "time_ms", "self_id", "platform_seq"),
    Index(None, "group_id", "id"),
    Index(
        "ix_messages_recalled_ms",
        "recalled_ms",
        sqlite_where=text("recalled_ms IS NOT NULL"),
        postgresql_where=text("recalled_ms IS NOT NULL"),
    ),
)
"""Every message of every archived group. `id` = time in ms << 20 | tie-breaker.

`seen_text` is what was read in the message's pictures and merged forwards; search finds the
message by it too.
"""

recalls = Table(
    "recalls",
    metadata,
    Column("group_id", BigInteger, primary_key=True),
    Column("message_id", String(128), primary_key=True),
    Column("time_ms", BigInteger, primary_key=True),
    Column("operator_id", String(128), nullable=False),
)
"""Recalls whose message had not come yet: it may still come, through a backfill."""

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("reader", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
)
"""How far each reader of the log has come."""

groups = Table(
    "groups",
    metadata,
    Column("group_id", BigInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("first_seen_ms", BigInteger, nullable=False),
)
"""Groups the bot has met; their history from before that is never alerted about."""

last_erased = Table(
    "last_erased",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
)
"""One row: the highest `messages.seq` that was ever erased. No number is given out twice, or
bookmarks that stand behind it would pass over the message that has it now."""

erasures = Table(
    "erasures",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)
"""How often something was erased from a group's messages: what was copied out of them before, and
is not finished yet, may hold what is gone."""

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False, index=True),
    Column("mark_seq", BigInteger, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("state", String(16), nullable=False),
    Column("recovered", Integer, nullable=False),
)
"""Times in which messages may be missing: open, closed, or unclosed for ever."""
