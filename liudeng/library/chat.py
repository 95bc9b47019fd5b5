"""The farewell wall as it is used in the chat: 存档, 改题, 可见, 撤下, 告别墙, 看, 随机一封."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.db import Database, explain
from liudeng.library import texts
from liudeng.library.alike import entries_alike
from liudeng.library.asker import Answer, Asker
from liudeng.library.draft import FarewellDraft
from liudeng.library.entry import Farewell, Standing, Visibility
from liudeng.library.farewells import (
    accept,
    decline,
    entry_of_message,
    farewell,
    place,
    propose,
    retitle,
    set_tags,
    set_visibility,
    withdraw,
)
from liudeng.library.index import MOST_HITS, LibrarySearch
from liudeng.library.label import Label, parse_label
from liudeng.library.letters import proposal_letter, withdrawal_letter
from liudeng.library.showing import Showing
from liudeng.library.taking import CannotKeep, draft_from_message
from liudeng.library.typed import (
    WallRequest,
    split_number,
    split_visibility,
    wall_request,
)
from liudeng.library.visible import Viewer, may_see
from liudeng.library.wall_pages import WALL_PAGE, WallPage, random_farewell, wall
from liudeng.outbox import post

log = logging.getLogger(__name__)


class FarewellDesk:
    """Answers members; who may do what is decided here."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        group_name: Callable[[int], str],
        clock: Callable[[], datetime] | None = None,
        search: LibrarySearch | None = None,
        on_hidden: Callable[[str], None] = lambda _: None,
        showing: Showing | None = None,
    ) -> None:
        """`on_hidden` is told the SHA-256 of each picture whose covered copies are not needed."""
        self._database = database
        self._zone = zone
        self._group_name = group_name
        self._search = search
        self._on_hidden = on_hidden
        self._showing = showing or Showing(database)
        self._clock = clock or (lambda: datetime.now(zone))

    async def keep(self, asker: Asker, message: StoredMessage | None, rest: str) -> Answer:
        """存档 <label>: place the message's entry, or let a moderator propose it to its author.

        `message` is the one that was replied to; None when there is none in the archive.
        """
        if message is None or message.group_id not in asker.groups:
            return Answer(texts.REPLY_TO_ONE)
        if message.user_id == asker.user_id:
            return await self._place(asker, message, rest)
        if message.user_id == str(message.self_id):
            return Answer(texts.MY_OWN_WORDS)
        if message.group_id not in asker.moderated:
            return Answer(texts.ONLY_ITS_AUTHOR)
        if not message.user_id.isdecimal():
            return Answer(texts.AUTHOR_UNKNOWN)
        return await self._propose(asker, message, rest)

    async def accept(self, asker: Asker, text: str) -> Answer:
        """同意存档 <number>: keep what a moderator proposed."""
        number, _ = split_number(text)
        if number is None:
            return Answer(texts.how_to_decide("同意存档"))
        async with self._database.write() as connection:
            entry = await accept(connection, number, asker.user_id, self._now_ms())
            known = entry or await farewell(connection, number)
        if entry is not None:
            return await self._card(asker, entry, texts.accepted_text(entry))
        if known is not None and known.author_id == asker.user_id:
            return Answer(texts.on_the_wall_text(number))
        return Answer(texts.nothing_to_decide_text(number))

    async def decline(self, asker: Asker, text: str) -> Answer:
        """不存 <number>: turn a proposal down."""
        number, _ = split_number(text)
        if number is None:
            return Answer(texts.how_to_decide("不存"))
        async with self._database.write() as connection:
            if await decline(connection, number, asker.user_id, self._now_ms()):
                return Answer(texts.declined_text(number))
            known = await farewell(connection, number)
        if known is not None and known.author_id == asker.user_id:
            return Answer(texts.on_the_wall_text(number))
        return Answer(texts.nothing_to_decide_text(number))

    async def retitle(self, asker: Asker, text: str) -> Answer:
        """改题 <number> <label>: give an entry another title, companion or tags."""
        number, rest = split_number(text)
        label = parse_label(rest)
        if number is None or label == Label():
            return Answer(texts.HOW_TO_RETITLE)
        now_ms = self._now_ms()
        async with self._database.write() as connection:
            entry = await farewell(connection, number)
            if entry is None or entry.author_id != asker.user_id:
                return _refusal(asker, number, entry)
            title, companion = label.title or entry.title, label.companion or None
            await retitle(connection, number, title, companion, now_ms)
            if label.tags:
                await set_tags(connection, number, label.tags, now_ms)
            entry = await farewell(connection, number) or entry
        return await self._card(asker, entry, texts.retitled_text(number))

    async def visibility(self, asker: Asker, text: str) -> Answer:
        """可见 <number> 私密/本群/公开: set who may see an entry."""
        number, visibility = split_visibility(text)
        if number is None or visibility is None:
            return Answer(texts.HOW_TO_SHOW)
        async with self._database.write() as connection:
            entry = await farewell(connection, number)
            if entry is None or entry.author_id != asker.user_id:
                return _refusal(asker, number, entry)
            await set_visibility(connection, number, visibility, self._now_ms())
        if visibility is not Visibility.PUBLIC:
            await self._forget_copies(entry)
        return Answer(texts.visibility_text(number, visibility))

    async def withdraw(self, asker: Asker, text: str) -> Answer:
        """撤下 <number>: its author takes an entry off the wall, or a moderator of its group."""
        number, _ = split_number(text)
        if number is None:
            return Answer(texts.how_to_name("撤下"))
        now_ms = self._now_ms()
        async with self._database.write() as connection:
            entry = await farewell(connection, number)
            if entry is None and await decline(connection, number, asker.user_id, now_ms):
                return Answer(texts.declined_text(number))
            if entry is None or not _may_withdraw(asker, entry):
                return _refusal(asker, number, entry)
            await withdraw(connection, number, now_ms)
            by_author = entry.author_id == asker.user_id
            if not by_author:
                await self._tell_author(connection, asker, entry, now_ms)
        await self._forget_copies(entry)
        return Answer(texts.withdrawn_text(number, by_author=by_author))

    async def wall(self, viewer: Viewer, text: str) -> Answer:
        """告别墙 [companion] [page]: return a page of the newest entries.

        Where no companion is called so, it is what the entries that are wanted say.
        """
        request = wall_request(text)
        async with self._database.read() as connection:
            page = await wall(connection, viewer, companion=request.companion, page=request.page)
        if not page.total and request.companion and self._search is not None:
            page = await self._found(self._search, viewer, request)
        if not page.total:
            asked = request.companion
            return Answer(texts.nothing_like_it_text(asked) if asked else texts.WALL_IS_EMPTY)
        if not page.entries:
            return Answer(texts.no_such_page_text(page))
        page = page.model_copy(update={"entries": await self._showing.each(page.entries)})
        listing = texts.wall_listing(page, self._group_name)
        return Answer(texts.wall_text(page), wall=page, listing=listing)

    async def look(self, viewer: Viewer, text: str) -> Answer:
        """看 <number>: return an entry."""
        number, _ = split_number(text)
        if number is None:
            return Answer(texts.how_to_name("看"))
        async with self._database.read() as connection:
            entry = await farewell(connection, number)
        if entry is None or not may_see(viewer, entry):
            return Answer(texts.not_here_text(number))
        return await self._shown(viewer, entry)

    async def random(self, viewer: Viewer) -> Answer:
        """随机一封: return one of the entries that may be shown here."""
        async with self._database.read() as connection:
            entry = await random_farewell(connection, viewer)
        return await self._shown(viewer, entry) if entry else Answer(texts.WALL_IS_EMPTY)

    async def _found(self, search: LibrarySearch, viewer: Viewer, request: WallRequest) -> WallPage:
        """Return a page of what was found by its words."""
        offset = (request.page - 1) * WALL_PAGE
        answer = await search.find(viewer, request.companion, WALL_PAGE, offset)
        return WallPage(
            entries=tuple(found.entry for found in answer.entries),
            total=answer.total,
            searched=request.companion,
            meant=answer.suggestion,
            companions=answer.facets.companions,
            page=request.page,
            pages=max(1, -(-min(answer.total, MOST_HITS) // WALL_PAGE)),
        )

    async def _place(self, asker: Asker, message: StoredMessage, rest: str) -> Answer:
        label = parse_label(rest)
        try:
            draft = await self._draft(message, rest)
        except CannotKeep as reason:
            return Answer(str(reason))
        async with self._database.write() as connection:
            known = await entry_of_message(connection, message.id)
            named = _named(draft, label, known) if known else draft
            entry = await place(connection, named, self._now_ms())
        if not may_see(asker, entry):
            return Answer(texts.kept_privately_text(entry.id))
        async with self._database.read() as connection:
            alike = await entries_alike(connection, asker, entry)
        again = known is not None and known.state is Standing.KEPT
        named = label.companion or (known.companion if known else "")
        text = texts.kept_text(entry, draft, named, again=again)
        return await self._card(asker, entry, "\n".join([text, *texts.alike_lines(alike)]))

    async def _propose(self, asker: Asker, message: StoredMessage, rest: str) -> Answer:
        """Whether there is an entry that the moderator may not see must not show in the answer."""
        try:
            draft = await self._draft(message, rest)
        except CannotKeep as reason:
            return Answer(str(reason))
        async with self._database.write() as connection:
            known = await entry_of_message(connection, message.id)
            if known is not None and may_see(asker, known):
                return Answer(texts.on_the_wall_text(known.id))
            entry = await propose(connection, draft, asker.user_id, self._now_ms())
            if entry is None:
                return Answer(texts.LEFT_TO_ITS_AUTHOR)
            await post(
                connection,
                proposal_letter(entry, asker.name, self._group_name(entry.group_id)),
            )
        return Answer(texts.LEFT_TO_ITS_AUTHOR)

    async def _draft(self, message: StoredMessage, label: str) -> FarewellDraft:
        """Outside the transaction that places it: recalled meanwhile, it is shown to nobody."""
        async with self._database.read() as connection:
            return await draft_from_message(connection, message, label, self._zone)

    async def _tell_author(
        self, connection: AsyncConnection, asker: Asker, entry: Farewell, now_ms: int
    ) -> None:
        if entry.author_id.isdecimal():
            group_name = self._group_name(entry.group_id)
            await post(connection, withdrawal_letter(entry, asker.name, group_name, now_ms))

    async def _forget_copies(self, entry: Farewell) -> None:
        """Another entry with the same picture gets a new copy when it is shown."""
        for sha256 in entry.pictures:
            try:
                await asyncio.to_thread(self._on_hidden, sha256)
            except OSError as error:  # nothing leads to it any longer, and the next start clears
                log.warning("一张遮好的图没能删掉：%s", explain(error).advice)

    async def _card(self, asker: Asker, entry: Farewell, text: str) -> Answer:
        """Show an entry with an answer, unless others who read along may not see it."""
        if not may_see(asker, entry):
            return Answer(text)
        shown = await self._showing.of(entry)
        return Answer(text, entry=shown, listing=texts.entry_listing(shown))

    async def _shown(self, viewer: Viewer, entry: Farewell) -> Answer:
        shown = await self._showing.of(entry)
        text = texts.look_text(shown, is_author=entry.author_id == viewer.user_id)
        return Answer(text, entry=shown, listing=texts.entry_listing(shown))

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _named(draft: FarewellDraft, label: Label, known: Farewell) -> FarewellDraft:
    """What a label leaves open stays as it was."""
    return draft.model_copy(
        update={
            "title": label.title or known.title,
            "companion": label.companion or known.companion or draft.companion,
            "tags": label.tags or known.tags,
        }
    )


def _may_withdraw(asker: Asker, entry: Farewell) -> bool:
    moderates = entry.group_id in asker.moderated and may_see(asker, entry)
    return entry.author_id == asker.user_id or moderates


def _refusal(asker: Asker, number: int, entry: Farewell | None) -> Answer:
    """Tell that an entry is somebody else's only to those who may know that it exists."""
    if entry is None or not may_see(asker, entry):
        return Answer(texts.not_here_text(number))
    return Answer(texts.not_yours_text(entry))
