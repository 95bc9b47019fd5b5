"""Results and charts as pictures, where these read better than words."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from liudeng.archive.message import StoredMessage
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
        self._zone = manner.zone
        self._group_name = manner.group_name

    async def draw(self, answer: Answer) -> bytes | None:
        """Return the PNG of what an answer shows; None where words are better, or it fails."""
        theme = theme_at(datetime.now(self._zone))
        with contextlib.suppress(PictureUnavailable):  # the studio has said why
            match answer.shown:
                case ShownFacets() as shown if len(shown.facets.bars) >= _WORTH_DRAWING:
                    return await self._studio.draw(render_facets, facets_card(shown), theme)
                case ShownHits() as shown:
                    thumbnails = await self._thumbnails(shown.results.taken)
                    if _reads_better(answer, shown, thumbnails):
                        card = self._hits_card(shown, thumbnails)
                        return await self._studio.draw(render_hits, card, theme)
        return None

    async def _thumbnails(self, hits: Sequence[StoredMessage]) -> dict[int, Thumbnails]:
        """Return the kept pictures of hits; those of a recalled message are none."""
        async with self._database.read() as connection:
            attached = await images_of(connection, [hit.id for hit in hits])
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
                place.insert(0, self._group_name(hit.group_id))
            if pictures.count > 1:
                place.append(f"{pictures.count} 张图")
            excerpt, marks = marked_parts(hit_line(hit, words, _EXCERPT, UNSEEN_MARKS))
            rows.append(
                FoundHit(
                    number="" if number else f"#{hit.seq}",
                    speaker=hit.display_name,
                    time=f"{datetime.fromtimestamp(hit.time_ms / 1000, self._zone):%m-%d %H:%M}",
                    excerpt=excerpt,
                    marks=marks,
                    picture=pictures.first,
                    place=" · ".join(place),
                )
            )
        return rows


def facets_card(shown: ShownFacets) -> FacetsCard:
    """Return the card of a chart: a few months as columns, all else as rows."""
    facets = shown.facets
    upright = facets.by is By.MONTH and len(facets.bars) <= _COLUMNS and facets.others is None
    bars = [Bar(label=bar.label, count=bar.count) for bar in facets.bars]
    if upright:
        bars = [bar.model_copy(update={"label": bar.label[2:]}) for bar in reversed(bars)]
    if facets.others:
        bars.append(Bar(label=facets.others.label, count=facets.others.count))
    some = "最新的 " if facets.at_least else ""
    return FacetsCard(
        title=one_line(shown.standing.text),
        subtitle=f"{some}{facets.counted} 条",
        facets=(Facet(title=TITLES[facets.by], bars=tuple(bars), upright=upright),),
    )


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
