"""The arming room's tables."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from liudeng.db.metadata import metadata

watch_stances = Table(
    "watch_stances",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False, index=True),
    Column("armed", Boolean, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""Who armed or disarmed the watch over a group, and when; the last row of a group counts."""

watch_firings = Table(
    "watch_firings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("group_id", BigInteger, nullable=False),
    Column("case_id", Integer),
    Column("message_row", BigInteger),
    Column("kind", String(16), nullable=False),
    Column("held", String(16), nullable=False),
    Column("rules", Text, nullable=False),
    Column("score", Float),
    Index(None, "group_id", "at_ms"),
    Index(None, "case_id"),
)
"""Each time the watcher spoke: by which rules (JSON names), with what score, on which case.

`held` says why nobody was told, a `Held`; empty when people were. No words and no names are kept
here: `message_row` is `messages.id`.
"""
