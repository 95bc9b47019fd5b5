"""A recalled message's pictures leave what is shown: no thumbnail of them outlives the recall."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import messages
from liudeng.db import Database, explain
from liudeng.media.model import State
from liudeng.media.queries import is_shown
from liudeng.media.store import MediaStore
from liudeng.media.tables import attachments
from liudeng.tasks import end

log = logging.getLogger(__name__)

_RETRY_S = 2.0
_AT_A_TIME = 500
_MOST_WAITING = 10_000

OnHidden = Callable[[str], None]
"""Called in a thread with the SHA-256 of each picture that no message shows any longer."""


class RecalledPictures:
    """Owns the task that hides the pictures of recalled messages."""

    def __init__(self, database: Database, store: MediaStore) -> None:
        self._database = database
        self._store = store
        self._waiting: set[int] = set()
        self._listeners: list[OnHidden] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def on_hidden(self, callback: OnHidden) -> None:
        """Call `callback` for each picture that is hidden."""
        self._listeners.append(callback)

    def recalled(self, message_rows: Sequence[int]) -> None:
        """Tell that messages were recalled; fits `LogWriter.on_recall`."""
        if len(self._waiting) < _MOST_WAITING:  # beyond that, the next start sees to them
            self._waiting.update(message_rows)
        self._wake.set()

    async def start(self) -> None:
        """Begin with what was recalled while nobody watched."""
        async with self._database.read() as connection:
            query = (
                select(attachments.c.message_row)
                .join(messages, messages.c.id == attachments.c.message_row)
                .where(messages.c.recalled_ms.is_not(None), _may_have_a_thumbnail(), ~_is_held())
                .distinct()
            )
            self._waiting.update(await connection.scalars(query))
        self._wake.set()
        self._task = asyncio.create_task(self._run(), name="media-forgetting")

    async def close(self) -> None:
        """Stop; what is left is seen to at the next start."""
        await end(self._task)
        self._task = None

    async def _run(self) -> None:
        while True:
            pause = _RETRY_S if self._waiting else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._hide(list(self._waiting)[:_AT_A_TIME])
            except Exception as error:
                log.error("撤回的图片还没能收起，稍后再试：%s", explain(error).advice)

    async def _hide(self, message_rows: Sequence[int]) -> None:
        async with self._database.read() as connection:
            under_way = await self._under_way(connection, message_rows)
            hidden = await self._hidden(connection, message_rows)
        for sha256 in hidden:
            await asyncio.to_thread(self._hide_one, sha256)
        self._waiting.difference_update(set(message_rows) - under_way)
        if self._waiting - under_way:
            self._wake.set()

    def _hide_one(self, sha256: str) -> None:
        """One that the disk will not give up must not keep the others in sight."""
        for forget in (self._store.forget_thumbnail, *self._listeners):
            try:
                forget(sha256)
            except OSError as error:
                log.warning("一张撤回的图没能收起，下次启动再试：%s", explain(error).advice)

    async def _under_way(self, connection: AsyncConnection, rows: Sequence[int]) -> set[int]:
        """Return the messages of which a picture is being fetched: it must be hidden as well."""
        query = select(attachments.c.message_row).where(
            attachments.c.message_row.in_(rows), attachments.c.state == State.PENDING.value
        )
        return set(await connection.scalars(query))

    async def _hidden(self, connection: AsyncConnection, rows: Sequence[int]) -> list[str]:
        query = (
            select(attachments.c.sha256)
            .where(attachments.c.message_row.in_(rows), attachments.c.state == State.STORED.value)
            .where(attachments.c.sha256.is_not(None))
            .distinct()
        )
        candidates = list(await connection.scalars(query))
        return [sha256 for sha256 in candidates if not await is_shown(connection, sha256)]


def _is_held() -> ColumnElement[bool]:
    """Whether somebody else said the same picture: it stays in sight for their message."""
    other, said = attachments.alias(), messages.alias()
    return exists().where(
        other.c.sha256 == attachments.c.sha256,
        other.c.state == State.STORED.value,
        said.c.id == other.c.message_row,
        said.c.recalled_ms.is_(None),
    )


def _may_have_a_thumbnail() -> ColumnElement[bool]:
    return attachments.c.state.in_([State.PENDING.value, State.STORED.value])
