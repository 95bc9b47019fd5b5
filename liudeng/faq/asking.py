"""What members ask, and what they are answered."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database, now_ms
from liudeng.faq import texts
from liudeng.faq.book import FaqBook
from liudeng.faq.cards import answer_card
from liudeng.faq.counting import count_use, hush, vote, votes
from liudeng.faq.entry import Entry
from liudeng.faq.gaps import note_gap
from liudeng.faq.matching.speech import asks
from liudeng.library import Viewer
from liudeng.pictures import AnswerCard

_REMEMBERED = 2_000
_LEAST_ASKED = 2
_MOST_ASKED = 300
_ALSO = 2
_SURE = 0.9
"""From this probability on, nothing else is offered beside the answer."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What can be asked here."""

    entries: tuple[Entry, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told: words, and for an answer the card that may stand in their place."""

    text: str
    card: AnswerCard | None = None
    below: str = ""
    """What is said below the card: what can be touched, copied and dialled, and the number."""


class FaqDesk:
    """Answers members. Every answer is a text; who may see what is settled by the viewer."""

    def __init__(
        self,
        database: Database,
        book: FaqBook,
        zone: ZoneInfo,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._database = database
        self._book = book
        self._zone = zone
        self._clock = clock
        self._answered: OrderedDict[tuple[int, str], int] = OrderedDict()

    async def ask(self, viewer: Viewer, text: str, *, mentioned: bool = False) -> Told | None:
        """问: answer a question asked in somebody's own words.

        None when somebody only mentioned the bot and asked for nothing.
        """
        asked = " ".join(text.split())[:_MOST_ASKED]
        if len(asked) < _LEAST_ASKED:
            return None if mentioned else Told(texts.HOW_TO_ASK)
        groups, today = viewer.reach, self.today()
        match = await self._book.match(asked, groups, today)
        sure = match.probability >= _SURE
        if mentioned and not sure and not asks(asked):
            return None
        entry = await self._book.entry(match.answer, groups)
        if entry is not None:
            others = () if sure else match.suggestions[:_ALSO]
            similar = [one for number in others if (one := await self._book.entry(number, groups))]
            await self._note_answer(viewer, entry)
            return Told(
                texts.answer_text(entry, today, similar),
                answer_card(entry, today, similar=similar),
                texts.below_card(entry),
            )
        listed = [await self._book.entry(number, groups) for number in match.suggestions]
        found = [one for one in listed if one is not None]
        async with self._database.write() as connection:
            gap = await note_gap(connection, viewer.place_group or 0, asked, self._clock())
        return Told(texts.suggestions_text(found) if found else texts.no_answer_text(gap))

    async def entry(self, viewer: Viewer, number: int) -> Told:
        """问答 <number>: return an entry in full."""
        found = await self._book.entry(number, viewer.reach)
        if found is None:
            return Told(texts.unknown_text(number))
        await self._note_answer(viewer, found)
        async with self._database.read() as connection:
            counts = await votes(connection, found.id)
        today = self.today()
        return Told(
            texts.entry_text(found, today, counts),
            answer_card(found, today, counts=counts),
            texts.below_card(found),
        )

    async def listing(self, viewer: Viewer) -> Listing:
        """问答: return what can be asked."""
        entries = await self._book.entries(viewer.reach, self.today())
        text = texts.listing_text(entries) if entries else texts.NOTHING_LISTED
        return Listing(tuple(entries), text)

    async def rate(self, viewer: Viewer, number: int | None, *, useful: bool) -> str:
        """有用 / 没用: note what somebody thinks of the answer they got, or of entry `number`."""
        chosen = number or self._last(viewer)
        entry = await self._book.entry(chosen, viewer.reach)
        if entry is None:
            return texts.NOT_NOW if number is None else texts.unknown_text(number)
        async with self._database.write() as connection:
            await vote(connection, entry.id, viewer.user_id, self._clock(), useful=useful)
        return texts.THANKS if useful else texts.NOT_USEFUL

    async def hush(self, viewer: Viewer, number: int | None) -> str:
        """不用答: what the bot said unasked in this group, it says unasked no more."""
        group_id = viewer.place_group
        chosen = number or self._answered.get((group_id or 0, ""))
        entry = await self._book.entry(chosen, viewer.reach)
        if entry is None or group_id is None:
            return "好。我最近没有接过话；不想我接话，管理可以发「自动回答 关」。"
        async with self._database.write() as connection:
            await hush(connection, group_id, entry.id, self._clock())
        return f"好，这一条（{entry.id} 号）一个月内没人问我就不说了。"

    def spoke(self, group_id: int, user_id: str, entry_id: int) -> None:
        """Tell that an entry answered somebody unasked."""
        self._remember((group_id, ""), entry_id)
        self._remember((group_id, user_id), entry_id)

    def today(self) -> date:
        """Return the day, in the bot's zone."""
        return datetime.fromtimestamp(self._clock() / 1000, self._zone).date()

    async def _note_answer(self, viewer: Viewer, entry: Entry) -> None:
        self._remember((viewer.place_group or 0, viewer.user_id), entry.id)
        async with self._database.write() as connection:
            await count_use(connection, entry.id, viewer.place_group or 0, self.today())

    def _last(self, viewer: Viewer) -> int | None:
        return self._answered.get((viewer.place_group or 0, viewer.user_id))

    def _remember(self, key: tuple[int, str], entry_id: int) -> None:
        self._answered[key] = entry_id
        self._answered.move_to_end(key)
        while len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
