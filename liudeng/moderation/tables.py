"""The tables of moderation."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from liudeng.db.metadata import metadata

groups = Table(
    "moderation_groups",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("stopped", Boolean, nullable=False),
    Column("memorial_until_ms", BigInteger, nullable=False),
    Column("whole_mute_allowed", Boolean, nullable=False),
)

armings = Table(
    "moderation_armings",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(60), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)

own_rules = Table(
    "moderation_own_rules",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Index("uq_moderation_own_rules_group_id_name", "group_id", "name", unique=True),
)

actions = Table(
    "moderation_actions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(10), nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("rule", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("points", Float, nullable=False),
    Column("message_row", BigInteger),
    Column("message_id", String(64)),
    Column("seconds", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("done_ms", BigInteger),
    Column("trouble", Text),
    Column("undone_by", BigInteger),
    Index("ix_moderation_actions_state_id", "state", "id"),
    Index("ix_moderation_actions_group_id_user_id", "group_id", "user_id", "created_ms"),
    sqlite_autoincrement=True,
)

audit = Table(
    "moderation_audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("group_id", BigInteger, nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("event", String(24), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("action_id", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_moderation_audit_group_id_seq", "group_id", "seq"),
)

people = Table(
    "moderation_people",
    metadata,
    Column("alias", Integer, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, nullable=False),
    Index("uq_moderation_people_user_id", "user_id", unique=True),
    sqlite_autoincrement=True,
)
"""Who stands behind the numbers of the audit: forgotten without a row of the audit changing."""

notes = Table(
    "moderation_notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("author", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Index("ix_moderation_notes_group_id_user_id", "group_id", "user_id"),
)

arrivals = Table(
    "moderation_arrivals",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("joined_ms", BigInteger, nullable=False),
    Index("ix_moderation_arrivals_joined_ms", "joined_ms"),
)
