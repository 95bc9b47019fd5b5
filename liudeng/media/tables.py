"""The media room's tables."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from liudeng.db.metadata import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

media = Table(
    "media",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mime", String(64), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("frames", Integer),
    Column("phash", String(64)),
    Column("stored_ms", BigInteger, nullable=False),
)
"""Every file that is kept, once. Pictures have a size in pixels (upright) and a `phash`."""

attachments = Table(
    "attachments",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("message_row", BigInteger, nullable=False),
    Column("forwarded_id", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("declared_size", BigInteger, nullable=False),
    Column("sub_type", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("sha256", String(64)),
    Column("reason", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    UniqueConstraint("message_row", "forwarded_id", "position"),
    Index(None, "state", "due_ms"),
    Index(None, "sha256"),
    Index(None, "file"),
)
"""What messages carry besides words. `message_row` is `messages.id`, for a picture inside a merged
forward the id of the message that holds the forward; `forwarded_id` is then its node, else 0."""

forwarded = Table(
    "forwarded",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("container_row", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("depth", SmallInteger, nullable=False),
    Column("user_id", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("segments", Text, nullable=False),
    UniqueConstraint("container_row", "position"),
)
"""The messages inside merged forwards, in reading order. `depth` is 1 for those directly inside."""
