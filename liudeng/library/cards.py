"""Answers as pictures: an entry's card and the wall, with everybody's names covered where due."""

import asyncio
import contextlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.covering import CannotCover, CoveredPictures, Names, NotReadYet, redacted
from liudeng.db import Database
from liudeng.library.asker import Answer
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.wall import WallPage
from liudeng.media import MediaStore
from liudeng.ocr import reading_of
from liudeng.pictures import (
    EntryCard,
    Hint,
    PictureUnavailable,
    Studio,
    WallCard,
    WallTile,
    render_entry,
    render_wall,
    theme_at,
)
from liudeng.roster import Roster

_SHOWN_TO = {
    Visibility.PRIVATE: "只有你能看到",
    Visibility.GROUP: "本群可见",
    Visibility.PUBLIC: "公开",
}
_MOST_PICTURES = 4


class FarewellCards:
    """Draws answers of the farewell wall."""

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        covered: CoveredPictures,
        studio: Studio,
        zone: ZoneInfo,
        roster: Roster,
    ) -> None:
        self._database = database
        self._store = store
        self._covered = covered
        self._studio = studio
        self._zone = zone
        self._roster = roster

    async def draw(self, answer: Answer) -> bytes | None:
        """Return the PNG of what an answer shows; None when there is nothing, or it fails."""
        theme = theme_at(datetime.now(self._zone))
        with contextlib.suppress(PictureUnavailable):  # the studio has said why
            if answer.wall is not None:
                card = await self._wall_card(answer.wall)
                return await self._studio.draw(render_wall, card, theme)
            if answer.entry is not None:
                card = await self._entry_card(answer.entry)
                return await self._studio.draw(render_entry, card, theme)
        return None

    async def _entry_card(self, entry: Farewell) -> EntryCard:
        return EntryCard(
            number=entry.id,
            title=entry.title,
            companion=entry.companion,
            author=entry.author_name,
            day=entry.day,
            words=_shown_words(entry),
            pictures=await self._pictures(entry, _MOST_PICTURES),
            visibility=_SHOWN_TO[entry.visibility],
            tags=entry.tags,
        )

    async def _wall_card(self, page: WallPage) -> WallCard:
        groups = {entry.group_id for entry in page.entries}
        tiles = [await self._tile(entry) for entry in page.entries]
        next_page = " ".join(filter(None, ("告别墙", page.asked, str(page.page + 1))))
        hints = [Hint(command="看 编号", summary="打开一封")]
        if page.page < page.pages:
            hints.append(Hint(command=next_page, summary="下一页"))
        return WallCard(
            title=_wall_title(page),
            group=self._roster.group_name(groups.pop()) if len(groups) == 1 else "",
            tiles=tuple(tiles),
            page=f"第 {page.page}/{page.pages} 页 · 共 {page.total} 封",
            hints=tuple(hints),
        )

    async def _tile(self, entry: Farewell) -> WallTile:
        pictures = await self._pictures(entry, 1, small=True)
        return WallTile(
            number=entry.id,
            title=entry.title,
            companion=entry.companion,
            author=entry.author_name,
            day=entry.day,
            picture=pictures[0] if pictures else None,
            words=_shown_words(entry) if entry.words else _seen_words(entry),
        )

    async def _pictures(
        self, entry: Farewell, most: int, *, small: bool = False
    ) -> tuple[Path, ...]:
        found: list[Path] = []
        for sha256 in entry.pictures[:most]:
            if entry.visibility is Visibility.PUBLIC:
                path = await self._covered_copy(entry, sha256)
            elif small:
                path = await asyncio.to_thread(self._store.thumbnail, sha256)
            else:
                path = await asyncio.to_thread(self._store.path, sha256)
            if path is not None:
                found.append(path)
        return tuple(found)

    async def _covered_copy(self, entry: Farewell, sha256: str) -> Path | None:
        """What cannot be covered is not shown: better no picture than somebody's name."""
        async with self._database.read() as connection:
            reading = await reading_of(connection, sha256)
        known = {entry.author_name, *self._roster.names(entry.group_id)}
        names = Names(known=known, kept=(entry.companion,) if entry.companion else ())
        try:
            return await self._covered.get(sha256, reading, names)
        except (NotReadYet, CannotCover, FileNotFoundError):
            return None


def _shown_words(entry: Farewell) -> str:
    """What everybody may read holds nobody's number."""
    return redacted(entry.words) if entry.visibility is Visibility.PUBLIC else entry.words


def _seen_words(entry: Farewell) -> str:
    """A tile without a picture quotes what was read in it, unless that was to be covered."""
    return "" if entry.visibility is Visibility.PUBLIC else entry.seen_text


def _wall_title(page: WallPage) -> str:
    if page.searched:
        return f"找到「{page.searched}」"
    return f"{page.companion}的告别" if page.companion else "告别墙"
