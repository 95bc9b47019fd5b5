"""A group's own milestones."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text

from liudeng.db.metadata import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

milestones = Table(
    "milestones",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("author_id", String(128), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Index(None, "group_id", "day"),
)
