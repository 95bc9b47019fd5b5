"""The tables of questions and answers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from liudeng.db.metadata import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

faq_entries = Table(
    "faq_entries",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("code", String(64)),
    Column("origin_id", BigInteger),
    Column("merged_into", BigInteger),
    Column("owner", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("pending", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    UniqueConstraint("group_id", "code"),
    Index(None, "group_id", "state"),
)
"""Entries; `group_id` 0 is every group's. `body` is what its current version says, as JSON;
`pending` a change that waits to be published. `origin_id` is the shared entry that a group has
replaced by this one."""

faq_versions = Table(
    "faq_versions",
    metadata,
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("change", String(16), nullable=False),
    Column("editor_id", String(128), nullable=False),
    Column("editor", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)
"""Every version of every entry, whole: what was can come back."""

faq_gaps = Table(
    "faq_gaps",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("entry_id", BigInteger),
    Index(None, "group_id", "closed"),
)
"""Questions that nobody has answered yet; who asked is not kept."""

faq_votes = Table(
    "faq_votes",
    metadata,
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", String(128), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

faq_uses = Table(
    "faq_uses",
    metadata,
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("unasked", Integer, nullable=False),
)
"""How often an entry answered in a group on a day; 0 is private chat."""

faq_unasked = Table(
    "faq_unasked",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("quiet_until_ms", BigInteger, nullable=False),
)
"""When an entry last answered in a group without being asked, and until when it may not."""

faq_groups = Table(
    "faq_groups",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("speaks_unasked", Boolean, nullable=False),
)
"""What a group wants; one that is not listed wants what the settings say."""
