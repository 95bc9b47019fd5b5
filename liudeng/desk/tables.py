"""The desk's tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
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
    Column("verdict", String(16)),
    Index(
        "uq_cases_open",
        "group_id",
        "subject_id",
        "kind",
        unique=True,
        sqlite_where=text("state != 'closed'"),
        postgresql_where=text("state != 'closed'"),
    ),
    Index(None, "subject_id"),
)
"""One open case per member, group and kind. `verdict` is a `Verdict`, once somebody gave one."""

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

sealed_contexts = Table(
    "sealed_contexts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("message_row", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("sealed_ms", BigInteger, nullable=False),
    UniqueConstraint("case_id", "message_row"),
)
"""What was said around a signal, encrypted; swept some time after the case was closed."""

sealed_pictures = Table(
    "sealed_pictures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("message_row", BigInteger, nullable=False),
    Column("shown_in", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "message_row", "sha256"),
)
"""Thumbnails of what was shown around a signal, encrypted; they go with their context.

`message_row` is the signal's message, `shown_in` the one that carried the picture.
"""

desk_timers = Table(
    "desk_timers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("case_id", Integer),
    Column("person", BigInteger),
    Column("detail", Text, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("fired_ms", BigInteger),
    Index(None, "fired_ms", "due_ms"),
)
"""What must happen when, by the wall clock. A row with `fired_ms` is over."""

desk_people = Table(
    "desk_people",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("away_until_ms", BigInteger),
    Column("quiet_from", SmallInteger),
    Column("quiet_to", SmallInteger),
)
"""When a moderator does not want to be called. Times of day are minutes after midnight."""

desk_shifts = Table(
    "desk_shifts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("days", String(7), nullable=False),
    Column("starts", SmallInteger, nullable=False),
    Column("ends", SmallInteger, nullable=False),
)
"""Weekly shifts: `days` are ISO weekdays such as `12345`, times minutes after midnight."""

desk_leads = Table(
    "desk_leads",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)
"""Who leads a group's moderators, besides its owner."""

desk_reach = Table(
    "desk_reach",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("group_name", Text, nullable=False),
    Column("friend", Boolean, nullable=False),
    Column("checked_ms", BigInteger, nullable=False),
)
"""Whom an alert of a group could call when it was looked last, and who of them is a friend."""

desk_drafts = Table(
    "desk_drafts",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
"""What a moderator was shown and has not confirmed yet: one draft each."""
