"""The pulse's tables: counts alone, no member's number and no words."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from liudeng.db.metadata import metadata

pulse_counts = Table(
    "pulse_counts",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hour_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("mood", String(16), primary_key=True),
    Column("messages", Integer, nullable=False),
    Column("voices", Integer, nullable=False),
)
"""By group, hour (its begin) and mood: how many messages of how many members; `all` for all."""

pulse_floods = Table(
    "pulse_floods",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("mood", String(16), nullable=False),
    Column("began_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Index(None, "group_id", "began_ms"),
)
"""Times in which one mood swept a group. `last_ms`: when it was last high; one alert for each."""
