"""The privacy room's tables. No person stands in them by number: see `pseudonyms.py`."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from liudeng.db.metadata import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")
_PERSON = String(64)

consents = Table(
    "consents",
    metadata,
    Column("seq", _ID, primary_key=True, autoincrement=True),
    Column("person", _PERSON, nullable=False, index=True),
    Column("group_id", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("keeping", String(16)),
    Column("watching", String(16)),
)
"""What members said about being kept and watched over, in order; never changed, so that it is
known what held when a message was said. `group_id` 0 is every group. A column that is null was
not spoken of."""

group_modes = Table(
    "group_modes",
    metadata,
    Column("seq", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("mode", String(16), nullable=False),
)
"""Whom a group keeps where a member has said nothing, in order."""

tombstones = Table(
    "tombstones",
    metadata,
    Column("person", _PERSON, primary_key=True),
    Column("erased_ms", BigInteger, nullable=False),
    Column("done_ms", BigInteger),
    Column("sealed", LargeBinary),
)
"""Who was erased: nothing they said up to `erased_ms` comes back. Without `done_ms` the erasure
is under way, or was when the process died; so long `sealed` holds the number, encrypted, by which
it can go on."""

privacy_marks = Table(
    "privacy_marks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""`version` counts the changes of the tables above; `key` tells whether the key still fits; `swept`
is when the file was last rewritten by itself, `unswept` whether something was erased since."""

wall_requests = Table(
    "wall_requests",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", String(128), primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
)
"""Messages that are kept because their authors, who keep nothing else, put them on the wall. When
their entry goes, they go."""

greetings = Table(
    "greetings",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", _PERSON, primary_key=True),
)
"""Who was told what is kept: nobody is told twice."""

departures = Table(
    "departures",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("left_ms", BigInteger, nullable=False),
    Column("choice", String(16), nullable=False),
    Column("erase_ms", BigInteger),
    Column("exported_ms", BigInteger),
    Index(None, "erase_ms"),
)
"""Groups the bot is in no longer, and what becomes of their archive. `erase_ms` is when it is
erased; null for never, or not before it was exported, which `exported_ms` tells."""
