"""A farewell before it has a row, and how much of everything one may hold."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from liudeng.library.entry import Visibility

MAX_TITLE = 40
MAX_COMPANION = 20
MAX_TAG = 20
MAX_TAGS = 8
MAX_WORDS = 8_000
"""Characters, each."""


class FarewellDraft(BaseModel):
    """What is to be placed on, or proposed for, a group's wall."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    author_id: str
    author_name: str
    title: str
    companion: str = ""
    words: str = ""
    day: date
    """The day it was said, in the bot's zone."""
    visibility: Visibility = Visibility.GROUP
    message_row: int | None = None
    """`messages.id` it is taken from; None for a seeded entry."""
    pictures: tuple[str, ...] = ()
    """SHA-256 of kept pictures, in order."""
    tags: tuple[str, ...] = ()
    proposed_by: str | None = None
    missing: int = 0
    """How many of the message's pictures could not be kept; told once, not stored."""
