"""What other rooms ask about pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Segment
from liudeng.archive.encoding import decode_segments
from liudeng.archive.tables import messages
from liudeng.media.inspection import HASH_BITS
from liudeng.media.model import ASK_AGAIN, Attachment, Kind, MediaFile, Reason, State
from liudeng.media.tables import attachments, forwarded, media

NEAR_BITS = HASH_BITS // 10
"""Two pictures whose hashes differ in no more bits are taken for copies of one."""
_LOOKUP = 500


class ForwardedMessage(BaseModel):
    """A message inside a merged forward."""

    model_config = ConfigDict(frozen=True)

    id: int
    container_row: int
    """`messages.id` of the message that holds the forward."""
    position: int
    depth: int
    user_id: str
    name: str
    time_ms: int
    text: str
    segments: tuple[Segment, ...]


class MissingPicture(BaseModel):
    """A message of which pictures are missing."""

    model_config = ConfigDict(frozen=True)

    seq: int
    """The message's short number."""
    time_ms: int
    author: str
    pictures: int


def attachment_of(row: RowMapping) -> Attachment:
    """Turn a row of `attachments` into the model."""
    return Attachment(
        id=row["id"],
        message_row=row["message_row"],
        forwarded_id=row["forwarded_id"],
        position=row["position"],
        kind=Kind(row["kind"]),
        url=row["url"],
        file=row["file"],
        declared_size=row["declared_size"],
        sub_type=row["sub_type"],
        state=State(row["state"]),
        sha256=row["sha256"],
        reason=Reason(row["reason"]),
        attempts=row["attempts"],
        due_ms=row["due_ms"],
    )


async def images_of(
    connection: AsyncConnection, message_rows: Sequence[int]
) -> dict[int, list[Attachment]]:
    """Return the pictures of messages by `messages.id`, whatever became of them.

    Screenshots sent as files count as pictures once they are stored; stickers never do. Recalled
    messages have none.
    """
    query = (
        select(attachments)
        .join(messages, messages.c.id == attachments.c.message_row)
        .outerjoin(media, media.c.sha256 == attachments.c.sha256)
        .where(
            attachments.c.message_row.in_(message_rows),
            messages.c.recalled_ms.is_(None),
            or_(
                attachments.c.kind == Kind.IMAGE.value,
                and_(attachments.c.kind == Kind.FILE.value, media.c.width.is_not(None)),
            ),
        )
        .order_by(attachments.c.message_row, attachments.c.forwarded_id, attachments.c.position)
    )
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in (await connection.execute(query)).mappings():
        found[row["message_row"]].append(attachment_of(row))
    return dict(found)


async def stored_image(connection: AsyncConnection, sha256: str) -> MediaFile | None:
    """Return what is known about a kept picture; None for what is none.

    It says nothing about who may see it: ask `is_shown`.
    """
    file = await stored_file(connection, sha256)
    return file if file and file.is_picture else None


async def stored_file(connection: AsyncConnection, sha256: str) -> MediaFile | None:
    """Return what is known about a kept file of any kind."""
    query = select(media).where(media.c.sha256 == sha256)
    row = (await connection.execute(query)).mappings().first()
    return MediaFile(**row) if row else None


async def is_shown(
    connection: AsyncConnection, sha256: str, groups: Collection[int] | None = None
) -> bool:
    """Tell whether a file may be shown: a message that was not recalled carries it.

    With `groups`, that message must be in one of them.
    """
    query = (
        select(attachments.c.id)
        .join(messages, messages.c.id == attachments.c.message_row)
        .where(
            attachments.c.sha256 == sha256,
            attachments.c.state == State.STORED.value,
            messages.c.recalled_ms.is_(None),
        )
        .limit(1)
    )
    if groups is not None:
        query = query.where(messages.c.group_id.in_(groups))
    return (await connection.execute(query)).first() is not None


def distance(phash: str, other: str) -> int:
    """Return in how many of their 256 bits two perceptual hashes differ."""
    return (int(phash, 16) ^ int(other, 16)).bit_count()


async def looks_of(connection: AsyncConnection, pictures: Collection[str]) -> dict[str, str]:
    """Return the perceptual hash of each of these pictures that has one, by SHA-256."""
    wanted = list(pictures)
    looks: dict[str, str] = {}
    for start in range(0, len(wanted), _LOOKUP):
        query = select(media.c.sha256, media.c.phash).where(
            media.c.phash.is_not(None), media.c.sha256.in_(wanted[start : start + _LOOKUP])
        )
        looks.update((row.sha256, row.phash) for row in await connection.execute(query))
    return looks


def near_copies(
    sha256: str, looks: Mapping[str, str], among: Collection[str], max_bits: int = NEAR_BITS
) -> list[str]:
    """Return those of `among` that look the same as a picture, most alike first.

    Re-posts that were scaled or compressed anew have other bytes and nearly the same look. The
    picture itself is its own nearest copy, if it is among them. Takes a microsecond for each.
    """
    own = looks.get(sha256)
    if own is None:
        return [sha256] if sha256 in among else []
    near = ((distance(own, looks[other]), other) for other in among if other in looks)
    return [other for bits, other in sorted(near) if bits <= max_bits]


async def forwarded_in(connection: AsyncConnection, container_row: int) -> list[ForwardedMessage]:
    """Return the messages inside a merged forward, in reading order."""
    query = (
        select(forwarded)
        .where(forwarded.c.container_row == container_row)
        .order_by(forwarded.c.position)
    )
    return [
        ForwardedMessage(**{**row, "segments": decode_segments(row["segments"], row["text"])})
        for row in (await connection.execute(query)).mappings()
    ]


async def missing_pictures(
    connection: AsyncConnection, groups: Collection[int]
) -> list[MissingPicture]:
    """Return the messages whose pictures are gone and worth asking for, newest first.

    A picture that was posted again, and kept then, is not missing.
    """
    query = (
        select(
            messages.c.seq,
            messages.c.time_ms,
            messages.c.card,
            messages.c.name,
            messages.c.user_id,
            func.count().label("pictures"),
        )
        .join(messages, messages.c.id == attachments.c.message_row)
        .where(_missing(), messages.c.group_id.in_(groups), messages.c.recalled_ms.is_(None))
        .group_by(messages.c.id)
        .order_by(messages.c.id.desc())
    )
    return [
        MissingPicture(
            seq=row.seq,
            time_ms=row.time_ms,
            author=row.card or row.name or row.user_id,
            pictures=row.pictures,
        )
        for row in await connection.execute(query)
    ]


async def count_states(connection: AsyncConnection) -> dict[State, int]:
    """Return how many pictures and files are in each state; stickers are not counted."""
    query = (
        select(attachments.c.state, func.count().label("attachments"))
        .where(attachments.c.kind != Kind.STICKER.value)
        .group_by(attachments.c.state)
    )
    return {State(row.state): row.attachments for row in await connection.execute(query)}


def _missing() -> ColumnElement[bool]:
    again = attachments.alias("again")
    posted_again = exists().where(
        again.c.file == attachments.c.file,
        again.c.file != "",
        again.c.state == State.STORED.value,
    )
    gone = or_(
        attachments.c.state == State.LOST.value,
        and_(
            attachments.c.state == State.REFUSED.value,
            attachments.c.reason.in_([reason.value for reason in ASK_AGAIN]),
        ),
    )
    return and_(attachments.c.kind == Kind.IMAGE.value, gone, ~posted_again)
