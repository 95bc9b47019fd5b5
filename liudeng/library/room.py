"""The library as the house opens it: its index, its desk, its cards and its reminders."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.covering import CoveredPictures
from liudeng.db import Database, explain
from liudeng.library.cards import FarewellCards
from liudeng.library.chat import FarewellDesk
from liudeng.library.covered_copies import CoveredCopies
from liudeng.library.dates_chat import DatesDesk
from liudeng.library.entry_pictures import FarewellPictures
from liudeng.library.index import LibraryIndexKeeper, LibrarySearch, Shelf, Way
from liudeng.library.reminders import Reminders
from liudeng.library.showing import Showing
from liudeng.library.visible import Viewer
from liudeng.media import MediaStore
from liudeng.pictures import Studio
from liudeng.roster import Roster

log = logging.getLogger(__name__)

_CURATED_LINES = 2


@dataclass(frozen=True, slots=True)
class LibraryPlace:
    """Where the library stands on this machine, and in which zone its days are."""

    data_dir: Path
    zone: ZoneInfo


class Library:
    """Owns what the library keeps running."""

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        studio: Studio,
        roster: Roster,
        place: LibraryPlace,
        on_posted: Callable[[], None],
        shelves: Sequence[Shelf] = (),
    ) -> None:
        self._shelves = shelves
        self.covered = CoveredPictures(store, place.data_dir / "covered")
        self.showing = Showing(database)
        self.index = LibraryIndexKeeper(
            database, place.data_dir / "library_index", self.showing, shelves=shelves
        )
        self.search = LibrarySearch(database, self.index.index)
        self.farewells = FarewellDesk(
            database,
            place.zone,
            roster.group_name,
            search=self.search,
            on_hidden=self.covered.forget,
            showing=self.showing,
        )
        self.cards = FarewellCards(
            FarewellPictures(database, store, self.covered, self.showing),
            studio,
            place.zone,
            roster.group_name,
        )
        self.covered_copies = CoveredCopies(database, self.covered, self.showing)
        self.dates = DatesDesk(database, place.zone)
        self._reminders = Reminders(database, place.zone, on_posted)

    async def start(self) -> None:
        """Follow what changes, and remind of what is due."""
        try:
            await asyncio.to_thread(self.covered.clear)
        except OSError as error:  # they are found by their names, which nobody asks for
            log.warning("旧的遮盖图没能清掉：%s", explain(error).advice)
        await self.index.start()
        await self._reminders.start()

    async def someone_was_erased(self) -> None:
        """Let nothing of them stay in memory, nor in the files of the index."""
        await self.showing.forget_people()
        await self.index.built_anew()

    async def close(self) -> None:
        """Stop; nothing is lost, the index is derived."""
        await self._reminders.close()
        await self.search.close()
        await self.index.close()

    def recalled(self, _message_rows: Sequence[int]) -> None:
        """Tell that messages were recalled; fits `LogWriter.on_recall`."""
        self.index.wake()

    async def curated(
        self, words: str, place: tuple[int, int], groups: Collection[int]
    ) -> Sequence[str]:
        """Return the entries that say what is searched for, a line each, to stand above the log's.

        `place` is who asks and in which group, 0 for private chat.
        """
        user_id, group_id = place
        viewer = Viewer(str(user_id), frozenset(groups), group_id or None)
        try:
            answer = await self.search.find(viewer, words, _CURATED_LINES)
            lent = [
                line
                for shelf in self._shelves
                for line in await self.search.lines(shelf, viewer, words, _CURATED_LINES)
            ]
        except Exception as error:  # the log's hits do not depend on the library
            log.warning("文库这次没有搜：%s", explain(error).advice)
            return ()
        surely = await self.showing.each(
            found.entry for found in answer.entries if found.way <= Way.PIECES
        )
        walled = [
            "　".join(filter(None, (f"墙上：《{entry.title}》", entry.companion, f"看 {entry.id}")))
            for entry in surely
        ]
        return (*lent, *walled)
