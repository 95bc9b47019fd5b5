"""Results and charts as pictures, where these read better than words."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from liudeng.db import Database
from liudeng.media import Attachment, MediaStore, State, images_of
from liudeng.pictures import (
    Bar,
    Facet,
    FacetsCard,
    FoundHit,
    Hint,
    HitsCard,
    PictureUnavailable,
    Studio,
    render_facets,
    render_hits,
    theme_at,
)
from liudeng.search.answer import Answer, ShownFacets, ShownHits
from liudeng.search.answers import TITLES, counted
from liudeng.search.conversations import Conversation
from liudeng.search.excerpt import UNSEEN_MARKS, marked_parts
from liudeng.search.facets import By
from liudeng.search.lines import hit_line, one_line
from liudeng.search.manner import Manner

MOST_ROWS = 7
"""Rows that fit on a card, however long each is; more are told in words, none is left out."""
_WALL_OF_TEXT = 14
"""Lines of an answer that are easier to read as a picture."""
_SHOWN_OF_ONE = 3
"""Hits of one conversation that have a row."""
_WORTH_DRAWING = 3
"""Bars that are easier to compare as a picture."""
_COLUMNS = 12
"""Months that stand side by side."""
_EXCERPT = 66
_ONLY_A_PICTURE = "[图片]"
"""What stands for a picture in words."""


@dataclass(frozen=True)
class Thumbnails:
    """The pictures of a hit."""

    first: Path | None
    count: int


class SearchCards:
    """Draws answers to a search."""

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        studio: Studio,
        manner: Manner,
    ) -> None:
        self._database = database
        self._store = store
        self._studio = studio
        self._manner = manner

    async def draw(self, answer: Answer) -> bytes | None:
        """Return the PNG of what an answer shows; None where words are better, or it fails."""
        theme = theme_at(self._manner.now())
        with contextlib.suppress(PictureUnavailable):  # the studio has said why
            match answer.shown:
                case ShownFacets() as shown if len(shown.facets.bars) >= _WORTH_DRAWING:
                    return await self._studio.draw(render_facets, facets_card(shown), theme)
                case ShownHits() as shown:
                    thumbnails = await self._thumbnails(shown)
                    if _reads_better(answer, shown, thumbnails):
                        card = self._hits_card(shown, thumbnails)
                        return await self._studio.draw(render_hits, card, theme)
        return None

    async def _thumbnails(self, shown: ShownHits) -> dict[int, Thumbnails]:
        """Return the kept pictures of hits; those of a recalled message are none."""
        hits = [hit.id for found in shown.results.found for hit in found.hits[:_SHOWN_OF_ONE]]
        async with self._database.read() as connection:
            attached = await images_of(connection, hits)
        return await asyncio.to_thread(self._look_up, attached)

    def _look_up(self, attached: Mapping[int, Sequence[Attachment]]) -> dict[int, Thumbnails]:
        found: dict[int, Thumbnails] = {}
        for row_id, pictures in attached.items():
            kept = [each.sha256 for each in pictures if each.state is State.STORED and each.sha256]
            paths = filter(None, map(self._store.thumbnail, kept))
            found[row_id] = Thumbnails(next(paths, None), len(pictures))
        return found

    def _hits_card(self, shown: ShownHits, thumbnails: Mapping[int, Thumbnails]) -> HitsCard:
        standing, page = shown.standing, shown.results.page
        total = counted(page.model_copy(update={"total": standing.total}))
        hints = [Hint(command="上下文 编号", summary="看前后")]
        if not standing.finished:
            hints.insert(0, Hint(command="下一页"))
        of_one = _rows_of_one(shown)
        rows = [
            row
            for found in shown.results.found
            for row in self._rows(found, shown, thumbnails)[:of_one]
        ]
        return HitsCard(
            title=one_line(standing.text),
            subtitle=shown.note.rstrip("："),
            hits=tuple(rows),
            page=f"第 {shown.first}–{standing.shown} 条 · 共 {total}",
            hints=tuple(hints),
        )

    def _rows(
        self, found: Conversation, shown: ShownHits, thumbnails: Mapping[int, Thumbnails]
    ) -> list[FoundHit]:
        """Return a conversation's rows: its first hit with a number, a few more without."""
        rows: list[FoundHit] = []
        count, words = len(found.hits), shown.results.page.query.words
        for number, hit in enumerate(found.hits[:_SHOWN_OF_ONE]):
            pictures = thumbnails.get(hit.id, Thumbnails(None, 0))
            place = [] if number else [f"这段对话里 {count} 条"] if count > 1 else []
            if not number and len(shown.standing.groups) > 1:
                place.insert(0, self._manner.group_name(hit.group_id))
            if pictures.count > 1:
                place.append(f"{pictures.count} 张图")
            excerpt, marks = marked_parts(hit_line(hit, words, _EXCERPT, UNSEEN_MARKS))
            rows.append(
                FoundHit(
                    number="" if number else f"#{hit.seq}",
                    speaker=hit.display_name,
                    time=self._manner.when(hit.time_ms),
                    excerpt="" if pictures.first and excerpt == _ONLY_A_PICTURE else excerpt,
                    marks=marks,
                    picture=pictures.first,
                    place=" · ".join(place),
                )
            )
        return rows


def facets_card(shown: ShownFacets) -> FacetsCard:
    """Return the card of a chart: a few months as columns, all else as rows."""
    facets = shown.facets
    bars = [Bar(label=bar.label, count=bar.count) for bar in facets.bars]
    columns = _month_by_month(bars) if facets.by is By.MONTH and not facets.others else []
    some = f"{'最新的 ' if facets.at_least else ''}{facets.counted} 条"
    others = f"{facets.others.label} {facets.others.count} 条" if facets.others else ""
    title = TITLES[facets.by]
    return FacetsCard(
        title=one_line(shown.standing.text),
        subtitle="，".join(filter(None, (some, others))),
        facets=(Facet(title=title, bars=tuple(columns or bars), upright=bool(columns)),),
    )


def _month_by_month(bars: Sequence[Bar]) -> list[Bar]:
    """Return the months from the first to the last, also the silent ones; none if too many."""
    counts = {bar.label: bar.count for bar in bars}
    first, last = ([int(part) for part in edge.split("-")] for edge in (min(counts), max(counts)))
    months = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    labels = [f"{month // 12}-{month % 12 + 1:02}" for month in months]
    if len(labels) > _COLUMNS:
        return []
    return [Bar(label=label[2:], count=counts.get(label, 0)) for label in labels]


def _reads_better(answer: Answer, shown: ShownHits, thumbnails: Mapping[int, Thumbnails]) -> bool:
    """Whether a picture is better: there are thumbnails to see, or a wall of text to spare."""
    if len(shown.results.found) > MOST_ROWS:
        return False
    has_thumbnail = any(pictures.first for pictures in thumbnails.values())
    return has_thumbnail or len(answer.listing.splitlines()) > _WALL_OF_TEXT


def _rows_of_one(shown: ShownHits) -> int:
    """Return how many hits of one conversation have a row: fewer where there is no room."""
    rows = sum(min(len(found.hits), _SHOWN_OF_ONE) for found in shown.results.found)
    return _SHOWN_OF_ONE if rows <= MOST_ROWS else 1
