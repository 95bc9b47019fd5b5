"""The search room as the house opens it: answers, cards and exports, in turn."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from liudeng.db import Database
from liudeng.media import MediaStore
from liudeng.outbox import Gateway
from liudeng.pictures import Studio
from liudeng.search.cards import SearchCards
from liudeng.search.chat import ChatSearch, Curated
from liudeng.search.engine import LogSearch
from liudeng.search.export import ExportFolder, SearchExport
from liudeng.search.manner import Manner
from liudeng.search.turns import Turns
from liudeng.tasks import end
from liudeng.text.words import load_words


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What search uses of other rooms."""

    database: Database
    gateway: Gateway
    store: MediaStore
    studio: Studio
    curated: Curated


class SearchRoom:
    """Owns what answers searches."""

    def __init__(self, neighbours: Neighbours, manner: Manner, exports: Path) -> None:
        database, turns = neighbours.database, Turns()
        search = LogSearch(database)
        self.chat = ChatSearch(database, search, manner, turns, neighbours.curated)
        self.cards = SearchCards(database, neighbours.store, neighbours.studio, manner)
        self.export = SearchExport(
            database, search, neighbours.gateway, manner, ExportFolder(exports), turns
        )
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Delete what a crash left of exports; read the dictionary before anybody asks."""
        await self.export.clear()
        self._warming = asyncio.create_task(asyncio.to_thread(load_words), name="search-words")

    async def close(self) -> None:
        """Stop."""
        await end(self._warming)
