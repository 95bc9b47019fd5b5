"""Links as members ask for them: 资源, 公告."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.library import Viewer
from liudeng.pictures import LinksCard
from liudeng.resources import cards, texts
from liudeng.resources.announcements import Announcement, pinned
from liudeng.resources.entry import CATEGORIES, Resource, State, category_meant
from liudeng.resources.ledger import (
    Listing,
    Wanted,
    best_of_each,
    categories,
    listed,
    resource,
    vote,
)
from liudeng.resources.typed import quoted_number, split_aim, split_page

PAGE = 6
_MOST_WORDS = 5
_USEFUL = ("有用", "好用")
_BROKEN = ("失效", "没用", "打不开")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    text: str
    """Said in any case, below the card if there is one."""
    card: LinksCard | None = None
    listing: str = ""
    """What the card shows, in words, for when it cannot be drawn."""

    @property
    def plain(self) -> str:
        """The whole answer in words."""
        return f"{self.listing}\n{self.text}" if self.listing else self.text


@dataclass(frozen=True, slots=True)
class Names:
    """What groups and their members are called."""

    group: Callable[[int], str]
    member: Callable[[int, int], str]
    """By group and number; nothing where the member is not known."""


class LinkDesk:
    """Answers members."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        names: Names,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._zone = zone
        self._names = names
        self._clock = clock or (lambda: datetime.now(zone))

    async def ask(self, viewer: Viewer, text: str) -> Answer:
        """资源 [category, words, number, 有用/失效 number]."""
        word, _, rest = text.strip().partition(" ")
        if word in (*_USEFUL, *_BROKEN):
            return await self._vote(viewer, rest, useful=word in _USEFUL)
        aimed = split_aim(text)
        if aimed.number is not None and not aimed.rest:
            return await self._show(viewer, aimed.number)
        if not text.strip():
            return await self._overview(viewer)
        return await self._page(viewer, *split_page(text))

    async def announcements(self, viewer: Viewer) -> Answer:
        """公告: what moderators pinned."""
        async with self._database.read() as connection:
            found = await pinned(connection, viewer.reach, self._now_ms())
        if not found:
            return Answer(texts.NOTHING_PINNED)
        lines = [f"{one.id}　{self._worded(one, viewer)}" for one in found]
        return Answer("\n".join(["现在置顶的：", *lines]))

    async def _overview(self, viewer: Viewer) -> Answer:
        today = self._today()
        async with self._database.read() as connection:
            rows = await best_of_each(connection, viewer.reach, today)
            notices = await pinned(connection, viewer.reach, self._now_ms())
        rows.sort(key=lambda row: _place(row[0].category))
        words = [self._worded(one, viewer) for one in notices]
        if not rows and not words:
            return Answer(texts.EMPTY)
        card = cards.overview(rows, words, today, self._zone)
        lines = [f"【公告】{line}" for line in words]
        lines += [f"{entry.category}（{count}）：{entry.id}　{entry.name}" for entry, count in rows]
        return Answer(
            "想看哪一类，发「资源 类别」；想要链接，发「资源 编号」。", card, "\n".join(lines)
        )

    async def _page(self, viewer: Viewer, words: str, page: int) -> Answer:
        today = self._today()
        async with self._database.read() as connection:
            title, found = await self._found(connection, viewer, words, page)
        if not found.total:
            return Answer(texts.not_found_text(words))
        pages = -(-found.total // PAGE)
        if not found.entries:
            return Answer(f"「{words}」只有 {pages} 页。")
        position = f"第 {page}/{pages} 页 · 共 {found.total} 条"
        card = cards.page_of(title, found.entries, position, today, self._zone)
        lines = [texts.line_of(entry, today, self._zone) for entry in found.entries]
        first = found.entries[0]
        text = f"最靠得住的是 {first.id} 号：{first.url}"
        if page < pages:
            text += f"\n下一页：资源 {words} {page + 1}"
        return Answer(text, card, "\n".join([f"{title}（{position}）", *lines]))

    async def _found(
        self, connection: AsyncConnection, viewer: Viewer, words: str, page: int
    ) -> tuple[str, Listing]:
        """Look for a category called so, and where there is none, for the words."""
        offset, today = (page - 1) * PAGE, self._today()
        known = await categories(connection, viewer.reach)
        category = next((one for one in (words, category_meant(words)) if one in known), None)
        if category is not None:
            wanted = Wanted(category, limit=PAGE, offset=offset)
            return category, await listed(connection, viewer.reach, wanted, today)
        wanted = Wanted(words=tuple(words.split()[:_MOST_WORDS]), limit=PAGE, offset=offset)
        return f"找到「{words[:20]}」", await listed(connection, viewer.reach, wanted, today)

    async def _show(self, viewer: Viewer, number: int) -> Answer:
        today = self._today()
        async with self._database.read() as connection:
            entry = await resource(connection, number, viewer.reach)
        if entry is None or entry.state is not State.LISTED:
            return Answer(f"没有 {number} 号链接，可能收起来了。发「资源」看现在有哪些。")
        owner = self._owner(entry)
        card = cards.single(entry, today, self._zone, owner)
        told = f"{texts.source_line(entry)}\n" if entry.source else ""
        text = f"{entry.url}\n{told}{texts.how_to_vote_here(number)}"
        return Answer(text, card, texts.whole_of(entry, today, self._zone, owner))

    async def rate(self, viewer: Viewer, rest: str, quoted: str, *, useful: bool) -> Answer:
        """失效 [number], or 有用 / 失效 quoting a card: note what somebody found of a link."""
        number = split_aim(rest).number or quoted_number(quoted)
        return await self._vote(viewer, f"{number or ''}", useful=useful)

    async def _vote(self, viewer: Viewer, rest: str, *, useful: bool) -> Answer:
        number = split_aim(rest).number
        if number is None:
            return Answer(texts.HOW_TO_VOTE)
        async with self._database.write() as connection:
            entry = await resource(connection, number, viewer.reach)
            if entry is None or entry.state is not State.LISTED:
                return Answer(f"没有 {number} 号链接，可能收起来了。发「资源」看现在有哪些。")
            counted = await vote(connection, number, viewer.user_id, self._now_ms(), useful=useful)
        return Answer(texts.vote_text(entry, useful=useful, counted=counted))

    def _owner(self, entry: Resource) -> str:
        """Return who vouches for a link, as the group knows them; never a number."""
        if entry.is_shared or not entry.owner_id.isdigit():
            return ""
        return self._names.member(entry.group_id, int(entry.owner_id))

    def _worded(self, one: Announcement, viewer: Viewer) -> str:
        day = texts.shown_day(self._day(one.ends_ms - 1), self._today())
        group = f"「{self._names.group(one.group_id)}」" if viewer.in_private else ""
        link = f"（资源 {one.resource_id}）" if one.resource_id is not None else ""
        return f"{group}{one.words}{link}（到{day}）"

    def _day(self, ms: int) -> date:
        return datetime.fromtimestamp(ms / 1000, self._zone).date()

    def _today(self) -> date:
        return self._clock().date()

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _place(category: str) -> tuple[int, str]:
    """Return where a category stands: the usual ones as they are usually listed, then others."""
    usual = list(CATEGORIES)
    return (usual.index(category) if category in usual else len(usual), category)
