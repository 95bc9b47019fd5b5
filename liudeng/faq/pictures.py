"""问答 as a card: what can be asked, by topic."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.faq.entry import Entry
from liudeng.faq.texts import by_tag
from liudeng.pictures import (
    AnswerCard,
    HelpCard,
    HelpLine,
    HelpSection,
    PictureUnavailable,
    Studio,
    render_answer,
    render_help,
    theme_at,
)

_SECTIONS = 7
_OF_EACH = 3
_MOST_LINES = 21


class FaqPictures:
    """Draws the list of questions, and answers."""

    def __init__(self, studio: Studio, zone: ZoneInfo) -> None:
        self._studio = studio
        self._zone = zone

    async def draw_answer(self, card: AnswerCard) -> bytes | None:
        """Return an answer as PNG; None when it cannot be drawn."""
        try:
            return await self._studio.draw(render_answer, card, theme_at(datetime.now(self._zone)))
        except PictureUnavailable:
            return None

    async def draw(self, entries: Sequence[Entry]) -> bytes | None:
        """Return the card as PNG; None when it cannot be drawn."""
        theme = theme_at(datetime.now(self._zone))
        try:
            return await self._studio.draw(render_help, listing_card(entries), theme)
        except PictureUnavailable:
            return None


def listing_card(entries: Sequence[Entry]) -> HelpCard:
    """Return what the card shows: the first questions under each of the largest tags."""
    sections: list[HelpSection] = []
    lines = 0
    for tag, listed in by_tag(entries)[:_SECTIONS]:
        shown = listed[: min(_OF_EACH, _MOST_LINES - lines)]
        if not shown:
            break
        lines += len(shown)
        rows = [HelpLine(usage=f"问答 {one.id}", summary=one.body.question) for one in shown]
        sections.append(HelpSection(title=tag, lines=tuple(rows)))
    left = len(entries) - lines
    footer = f"还有 {left} 条没有列出来，直接问就能找到。" if left else ""
    intro = f"共 {len(entries)} 条。不用记编号，用大白话问就行。"
    return HelpCard(title="问答", intro=intro, sections=tuple(sections), footer=footer)
