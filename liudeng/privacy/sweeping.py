"""Sweeping: what every kind of erasure does, whoever asked for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from liudeng.archive.erasing import erase_messages, set_seen_text
from liudeng.db import Database
from liudeng.db.compacting import CompactingPostponed
from liudeng.holding import Holder
from liudeng.library.personal import pictures_on_the_wall
from liudeng.media import MediaStore
from liudeng.media.erasing import detach, forget_files, unheld, words_forwarded
from liudeng.ocr.erasing import forget_messages, forget_pictures, words_given
from liudeng.search.log_index import purge_index

log = logging.getLogger(__name__)

_FILES = 200
_FORWARDED = 50_000
_TRIES, _PAUSE_S = 5, 2.0
REWRITTEN_AT_ONCE = 256 * 2**20
"""A larger file is rewritten at night."""
BATCH = 200
"""Messages erased in one transaction: between two of them others are stored."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where traces lie besides the tables."""

    store: MediaStore
    forget_copies: Callable[[str], None]
    """Deletes the covered copies of a picture. Blocks."""
    forget_words: Callable[[], Awaitable[None]]
    """Empties what search and library remember in memory, and builds the library's index anew."""


class Sweeper:
    """Erases messages with all that hangs on them, and makes sure no byte is left behind."""

    def __init__(self, database: Database, places: Places, holders: Sequence[Holder]) -> None:
        self._database = database
        self._places = places
        self._holders = holders

    async def erase(self, rows: Sequence[int]) -> None:
        """Erase messages by `messages.id`: rows, index, attachments, forwards, words in pictures.

        Their files go with `drop_files`.
        """
        for start in range(0, len(rows), BATCH):
            chunk = rows[start : start + BATCH]
            async with self._database.write() as connection:
                await forget_messages(connection, chunk)
                await detach(connection, chunk)
                for holder in self._holders:
                    await holder.forget_messages(connection, chunk)
                await erase_messages(connection, chunk)
            await asyncio.sleep(0)

    async def drop_files(self) -> int:
        """Delete the files that nobody's message and no entry holds; return how many."""
        async with self._database.read() as connection:
            on_the_wall = await pictures_on_the_wall(connection)
            loose = [sha256 for sha256 in await unheld(connection) if sha256 not in on_the_wall]
        for start in range(0, len(loose), _FILES):
            await self._drop(loose[start : start + _FILES])
        return len(loose)

    async def reread(self, rows: Sequence[int]) -> None:
        """Put together anew what was read in messages: something inside them was erased."""
        for row in rows:
            async with self._database.write() as connection:
                forwarded = (await words_forwarded(connection, row))[:_FORWARDED]
                words = [forwarded, *await words_given(connection, row)]
                await set_seen_text(connection, row, "\n".join(filter(None, words)))

    async def leave_no_trace(self, *, at_any_size: bool = False) -> bool:
        """Rewrite indexes and file without what was deleted.

        While the file is rewritten nobody else can write, and no alert gets out. So a large one
        waits for the night, when this is called with `at_any_size`; what was deleted is
        overwritten with zeros until then, but copies of it may lie where SQLite moved pages.

        Returns:
            False when the file still has to be rewritten.
        """
        await self._places.forget_words()
        await purge_index(self._database)
        size = await asyncio.to_thread(_size, self._database.path)
        rewrite = at_any_size or size <= REWRITTEN_AT_ONCE
        for _ in range(_TRIES):
            try:
                await self._database.compact(rewrite=rewrite)
            except CompactingPostponed:
                await asyncio.sleep(_PAUSE_S)
            else:
                return rewrite
        log.warning("删掉的内容还留在数据库的日志文件里：有别的程序开着它，稍后再清。")
        return False

    async def _drop(self, hashes: Sequence[str]) -> None:
        async with self._database.write() as connection:
            # Asked again: somebody may have posted the same picture meanwhile.
            loose = set(await unheld(connection)) & set(hashes)
            await forget_pictures(connection, sorted(loose))
            await forget_files(connection, sorted(loose))
        await asyncio.to_thread(self._delete, sorted(loose))

    def _delete(self, hashes: Sequence[str]) -> None:
        for sha256 in hashes:
            self._places.store.delete(sha256)
            self._places.forget_copies(sha256)


def _size(path: Path) -> int:
    return path.stat().st_size
