"""A farewell: what it holds, who may see it, where it stands."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Visibility(StrEnum):
    """Who may see an entry."""

    PRIVATE = "private"
    GROUP = "group"
    PUBLIC = "public"


class Standing(StrEnum):
    """Where an entry stands."""

    PROPOSED = "proposed"
    """A moderator suggested it; only its author may place it."""
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class Farewell(BaseModel):
    """A curated entry of the farewell wall."""

    model_config = ConfigDict(frozen=True)

    id: int
    group_id: int
    author_id: str
    author_name: str
    title: str
    companion: str
    """The companion's name; empty when none was given."""
    words: str
    """What the author wrote, in the message or beside it."""
    day: date
    visibility: Visibility
    state: Standing
    message_row: int | None
    """`messages.id` it was taken from; None for a seeded entry."""
    proposed_by: str | None = None
    pictures: tuple[str, ...] = ()
    """SHA-256 of its pictures, in order."""
    seen_text: str = ""
    """What was read in its pictures."""
    tags: tuple[str, ...] = ()
    created_ms: int
    updated_ms: int
