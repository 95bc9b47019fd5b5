"""The tables of what was read in pictures."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from liudeng.db.metadata import metadata

readings = Table(
    "readings",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("lines", Text, nullable=False),
    Column("engine", String(32), nullable=False),
    Column("read_ms", BigInteger, nullable=False),
    Column("codes", Text),
)
"""One row for each picture that was tried, whatever came of it. `lines`, `codes`: JSON arrays;
no `codes` in what was read before they were looked for."""

seen_pictures = Table(
    "seen_pictures",
    metadata,
    Column("message_row", BigInteger, primary_key=True),
    Column("sha256", String(64), primary_key=True),
)
"""Which pictures' words `messages.seen_text` holds: a picture that is posted again is not read
again, but joins the new message."""
