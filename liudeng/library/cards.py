"""Answers as pictures: an entry's card and the wall, with everybody's names covered where due."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.library.asker import Answer
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.entry_pictures import FarewellPictures
from liudeng.library.wall_pages import WallPage
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

_SHOWN_TO = {
    Visibility.PRIVATE: "只有你能看到",
    Visibility.GROUP: "本群可见",
    Visibility.PUBLIC: "公开",
}
_MOST_PICTURES = 12
"""Nine are drawn, the others counted; covering one takes a second the first time."""


class FarewellCards:
    """Draws answers of the farewell wall; public entries come as `Showing` shows them."""

    def __init__(
        self,
        pictures: FarewellPictures,
        studio: Studio,
        zone: ZoneInfo,
        group_name: Callable[[int], str],
    ) -> None:
        self._pictures = pictures
        self._studio = studio
        self._zone = zone
        self._group_name = group_name

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
            words=entry.words,
            pictures=await self._pictures.of(entry, _MOST_PICTURES),
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
            group=self._group_name(groups.pop()) if len(groups) == 1 else "",
            tiles=tuple(tiles),
            page=f"第 {page.page}/{page.pages} 页 · 共 {page.total} 封",
            hints=tuple(hints),
        )

    async def _tile(self, entry: Farewell) -> WallTile:
        pictures = await self._pictures.of(entry, 1, small=True)
        return WallTile(
            number=entry.id,
            title=entry.title,
            companion=entry.companion,
            author=entry.author_name,
            day=entry.day,
            picture=pictures[0] if pictures else None,
            words=entry.words or entry.seen_text,
        )


def _wall_title(page: WallPage) -> str:
    if page.searched:
        return f"找到「{page.searched}」"
    return f"{page.companion}的告别" if page.companion else "告别墙"
