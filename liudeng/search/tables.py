"""The search room's tables, besides the log index itself."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from liudeng.db.metadata import metadata

speakers = Table(
    "speakers",
    metadata,
    Column("group_id", BigInteger, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("user_id", String(128), primary_key=True),
)
"""Every card and nickname that a member of a group has spoken under, folded for search."""
