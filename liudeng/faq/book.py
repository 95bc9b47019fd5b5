"""The entries as the bot asks them: one matcher over all groups, built anew when they change."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from liudeng.db import Database
from liudeng.faq.entry import Entry, State
from liudeng.faq.matching import Askable, Concepts, Lore, Match, Matcher, SentenceVectors
from liudeng.faq.store import live_entries, visible_among

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Book:
    """What is asked, as of one moment."""

    entries: dict[int, Entry]
    matcher: Matcher

    def among(self, groups: Collection[int], today: date) -> list[int]:
        """Return what counts for these groups and answers on this day."""
        visible = visible_among(self.entries.values(), groups)
        return [entry.id for entry in visible if entry.answers_on(today)]


class FaqBook:
    """Answers which entry is meant. One thread does the work; the loop only waits for it."""

    def __init__(
        self, database: Database, lore: Path, vectors: SentenceVectors | None = None
    ) -> None:
        self._database = database
        self._folder = lore
        self._vectors = vectors
        self._lore = Lore(Concepts({}))
        self._book = _Book({}, Matcher((), self._lore))
        self._wanted, self._built = 1, 0
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="faq")

    async def open(self) -> None:
        """Read how people talk, and the entries.

        Raises:
            SynonymsProblem: a moderator's edit of the synonyms does not load.
            sqlalchemy.exc.DBAPIError: the entries cannot be read.
        """
        self._lore = await asyncio.to_thread(Lore.load, self._folder)
        await self._current()

    async def close(self) -> None:
        """End the thread."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def changed(self) -> None:
        """Tell that entries changed: they are read again before the next question."""
        self._wanted += 1

    async def match(self, text: str, groups: Collection[int], today: date) -> Match:
        """Return what is meant, among what counts for these groups and answers on this day."""
        book = await self._current()
        return await self._in_thread(book.matcher.match, text, book.among(groups, today))

    async def match_unasked(self, text: str, groups: Collection[int], today: date) -> Match:
        """Return the same for somebody who asked nobody; far quicker where nothing is meant."""
        book = await self._current()
        return await self._in_thread(book.matcher.match_unasked, text, book.among(groups, today))

    async def entries(self, groups: Collection[int], today: date) -> list[Entry]:
        """Return the entries that answer somebody in these groups."""
        book = await self._current()
        listed = visible_among(book.entries.values(), groups)
        return [entry for entry in listed if entry.answers_on(today)]

    async def entry(self, entry_id: int | None, groups: Collection[int]) -> Entry | None:
        """Return a live entry that counts for these groups."""
        book = await self._current()
        found = book.entries.get(entry_id or 0)
        if found is None or found.body.state is not State.LIVE:
            return None
        return found if found in visible_among(book.entries.values(), groups) else None

    async def could_be_asked(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each message whether it may be a question at all."""
        book = await self._current()
        return [book.matcher.could_be_asked(text) for text in texts]

    async def _current(self) -> _Book:
        if self._built == self._wanted:
            return self._book
        async with self._turn:
            wanted = self._wanted  # what changes while this is built is built next time
            if self._built != wanted:
                async with self._database.read() as connection:
                    entries = await live_entries(connection)
                matcher = await self._in_thread(self._matcher, entries)
                self._book = _Book({entry.id: entry for entry in entries}, matcher)
                self._built = wanted
        return self._book

    def _matcher(self, entries: Sequence[Entry]) -> Matcher:
        return Matcher([askable(entry) for entry in entries], self._lore, self._vectors)

    async def _in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def askable(entry: Entry) -> Askable:
    """Return an entry as the matcher knows it."""
    tags = " ".join(entry.body.tags)
    return Askable(entry.id, entry.body.asked, f"{entry.body.answer} {tags}")
