"""What became of an attachment, written down. All inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.encoding import encode_segments
from liudeng.archive.seen_text import add_seen_text
from liudeng.db import now_ms
from liudeng.media.forwards import Node
from liudeng.media.model import Attachment, MediaFile, Reason, State
from liudeng.media.queries import stored_file
from liudeng.media.segments import drafts_of
from liudeng.media.tables import attachments, forwarded, media

_SEARCHED = 50_000
"""Characters of a merged forward by which its message is found."""


@dataclass(frozen=True, slots=True)
class Progress:
    """An attempt that brought no file."""

    state: State
    reason: Reason
    attempts: int = 0
    """How many attempts it counts as."""
    pause: float = 0.0
    """Seconds until the next one, while the state is pending."""


async def keep_file(connection: AsyncConnection, attachment: Attachment, file: MediaFile) -> bool:
    """Note that the attachment's file is in the store. Its URL is of no more use.

    Returns:
        False when the attachment was erased while it was fetched: then nothing is noted, and the
        file must go unless another message holds it.
    """
    if not await _is_there(connection, attachment):
        return await stored_file(connection, file.sha256) is not None
    if await stored_file(connection, file.sha256) is None:
        await connection.execute(insert(media).values(**asdict(file)))
    await _set(connection, attachment, state=State.STORED, sha256=file.sha256, url="")
    return True


async def keep_forward(
    connection: AsyncConnection, attachment: Attachment, nodes: Sequence[Node]
) -> None:
    """Keep the messages of a merged forward, and note what they carry for the fetcher.

    Search finds the message that holds the forward by the words inside it.
    """
    if not await _is_there(connection, attachment):
        return  # erased while it was opened
    if nodes:
        ids = await _insert_nodes(connection, attachment.message_row, nodes)
        rows = [
            {
                **draft.values,
                "message_row": attachment.message_row,
                "forwarded_id": node_id,
                "due_ms": now_ms(),
            }
            for node_id, node in zip(ids, nodes, strict=True)
            for draft in drafts_of(node.segments)
            if draft.kind.value != "forward"  # opened with its container
        ]
        if rows:
            await connection.execute(insert(attachments), rows)
        words = "\n".join(node.text for node in nodes if node.text)
        await add_seen_text(connection, attachment.message_row, words[:_SEARCHED])
    await _set(connection, attachment, state=State.STORED)


async def note_progress(
    connection: AsyncConnection, attachment: Attachment, progress: Progress
) -> None:
    """Note an attempt that failed or a refusal."""
    await _set(
        connection,
        attachment,
        state=progress.state,
        reason=progress.reason,
        attempts=attachment.attempts + progress.attempts,
        due_ms=now_ms() + int(progress.pause * 1000),
    )


async def _is_there(connection: AsyncConnection, attachment: Attachment) -> bool:
    there = select(attachments.c.id).where(attachments.c.id == attachment.id)
    return (await connection.execute(there)).first() is not None


async def _set(connection: AsyncConnection, attachment: Attachment, **values: Any) -> None:
    await connection.execute(
        update(attachments)
        .where(attachments.c.id == attachment.id)
        .values(**{"reason": Reason.NONE.value, **values})
    )


async def _insert_nodes(
    connection: AsyncConnection, container_row: int, nodes: Sequence[Node]
) -> list[int]:
    """Insert after what an earlier forward of the same message left; return the new ids."""
    query = select(func.max(forwarded.c.position)).where(forwarded.c.container_row == container_row)
    last = (await connection.execute(query)).scalar()
    rows = [
        {
            "container_row": container_row,
            "position": position,
            "depth": node.depth,
            "user_id": node.user_id,
            "name": node.name,
            "time_ms": node.time_ms,
            "text": node.text,
            "segments": encode_segments(node.segments, node.text),
        }
        for position, node in enumerate(nodes, start=0 if last is None else last + 1)
    ]
    added = insert(forwarded).returning(forwarded.c.id, sort_by_parameter_order=True)
    return list(await connection.scalars(added, rows))
