"""A letter: something to be said in QQ, and where it stands."""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.outbox.tables import outbox

Segments = tuple[dict[str, Any], ...]


class State(StrEnum):
    """Where a letter stands."""

    PENDING = "pending"
    SENDING = "sending"
    """Handed to the implementation, no answer yet; after a crash this means unknown."""
    UNKNOWN = "unknown"
    """It may have been sent: looked up in the chat's history before it is tried again."""
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"
    ROUTED = "routed"
    """Addressed to a group's moderators; replaced by one letter to each."""


class Kind(StrEnum):
    """What a letter is; alerts go first."""

    ALERT = "alert"
    REPLY = "reply"
    NOTICE = "notice"


class Target(StrEnum):
    """Whom a letter is for."""

    PRIVATE = "private"
    GROUP = "group"
    MODERATORS = "moderators"
    """The moderators of the group `target_id`, found when it is sent."""


_PRIORITY = {Kind.ALERT: 0, Kind.REPLY: 1, Kind.NOTICE: 2}


class Letter(BaseModel):
    """What is to be said to whom."""

    model_config = ConfigDict(frozen=True)

    key: str
    """Saying the same key twice is impossible."""
    kind: Kind
    target: Target
    target_id: int
    segments: Segments
    case_id: int | None = None
    origin_ms: int | None = None
    """When the bot received what this letter answers, to measure how long it took."""
    lifetime_ms: int | None = None
    """After this many milliseconds it is no longer worth saying."""

    @property
    def text(self) -> str:
        """The text of the letter, by which it is found again in a chat's history."""
        return plain_text(self.segments)


class PostedLetter(Letter):
    """A letter as the outbox keeps it."""

    id: int
    state: State
    attempts: int
    created_ms: int
    expires_ms: int | None
    done_ms: int | None = None


def text_segment(text: str) -> dict[str, Any]:
    """Return a OneBot text segment."""
    return {"type": "text", "data": {"text": text}}


def reply_segment(message_id: str) -> dict[str, Any]:
    """Return a OneBot reply segment, which quotes a message."""
    return {"type": "reply", "data": {"id": message_id}}


def plain_text(segments: Sequence[dict[str, Any]]) -> str:
    """Return the text segments of a message, joined."""
    return "".join(
        str(segment.get("data", {}).get("text", ""))
        for segment in segments
        if isinstance(segment, dict) and segment.get("type") == "text"
    )


async def post(connection: AsyncConnection, letter: Letter) -> bool:
    """Put a letter into the outbox inside the caller's transaction.

    Returns:
        False when a letter with this key was posted before.
    """
    known = select(outbox.c.id).where(outbox.c.key == letter.key)
    if (await connection.execute(known)).first() is not None:
        return False
    now = now_ms()
    await connection.execute(
        insert(outbox).values(
            key=letter.key,
            kind=letter.kind.value,
            priority=_PRIORITY[letter.kind],
            target=letter.target.value,
            target_id=letter.target_id,
            body=json.dumps(letter.segments, ensure_ascii=False),
            case_id=letter.case_id,
            origin_ms=letter.origin_ms,
            state=State.PENDING.value,
            attempts=0,
            created_ms=now,
            due_ms=now,
            expires_ms=now + letter.lifetime_ms if letter.lifetime_ms else None,
        )
    )
    return True


def posted_letter(row: Any) -> PostedLetter:
    """Turn a row of `outbox` into the model."""
    return PostedLetter(
        id=row.id,
        key=row.key,
        kind=Kind(row.kind),
        target=Target(row.target),
        target_id=row.target_id,
        segments=tuple(json.loads(row.body)),
        case_id=row.case_id,
        origin_ms=row.origin_ms,
        state=State(row.state),
        attempts=row.attempts,
        created_ms=row.created_ms,
        expires_ms=row.expires_ms,
        done_ms=row.done_ms,
    )
