"""What was read in a screenshot joins the days of whoever posted it, and alerts nobody alone."""

from typing import Any, cast

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import LogWriter, Message, StoredMessage
from liudeng.db import Database, now_ms
from liudeng.desk import Desk, Signal
from liudeng.media.tables import attachments
from liudeng.ocr import Box, Line, Reading, ReadingState, Side
from liudeng.ocr.readings import keep_reading
from liudeng.settings import DATA_ROOT
from liudeng.watch import Watcher, load_lexicon, load_model
from liudeng.watch.reader import WatchReader
from liudeng.watch.seeing import ScreenshotWatch
from tests.fakes.archive import kept, store
from tests.fakes.payloads import OTHER_MEMBER, said

DESPAIR = "我不想活了，今晚就从楼顶跳下去"


def screenshot(*said_in_it: tuple[Side, str]) -> Reading:
    lines = [
        Line(text=text, box=Box(0, 60 * n, 300, 60 * n + 40), confidence=0.99, side=side, turn=n)
        for n, (side, text) in enumerate(said_in_it)
    ]
    return Reading(lines=tuple(lines))


@pytest.fixture(scope="module")
def watcher() -> Watcher:
    return Watcher(load_lexicon(DATA_ROOT / "lexicon"), load_model())


@pytest.fixture
def reader(watcher: Watcher) -> WatchReader:
    """Its effects are looked at, not applied: no desk is needed."""
    return WatchReader(watcher, cast("Desk", None))


async def posted(database: Database, writer: LogWriter, words: str = "") -> StoredMessage:
    await store(writer, said(words or [{"type": "image", "data": {"file": "a.jpg"}}]))
    return (await kept(database))[-1]


async def test_one_screenshot_alerts_nobody(
    reader: WatchReader, database: Database, writer: LogWriter
) -> None:
    message = await posted(database, writer)
    assert await reader.see(message, screenshot((Side.ME, DESPAIR))) is None
    assert await reader.see(message, screenshot((Side.COMPANION, DESPAIR))) is None
    assert await reader.see(message, screenshot()) is None


async def test_it_adds_to_what_was_said_before(
    reader: WatchReader, database: Database, writer: LogWriter
) -> None:
    outcomes = []
    for _ in range(3):
        message = await posted(database, writer)
        outcomes.append(await reader.see(message, screenshot((Side.ME, DESPAIR))))
    assert outcomes[:2] == [None, None]
    assert outcomes[2] is not None, "despair in picture after picture is seen in the end"
    [(signal, _)] = outcomes[2].signals
    assert signal.reasons


async def test_a_tired_word_and_a_picture_are_no_course(
    reader: WatchReader, database: Database, writer: LogWriter
) -> None:
    """Farewell night in English: two sore lines and thanks are not three signs."""
    for words in ("hi everyone, half asleep half crying", "thank you for translating him"):
        await store(writer, said(words))
        await reader.read((await kept(database))[-1:])
    message = await posted(database, writer)
    farewell = screenshot((Side.ME, "I still have so many songs to send you."))
    assert await reader.see(message, farewell) is None


class Knowing:
    """Stands where the guard stands: keeps what it is told, and knows it again."""

    def __init__(self) -> None:
        self.told: list[tuple[int | None, tuple[str, ...]]] = []

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> None:
        self.told.append((signal.message_row, signal.rules))

    async def knows(self, connection: AsyncConnection, signal: Signal) -> bool:
        return (signal.message_row, signal.rules) in self.told


async def attach(database: Database, message: StoredMessage, sha256: str) -> None:
    blank = {"url": "", "file": "a.png", "declared_size": 9, "sub_type": 0, "reason": ""}
    place = {"message_row": message.id, "forwarded_id": 0, "position": 0, "kind": "image"}
    done = {"state": "stored", "sha256": sha256, "attempts": 1, "due_ms": 0}
    async with database.write() as connection:
        await connection.execute(insert(attachments).values(**blank, **place, **done))


async def test_a_picture_that_somebody_posts_again_is_no_second_alert(
    watcher: Watcher, database: Database, writer: LogWriter
) -> None:
    guard = Knowing()
    seen = ScreenshotWatch(database, WatchReader(watcher, guard), lambda: None)
    async with database.write() as connection:
        for number in (1, 2, 3):
            reading = screenshot((Side.ME, DESPAIR))
            await keep_reading(connection, str(number) * 64, reading, ReadingState.READ)
    for number in (1, 2, 3):
        await store(writer, just_now([{"type": "image", "data": {"file": "a.jpg"}}]))
        await attach(database, (await kept(database))[-1], str(number) * 64)
        await seen._look(str(number) * 64)
    assert len(guard.told) == 1
    await store(writer, just_now([{"type": "image", "data": {}}], user_id=OTHER_MEMBER))
    await attach(database, (await kept(database))[-1], "3" * 64)
    await seen._look("3" * 64)
    assert len(guard.told) == 1


def just_now(words: list[dict[str, Any]], **fields: Any) -> Message:
    return said(words, time=now_ms() // 1000, received_ms=now_ms(), **fields)
