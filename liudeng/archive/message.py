"""The messages of the archive, as they come in and as they are kept."""

from enum import IntEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

Segment = dict[str, Any]
"""A OneBot v11 message segment: `{"type": str, "data": dict}`."""


class Source(IntEnum):
    """How a message came into the archive."""

    LIVE = 0
    """An event from the implementation."""
    BACKFILL = 1
    """Closed a gap in a group that was already archived; treated like a live one."""
    HISTORY = 2
    """From before the bot knew the group; searchable, but nobody is alerted about it."""
    IMPORT = 3
    """From a file; searchable, but nobody is alerted about it."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Message(_Frozen):
    """One group message, validated, before it has a number of its own."""

    self_id: int
    group_id: int
    message_id: str
    """The implementation's id. Not unique: see `key`."""
    platform_seq: int = 0
    """The group's own sequence number where the implementation tells it, else 0."""
    time_ms: int
    """When it was said, UTC epoch milliseconds."""
    received_ms: int
    """When the bot got it, UTC epoch milliseconds."""
    time_is_guessed: bool = False
    """Whether `time_ms` is the time of receipt because the implementation told none."""
    user_id: str
    name: str = ""
    """Nickname as it was then."""
    card: str = ""
    """Group card as it was then."""
    role: str = "member"
    text: str
    """All that can be read and searched: words, names after an @, card titles, file names."""
    segments: tuple[Segment, ...] = ()
    reply_to: str | None = None
    """`message_id` of the message this one quotes."""
    source: Source = Source.LIVE
    addressed: bool = False
    """Whether it is a command to the bot: kept, but not among the hits of the next search."""
    by_request: bool = False
    """Whether its author asked for this very message to be kept."""

    @property
    def key(self) -> tuple[int, str, int, int]:
        """What makes it the same message when it comes a second time, without `platform_seq`."""
        return (self.group_id, self.message_id, self.time_ms // 1000, self.self_id)


class Recall(_Frozen):
    """A message was withdrawn by its author or by a moderator."""

    self_id: int
    group_id: int
    message_id: str
    operator_id: str
    """Who withdrew it; empty where that must not be kept."""
    time_ms: int
    user_id: str = ""
    """Whose message it was, where the implementation tells it."""
    awaits: bool = True
    """Whether it is remembered for a message that has not come yet."""


class StoredMessage(_Frozen):
    """A message as the archive gives it back."""

    id: int
    """Ordered by the message's own time: newest first is descending id."""
    seq: int
    """Ordered by commit; also the short number that members type."""
    self_id: int
    group_id: int
    message_id: str
    time_ms: int
    received_ms: int
    user_id: str
    name: str
    card: str
    role: str
    text: str
    segments: tuple[Segment, ...]
    reply_to: str | None
    source: Source
    recalled_ms: int | None
    platform_seq: int = 0
    seen_text: str = ""
    """What was read in its pictures and merged forwards: quoted words, not the author's own."""

    @property
    def display_name(self) -> str:
        """The name the group saw: card, else nickname, else the number."""
        return self.card or self.name or self.user_id

    @property
    def spoken(self) -> str:
        """The author's own typed words alone, without names, cards, files or stickers."""
        return "".join(
            str(segment.get("data", {}).get("text", ""))
            for segment in self.segments
            if segment.get("type") == "text"
        )
