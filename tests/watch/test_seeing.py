"""What was read in a screenshot joins the days of whoever posted it, and alerts nobody alone."""

from typing import cast

import pytest

from liudeng.archive import LogWriter, StoredMessage
from liudeng.db import Database
from liudeng.desk import Desk
from liudeng.ocr import Box, Line, Reading, Side
from liudeng.settings import DATA_ROOT
from liudeng.watch import Watcher, load_lexicon, load_model
from liudeng.watch.reader import WatchReader
from tests.fakes.archive import kept, store
from tests.fakes.payloads import said

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
