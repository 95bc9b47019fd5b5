"""Answers as pictures: what is drawn, with which pictures, and when words are better."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from liudeng.archive import LogWriter, StoredMessage
from liudeng.db import Database
from liudeng.media import MediaStore, State
from liudeng.media.tables import attachments
from liudeng.pictures import FacetsCard, HitsCard, PictureUnavailable, Studio, Theme
from liudeng.search import By, ChatSearch, LogSearch
from liudeng.search.cards import MOST_ROWS, SearchCards
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said, segment, text
from tests.media.pictures import png
from tests.search.spoken import NAMES, manner

PLACE = (42, GROUP)
IMAGE = segment("image", file="a.png")


class Sketches(Studio):
    """Keeps the cards it is given, and draws nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[Any] = []
        self.broken = False

    async def draw(
        self, function: Callable[..., bytes], card: Any, theme: Theme = Theme.LIGHT
    ) -> bytes:
        if self.broken:
            raise PictureUnavailable("broken")
        self.cards.append(card)
        return b"PNG"


class Gallery:
    """A searcher, and what would be drawn for them."""

    def __init__(self, database: Database, folder: Path, zone: ZoneInfo, page_size: int) -> None:
        shown_so = manner(zone, page_size)
        self.database, self.zone = database, zone
        self.store, self.studio = MediaStore(folder), Sketches()
        self.store.prepare()
        self.chat = ChatSearch(database, LogSearch(database), shown_so)
        self.cards = SearchCards(database, self.store, self.studio, shown_so)

    async def keep_picture(
        self, message: StoredMessage, number: int = 1, position: int = 0
    ) -> Path:
        """Let a message's picture be fetched; return its thumbnail."""
        with self.store.receive() as incoming:
            incoming.write(png(number))
            received = incoming.finish()
            received.thumbnail.write_bytes(b"small")
            self.store.keep(received)
        async with self.database.write() as connection:
            row = {"message_row": message.id, "forwarded_id": 0, "position": position}
            row |= {"kind": "image", "url": "", "file": "", "declared_size": 0, "sub_type": 0}
            row |= {"state": State.STORED.value, "sha256": received.sha256}
            await connection.execute(
                insert(attachments).values(**row, reason="", attempts=1, due_ms=0)
            )
        thumbnail = self.store.thumbnail(received.sha256)
        assert thumbnail is not None
        return thumbnail

    async def hits(self, typed: str, *groups: int) -> HitsCard | None:
        """Search; return the card that would be drawn."""
        answer = await self.chat.find(PLACE, typed, groups or (GROUP,))
        drawn = await self.cards.draw(answer)
        return self.studio.cards.pop() if drawn else None

    async def facets(self, by: By) -> FacetsCard | None:
        answer = await self.chat.count(PLACE, by, [GROUP])
        drawn = await self.cards.draw(answer)
        return self.studio.cards.pop() if drawn else None


@pytest.fixture
def gallery(database: Database, tmp_path: Path, zone: ZoneInfo) -> Gallery:
    return Gallery(database, tmp_path / "media", zone, page_size=5)


async def test_hits_with_pictures_are_drawn_with_thumbnails(
    gallery: Gallery, writer: LogWriter
) -> None:
    pictures = [text("截图：晚安小满"), IMAGE, IMAGE]
    await store(writer, said(pictures, time=NOW_S), said("晚安", time=NOW_S - 9_000))
    [message, _] = await kept(gallery.database)
    first = await gallery.keep_picture(message, 1, 1)
    await gallery.keep_picture(message, 2, 2)
    card = await gallery.hits("晚安")
    assert card is not None
    assert (card.title, card.page) == ("晚安", "第 1–2 条 · 共 2 条")
    [with_picture, without] = card.hits
    assert with_picture.picture == first
    assert with_picture.place == "2 张图"
    [(begin, end)] = with_picture.marks
    assert with_picture.excerpt[begin:end] == "晚安"
    assert (without.picture, without.number, without.time) == (None, "#2", "09-21 19:43")


async def test_a_few_words_stay_words(gallery: Gallery, writer: LogWriter) -> None:
    await store(writer, *(said("晚安", time=NOW_S - 9_000 * n) for n in range(3)))
    assert await gallery.hits("晚安") is None
    assert await gallery.hits("没有这个") is None


async def test_a_wall_of_text_is_drawn_and_no_conversation_is_left_out(
    gallery: Gallery, writer: LogWriter
) -> None:
    talks = [said("晚安", time=NOW_S - 9_000 * n - 5 * m) for n in range(5) for m in range(4)]
    await store(writer, *talks)
    card = await gallery.hits("晚安")
    assert card is not None
    assert len(card.hits) == 5 <= MOST_ROWS
    assert {hit.place for hit in card.hits} == {"这段对话里 4 条"}
    two = await gallery.hits("晚安 日期:2026-09-21", GROUP, OTHER_GROUP)
    assert two is None or NAMES[GROUP] in two.hits[0].place


async def test_what_was_recalled_shows_no_picture(gallery: Gallery, writer: LogWriter) -> None:
    recalled, other = said([text("晚安"), IMAGE]), said([text("晚安"), IMAGE])
    await store(writer, recalled, other)
    [first, second] = await kept(gallery.database)
    await gallery.keep_picture(first, 1)
    stays = await gallery.keep_picture(second, 2)
    answer = await gallery.chat.find(PLACE, "晚安", [GROUP])
    await store(writer, recall_of(recalled))
    assert await gallery.cards.draw(answer)
    pictures = [hit.picture for hit in gallery.studio.cards.pop().hits if hit.picture]
    assert pictures == [stays]
    card = await gallery.hits("晚安")
    assert card is not None
    assert [hit.picture for hit in card.hits] == [stays]


async def test_where_nothing_can_be_drawn_there_are_words(
    gallery: Gallery, writer: LogWriter
) -> None:
    await store(writer, said([text("晚安"), IMAGE]))
    [message] = await kept(gallery.database)
    await gallery.keep_picture(message)
    gallery.studio.broken = True
    answer = await gallery.chat.find(PLACE, "晚安", [GROUP])
    assert await gallery.cards.draw(answer) is None
    assert "【晚安】" in answer.listing


async def test_months_stand_side_by_side_also_the_silent_ones(
    gallery: Gallery, writer: LogWriter, zone: ZoneInfo
) -> None:
    moments = [datetime(2026, month, 3, tzinfo=zone) for month in (1, 1, 2, 5)]
    await store(writer, *(said("晚安", time=int(moment.timestamp())) for moment in moments))
    await gallery.hits("晚安")
    card = await gallery.facets(By.MONTH)
    assert card is not None
    [facet] = card.facets
    assert facet.upright
    assert [(bar.label, bar.count) for bar in facet.bars] == [
        ("26-01", 2),
        ("26-02", 1),
        ("26-03", 0),
        ("26-04", 0),
        ("26-05", 1),
    ]


async def test_many_people_have_rows_and_the_rest_is_told_of(
    gallery: Gallery, writer: LogWriter
) -> None:
    crowd = [said("晚安", user_id=n, sender={"nickname": f"群友{n}"}) for n in range(1, 15)]
    await store(writer, *crowd)
    await gallery.hits("晚安")
    card = await gallery.facets(By.PERSON)
    assert card is not None
    assert card.subtitle == "14 条，其他 4 人 4 条"
    assert len(card.facets[0].bars) == 10
    assert not card.facets[0].upright


async def test_two_bars_stay_words_and_many_years_are_rows(
    gallery: Gallery, writer: LogWriter, zone: ZoneInfo
) -> None:
    years = [datetime(year, 3, 3, tzinfo=zone) for year in range(2000, 2026)]
    await store(writer, said("早安"), *(said("晚安", time=int(y.timestamp())) for y in years))
    await gallery.hits("早安")
    assert await gallery.facets(By.MONTH) is None
    answer = await gallery.chat.find(PLACE, "晚安", [GROUP])
    assert answer.shown
    card = await gallery.facets(By.MONTH)
    assert card is not None
    assert not card.facets[0].upright
    assert card.subtitle == "26 条，更早 2 个月 2 条"
