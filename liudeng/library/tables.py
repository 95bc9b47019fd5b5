"""The library's tables: what members chose to keep."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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

farewells = Table(
    "farewells",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("author_id", String(128), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("companion", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("visibility", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("message_row", BigInteger, unique=True),
    Column("proposed_by", String(128)),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Index(None, "group_id", "state", "id"),
    Index(None, "author_id"),
)
"""Farewells placed, or proposed, for a group's wall. `message_row` is the `messages.id` they were
taken from; one message is one farewell. `day` is the day it was said, in the bot's zone."""

farewell_pictures = Table(
    "farewell_pictures",
    metadata,
    Column("farewell_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Index(None, "sha256"),
)
"""Which kept pictures a farewell shows, in order."""

farewell_tags = Table(
    "farewell_tags",
    metadata,
    Column("farewell_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", String(64), primary_key=True),
)

library_changes = Table(
    "library_changes",
    metadata,
    Column("seq", _ID, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("entry_id", BigInteger, nullable=False),
)
"""Which entries changed, in order, for the index: it is derived, and follows from here."""

anniversaries = Table(
    "anniversaries",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("owner_id", String(128), nullable=False, index=True),
    Column("month", SmallInteger, nullable=False),
    Column("day", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("reminded_year", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("owner_id", "month", "day", "title"),
)
"""Dates members keep. `reminded_year` is the last year whose reminder was posted, 0 for none."""

remembrances = Table(
    "remembrances",
    metadata,
    Column("user_id", String(128), primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("reminded_on", Date),
)
"""Who asked for 那年今日, and the last day on which they got it."""
