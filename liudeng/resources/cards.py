"""Answers about links as pictures."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from liudeng.pictures import (
    Hint,
    LinkRow,
    LinksCard,
    PictureUnavailable,
    Studio,
    Tone,
    render_links,
    theme_at,
)
from liudeng.resources import texts
from liudeng.resources.entry import Outcome, Resource


class LinkCards:
    """Draws them."""

    def __init__(self, studio: Studio, zone: ZoneInfo) -> None:
        self._studio = studio
        self._zone = zone

    async def draw(self, card: LinksCard) -> bytes | None:
        """Return the card as PNG; None when it cannot be drawn."""
        try:
            theme = theme_at(datetime.now(self._zone))
            return await self._studio.draw(render_links, card, theme)
        except PictureUnavailable:  # the studio has said why
            return None


def row_of(entry: Resource, today: date, zone: ZoneInfo) -> LinkRow:
    """Return a link as it stands on a card."""
    facts = texts.facts_of(entry, today, zone)
    return LinkRow(
        number=f"{entry.id} 号",
        title=entry.name,
        summary=entry.summary,
        address=texts.address_of(entry),
        facts=facts or "还没有核实过",
        tone=_tone(entry, today),
    )


def overview(
    rows: Sequence[tuple[Resource, int]], pinned: Sequence[str], today: date, zone: ZoneInfo
) -> LinksCard:
    """Return the best of each category, with how many there are."""
    shown = [
        row_of(entry, today, zone).model_copy(
            update={"summary": "", "title": f"{entry.category} · {count}", "address": entry.name}
        )
        for entry, count in rows
    ]
    hints = (
        Hint(command="资源 导出", summary="看一类"),
        Hint(command="资源 编号", summary="看一条，拿链接"),
    )
    return LinksCard(
        title="资源",
        subtitle="有人核实过的链接。每一类列着最靠得住的一条。",
        pinned=tuple(pinned),
        rows=tuple(shown),
        hints=hints,
    )


def page_of(
    title: str, entries: Sequence[Resource], page: str, today: date, zone: ZoneInfo
) -> LinksCard:
    """Return a page of one category or search."""
    hints = (
        Hint(command="资源 编号", summary="看一条，拿链接"),
        Hint(command="失效 编号", summary="打不开了，告诉管理"),
    )
    rows = tuple(row_of(entry, today, zone) for entry in entries)
    return LinksCard(title=title, kicker="资源", rows=rows, page=page, hints=hints)


def single(entry: Resource, today: date, zone: ZoneInfo, owner: str = "") -> LinksCard:
    """Return all there is to know of one link; `owner` is who vouches for it, as it is shown."""
    hints = (
        Hint(command="有用", summary="回复这张卡片：帮到了你"),
        Hint(command="失效", summary="回复这张卡片：打不开了"),
    )
    row = row_of(entry, today, zone).model_copy(update={"title": "", "number": ""})
    return LinksCard(
        title=entry.name,
        kicker=f"{entry.category} · {entry.id} 号",
        subtitle="　".join(f"#{tag}" for tag in entry.tags),
        rows=(row,),
        whole=True,
        page=" · ".join(filter(None, (texts.owner_of(owner), texts.source_of(entry)))),
        hints=hints,
    )


def _tone(entry: Resource, today: date) -> Tone:
    if entry.is_over(today):
        return Tone.OVER
    if texts.is_in_doubt(entry):
        return Tone.DOUBT
    good = entry.outcome in (Outcome.GOOD, Outcome.CLOSED)
    return Tone.GOOD if good or entry.verified_on is not None else Tone.PLAIN
