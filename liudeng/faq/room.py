"""Questions and answers as the house opens them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage
from liudeng.db import Database, now_ms
from liudeng.faq.asking import FaqDesk
from liudeng.faq.book import FaqBook
from liudeng.faq.editing import FaqEditing
from liudeng.faq.entry import Entry
from liudeng.faq.indexing import FaqShelf
from liudeng.faq.matching import SentenceVectors, installed
from liudeng.faq.report import WeeklyReport
from liudeng.faq.seed import load_seed
from liudeng.faq.unasked import UnaskedReader
from liudeng.roster import Roster


class Faq:
    """Owns what questions and answers keep running."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        zone: ZoneInfo,
        lore: Path,
        on_posted: Callable[[], None],
        *,
        vectors: bool,
    ) -> None:
        encoder = SentenceVectors() if vectors and installed() else None
        self._encoder = encoder
        self._database = database
        self._zone = zone
        self.book = FaqBook(database, lore, encoder)
        self.shelf = FaqShelf()
        self.desk = FaqDesk(database, self.book, zone)
        self.editing = FaqEditing(database, zone, self.book.changed)
        self.report = WeeklyReport(database, roster, zone, on_posted)

    def reader(self, *, default: bool, hushed: Callable[[str], bool]) -> UnaskedReader:
        """Return the reader that answers unasked; see `UnaskedReader` for what it is told."""
        reader = UnaskedReader(self.book, self._zone, default=default, hushed=hushed)
        reader.on_said = self._said
        return reader

    async def open(self) -> None:
        """Load the seed once, read the entries, begin the weekly report.

        Raises:
            SynonymsProblem: a moderator's edit of the synonyms does not load.
            SeedProblem: the seed does not load.
            sqlalchemy.exc.DBAPIError: the database refuses.
        """
        async with self._database.write() as connection:
            await load_seed(connection, now_ms())
        if self._encoder is not None:
            await asyncio.to_thread(self._encoder.load)  # not while somebody waits for an answer
        await self.book.open()
        await self.report.start()

    async def close(self) -> None:
        """Stop."""
        await self.report.close()
        await self.book.close()

    def _said(self, message: StoredMessage, entry: Entry) -> None:
        self.desk.spoke(message.group_id, message.user_id, entry.id)
