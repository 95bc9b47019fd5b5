"""The tables of the entrance."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from liudeng.db.metadata import metadata

groups = Table(
    "entrance_groups",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("mode", String(8), nullable=False),
    Column("words", Text, nullable=False),
    Column("min_level", Integer, nullable=False),
    Column("min_days", Integer, nullable=False),
    Column("otherwise", String(8), nullable=False),
    Column("wait_ms", BigInteger, nullable=False),
    Column("on_silence", String(8), nullable=False),
    Column("welcome", Text, nullable=False),
    Column("house_rules", Text, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)
"""What each group has chosen; `words` is a JSON list."""

requests = Table(
    "entrance_requests",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("flag", String(300), nullable=False),
    Column("comment", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("why", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("decided_by", BigInteger),
    Column("trouble", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("told_ms", BigInteger),
    Column("reminded_ms", BigInteger),
    Column("settled_ms", BigInteger),
    Index("ix_entrance_requests_state_id", "state", "id"),
    Index("ix_entrance_requests_group_id_created_ms", "group_id", "created_ms"),
    sqlite_autoincrement=True,
)
"""`user_id` 0: the implementation did not tell who asks. `about`: what is known of them."""

blocks = Table(
    "entrance_blocks",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(64), primary_key=True),
    Column("user_id", BigInteger),
    Column("reason", Text, nullable=False),
    Column("added_by", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
"""Who is not let in. Blocked is a keyed hash; the number beside it goes when they are erased."""
