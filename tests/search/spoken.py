"""The chat's search as one hears it: every answer as its whole text."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database
from liudeng.search import By, ChatSearch, LogSearch, Manner
from liudeng.search.budget import Times
from liudeng.search.chat import Curated
from liudeng.search.paging import Place
from liudeng.search.turns import Turns
from tests.fakes.payloads import GROUP, OTHER_GROUP

NAMES = {GROUP: "守灯人", OTHER_GROUP: "别的群"}
SOMEBODY = (42, 0)


def manner(zone: ZoneInfo, page_size: int = 3) -> Manner:
    """Return how results are shown in the tests."""
    return Manner(
        page_size,
        zone,
        lambda group_id: NAMES.get(group_id, str(group_id)),
        lambda: datetime(2026, 11, 22, tzinfo=zone),
    )


class Spoken:
    """Asks, and returns what is said."""

    def __init__(
        self,
        database: Database,
        manner: Manner,
        times: Times | None = None,
        turns: Turns | None = None,
        curated: Curated | None = None,
    ) -> None:
        search = LogSearch(database, times)
        self.chat = ChatSearch(database, search, manner, turns, curated)

    async def find(self, place: Place, text: str, groups: Collection[int]) -> str:
        return (await self.chat.find(place, text, groups)).text

    async def next_page(self, place: Place, groups: Collection[int], quoted: str = "") -> str:
        return (await self.chat.next_page(place, groups, quoted)).text

    async def only_pictures(self, place: Place, groups: Collection[int]) -> str:
        return (await self.chat.only_pictures(place, groups)).text

    async def count(self, place: Place, by: By, groups: Collection[int]) -> str:
        return (await self.chat.count(place, by, groups)).text

    async def context(self, text: str, groups: Collection[int]) -> str:
        return (await self.chat.context(SOMEBODY, text, groups)).text
