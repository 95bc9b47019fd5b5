"""The desk's tables."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from liudeng.db.metadata import metadata

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("subject_name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("claimed_by", BigInteger),
    Column("alerts", Integer, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("closed_ms", BigInteger),
    Column("outcome", Text),
    Index(
        "uq_cases_open",
        "group_id",
        "subject_id",
        "kind",
        unique=True,
        sqlite_where=text("state != 'closed'"),
        postgresql_where=text("state != 'closed'"),
    ),
)
"""One open case per member, group and kind."""

case_events = Table(
    "case_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("message_row", BigInteger),
    Column("detail", Text, nullable=False),
)
"""A case's timeline: signals, alerts, views, claims, outcome. `message_row` is `messages.id`."""
