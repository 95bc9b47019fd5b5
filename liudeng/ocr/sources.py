"""Which pictures wait to be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy import Select, and_, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import messages
from liudeng.media import Kind, MediaStore, State
from liudeng.media.tables import attachments, media
from liudeng.ocr.tables import seen_pictures


class PictureSource(Protocol):
    """Kept pictures, and the messages they came with."""

    async def next_unread(self, connection: AsyncConnection, limit: int) -> Sequence[str]:
        """Return hashes of pictures whose words are still missing in a message."""
        ...

    async def count_unread(self, connection: AsyncConnection) -> int:
        """Return how many such pictures there are."""
        ...

    async def holders(self, connection: AsyncConnection, sha256: str) -> Sequence[int]:
        """Return `messages.id` of the messages in which this picture's words are missing."""
        ...

    async def is_kept(self, connection: AsyncConnection, sha256: str) -> bool:
        """Tell whether the picture is still there: it may be erased while it is read."""
        ...

    def path(self, sha256: str) -> Path | None:
        """Return where the picture lies; None when it is gone. Blocks on the disk."""
        ...


class StoredPictures:
    """The pictures of the media room: screenshots and photos, no stickers, nothing recalled."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store

    async def next_unread(self, connection: AsyncConnection, limit: int) -> list[str]:
        """Return the newest first: what was just posted is what is looked for."""
        query = (
            _waiting(select(attachments.c.sha256))
            .group_by(attachments.c.sha256)
            .order_by(func.max(attachments.c.message_row).desc())
            .limit(limit)
        )
        return list(await connection.scalars(query))

    async def count_unread(self, connection: AsyncConnection) -> int:
        """Return how many pictures wait."""
        query = _waiting(select(func.count(distinct(attachments.c.sha256))))
        return (await connection.execute(query)).scalar_one()

    async def holders(self, connection: AsyncConnection, sha256: str) -> list[int]:
        """Return the messages that wait for this picture's words."""
        query = _waiting(select(attachments.c.message_row)).distinct()
        return list(await connection.scalars(query.where(attachments.c.sha256 == sha256)))

    async def is_kept(self, connection: AsyncConnection, sha256: str) -> bool:
        """Tell whether the media room still knows the picture."""
        query = select(media.c.sha256).where(media.c.sha256 == sha256)
        return (await connection.execute(query)).first() is not None

    def path(self, sha256: str) -> Path | None:
        """Return the kept file."""
        return self._store.path(sha256)


def _waiting(query: Select) -> Select:
    """Narrow a query over `attachments` to kept pictures that a message has not been given."""
    a_picture = or_(
        attachments.c.kind == Kind.IMAGE.value,
        and_(attachments.c.kind == Kind.FILE.value, media.c.width.is_not(None)),
    )
    given = and_(
        seen_pictures.c.message_row == attachments.c.message_row,
        seen_pictures.c.sha256 == attachments.c.sha256,
    )
    return (
        query.select_from(attachments)
        .join(messages, messages.c.id == attachments.c.message_row)
        .join(media, media.c.sha256 == attachments.c.sha256)
        .outerjoin(seen_pictures, given)
        .where(
            attachments.c.state == State.STORED.value,
            a_picture,
            seen_pictures.c.sha256.is_(None),
            messages.c.recalled_ms.is_(None),
        )
    )
