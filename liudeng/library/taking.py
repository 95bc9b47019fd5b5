"""From a message of the archive to an entry: its words, its pictures, whose chat it was."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.archive.reading import clean, one_line
from liudeng.archive.tables import messages
from liudeng.db import now_ms
from liudeng.library.companion import companion_in
from liudeng.library.draft import MAX_WORDS, FarewellDraft
from liudeng.library.label import parse_label
from liudeng.media import (
    Attachment,
    ForwardedMessage,
    Kind,
    State,
    forwarded_in,
    images_of,
    stored_image,
)
from liudeng.media.segments import drafts_of
from liudeng.media.tables import attachments
from liudeng.ocr import reading_of
from liudeng.text import fold

_TITLE_FROM_WORDS = 20
_NOTING_MS = 10 * 60_000
"""A picture that nobody has noted after this long is not going to be fetched."""
_FETCHED = (Kind.IMAGE, Kind.FILE, Kind.FORWARD)

_RECALLED = "这条消息已经撤回了，我就不存它了。"
_STILL_COMING = "这条里的图我还没收好，过几秒再回复它发一次「存档 标题」就行。"
_LOST = (
    "这张图没能留下（多半是链接先过期了）。原图还在的话请再发一次，再回复新发的那条「存档 标题」。"
)
_FORWARD_LOST = "这条合并转发我没能打开。方便的话请再转发一次，再回复新的那条「存档 标题」。"
_STICKER = "表情包就不上墙了。想留住的话或截图，回复那条发「存档 标题」。"
_NOTHING = "这条里没有能放上墙的字或图（语音、视频和普通文件暂时放不了）。"


class CannotKeep(ValueError):
    """There is nothing to keep, or not yet; its text is one Chinese sentence for the member."""


async def draft_from_message(
    connection: AsyncConnection, message: StoredMessage, title: str, zone: ZoneInfo
) -> FarewellDraft:
    """Take what a message holds; `title` is a label as members type it, see `parse_label`.

    The companion's name comes from the label, else from the title bar of a screenshot.

    Raises:
        CannotKeep: the message was recalled, its pictures are on their way or lost, or it holds
            nothing that a wall can show.
    """
    await _check_not_recalled(connection, message)
    await _check_nothing_is_coming(connection, message)
    label = parse_label(title)
    images = (await images_of(connection, [message.id])).get(message.id, [])
    pictures = [image.sha256 for image in images if image.state is State.STORED and image.sha256]
    companion = label.companion or await _companion_in(connection, pictures)
    words = await _words(connection, message, companion)
    if not pictures and not words:
        raise CannotKeep(_why_nothing(message, images))
    day = datetime.fromtimestamp(message.time_ms / 1000, zone).date()
    return FarewellDraft(
        group_id=message.group_id,
        author_id=message.user_id,
        author_name=one_line(message.display_name),
        title=label.title or _own_title(message, companion, day),
        companion=companion,
        words=words,
        day=day,
        message_row=message.id,
        pictures=tuple(dict.fromkeys(pictures)),
        tags=label.tags,
        missing=len(images) - len(pictures),
    )


async def _check_not_recalled(connection: AsyncConnection, message: StoredMessage) -> None:
    """Asked of the database: it may have been recalled since it was looked up."""
    query = select(messages.c.id).where(
        messages.c.id == message.id, messages.c.recalled_ms.is_(None)
    )
    if (await connection.execute(query)).first() is None:
        raise CannotKeep(_RECALLED)


async def _check_nothing_is_coming(connection: AsyncConnection, message: StoredMessage) -> None:
    query = select(attachments.c.state, attachments.c.kind).where(
        attachments.c.message_row == message.id
    )
    rows = (await connection.execute(query)).all()
    coming = any(
        row.state == State.PENDING.value and row.kind in {kind.value for kind in _FETCHED}
        for row in rows
    )
    if coming or (not rows and _will_be_noted(message)):
        raise CannotKeep(_STILL_COMING)


def _will_be_noted(message: StoredMessage) -> bool:
    """A message is committed a moment before the media room has looked at it."""
    carries = any(draft.kind in _FETCHED for draft in drafts_of(message.segments))
    is_new = now_ms() - message.received_ms < _NOTING_MS
    return carries and is_new and message.source is not Source.IMPORT


def _why_nothing(message: StoredMessage, images: Sequence[Attachment]) -> str:
    carried = {draft.kind for draft in drafts_of(message.segments)}
    if images or Kind.IMAGE in carried:
        return _LOST
    if Kind.FORWARD in carried:
        return _FORWARD_LOST
    is_face = any(segment["type"] == "face" for segment in message.segments)
    return _STICKER if is_face or Kind.STICKER in carried else _NOTHING


async def _companion_in(connection: AsyncConnection, pictures: Sequence[str]) -> str:
    for sha256 in pictures:
        picture = await stored_image(connection, sha256)
        reading = await reading_of(connection, sha256)
        if picture and picture.width and reading:
            name = companion_in(reading, picture.width)
            if name:
                return name
    return ""


async def _words(connection: AsyncConnection, message: StoredMessage, companion: str) -> str:
    """Return the author's words, and what was said inside a merged forward."""
    nodes = await forwarded_in(connection, message.id)
    parts = [clean(message.spoken).strip(), *_conversation(nodes, message.user_id, companion)]
    words = "\n".join(filter(None, parts))
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"


def _conversation(nodes: Sequence[ForwardedMessage], author_id: str, companion: str) -> list[str]:
    """Write a forward as a talk between 我 and the companion.

    Others inside it chose no wall: they are counted, not named.
    """
    others: dict[str, str] = {}
    lines: list[str] = []
    several = len({node.user_id or node.name for node in nodes} - {author_id}) > 1
    for node in nodes:
        if not node.text.strip():
            continue
        if node.user_id == author_id:
            speaker = "我"
        elif companion and (not several or fold(node.name) == fold(companion)):
            speaker = companion
        else:
            number = f"{len(others) + 1}" if several else ""
            speaker = others.setdefault(node.user_id or node.name, f"对方{number}")
        lines.append(f"{speaker}：{node.text.strip()}")
    return lines


def _own_title(message: StoredMessage, companion: str, day: date) -> str:
    first_line = message.spoken.strip().partition("\n")[0]
    said = " ".join(one_line(clean(first_line)).split())
    if said:
        return said if len(said) <= _TITLE_FROM_WORDS else said[: _TITLE_FROM_WORDS - 1] + "…"
    if companion:
        return f"和{companion}的告别"
    return f"{day.year} 年 {day.month} 月 {day.day} 日的告别"
