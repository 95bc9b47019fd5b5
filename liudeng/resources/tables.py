"""The ledger's tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from liudeng.db.metadata import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

resources = Table(
    "resources",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("category", String(64), nullable=False),
    Column("region", String(32), nullable=False),
    Column("needs_login", Boolean, nullable=False),
    Column("owner_id", String(128), nullable=False),
    Column("tags", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", String(16), nullable=False),
    Column("verified_on", Date),
    Column("expires", Date),
    Column("deadline", Date),
    Column("seed_id", String(64), nullable=False),
    Column("forked_from", BigInteger),
    Column("useful", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("folded", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    UniqueConstraint("group_id", "key"),
    Index(
        "ix_resources_order",
        *("state", "group_id", "category", "broken", "useful", "verified_on", "expires"),
        "deadline",
    ),
    Index(None, "group_id", "forked_from"),
    Index(None, "host"),
)
"""Links, from candidate to listed. `group_id` 0: shared by all groups; `key` is the canonical form
by which two copies are one. A group's own version of a shared one has `forked_from`. `folded` is
what a search looks through; `useful` and `broken` count `resource_votes`. The long index holds all
that decides in which order links are shown: of thousands of rows only those shown are read."""

resource_votes = Table(
    "resource_votes",
    metadata,
    Column("resource_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", String(128), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("voted_ms", BigInteger, nullable=False),
)
"""One vote a person and resource; a later one takes the place of the earlier."""

resource_probes = Table(
    "resource_probes",
    metadata,
    Column("resource_id", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", String(16), nullable=False),
    Column("status", Integer, nullable=False),
    Column("probed_ms", BigInteger, nullable=False),
    Column("good_ms", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("due_ms", BigInteger, nullable=False, index=True),
    Column("fingerprint", String(16), nullable=False),
    Column("page_title", Text, nullable=False),
    Column("landed_on", Text, nullable=False),
)
"""What the last look at a resource showed, and when the next is due. `fingerprint`, `page_title`
and `landed_on` (a host) describe the page as it was when a moderator last vouched for it."""

link_sightings = Table(
    "link_sightings",
    metadata,
    Column("message_row", BigInteger, primary_key=True, autoincrement=False),
    Column("resource_id", BigInteger, primary_key=True, autoincrement=False),
    Index(None, "resource_id"),
)
"""Which messages (`messages.id`) carry which resource: who was first and what stood around it is
read from the messages, so that nothing outlives a recall."""

short_links = Table(
    "short_links",
    metadata,
    Column("key", String(512), primary_key=True),
    Column("url", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_ms", BigInteger),
    Index(None, "due_ms"),
)
"""Short links and where they lead; `due_ms` is when to ask next, NULL when that is settled."""

link_warnings = Table(
    "link_warnings",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("host", String(255), primary_key=True),
    Column("warned_ms", BigInteger, nullable=False),
)
"""Which look-alikes a group was warned of, and when."""

announcements = Table(
    "announcements",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("group_id", BigInteger, nullable=False),
    Column("author_id", String(128), nullable=False),
    Column("words", Text, nullable=False),
    Column("resource_id", BigInteger),
    Column("created_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger, nullable=False),
    Index(None, "group_id", "ends_ms"),
)
"""What moderators pinned, until when. Taking one down moves its end to that moment."""
