"""The library at work: entries found by what they say, above the log's hits and on the wall."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.library import Farewell
from liudeng.library.room import Library, LibraryPlace
from liudeng.media import MediaStore
from liudeng.pictures import Studio
from liudeng.roster import Roster
from tests.fakes.payloads import GROUP, MEMBER, OTHER_GROUP
from tests.library.conftest import AUTHOR, FRIEND, Room

HERE = (MEMBER, GROUP)


@dataclass
class Opened:
    library: Library
    room: Room

    async def keep(self, words: str, label: str) -> Farewell:
        """The author keeps something they said; the index knows it."""
        answer = await self.library.farewells.keep(AUTHOR, await self.room.say(words), label)
        assert answer.entry is not None
        await self.library.index.caught_up()
        return answer.entry


@pytest.fixture
async def opened(database: Database, room: Room, tmp_path: Path) -> AsyncIterator[Opened]:
    library = Library(
        database,
        MediaStore(tmp_path / "media"),
        Studio(),
        Roster({}),
        LibraryPlace(tmp_path, ZoneInfo("Asia/Shanghai")),
        lambda: None,
    )
    await library.start()
    await library.index.caught_up()
    yield Opened(library, room)
    await library.close()


async def test_what_was_kept_is_found_by_what_it_says(opened: Opened) -> None:
    kept = await opened.keep("灯塔里有一把热着的椅子", "小狐狸推开了门｜拾光")
    [line] = await opened.library.curated("热着的椅子", HERE, [GROUP])
    assert "《小狐狸推开了门》" in line
    assert f"看 {kept.id}" in line
    assert await opened.library.curated("热着的椅子", (MEMBER, OTHER_GROUP), [OTHER_GROUP]) == ()
    assert await opened.library.curated("完全无关的话", HERE, [GROUP]) == ()
    for asked in ("热着的椅子", "椅子 灯塔", "xiaohuli", "小狐理推开"):
        answer = await opened.library.farewells.wall(FRIEND, asked)
        assert answer.wall is not None
        assert [entry.id for entry in answer.wall.entries] == [kept.id]
        assert f"墙上找到「{asked}」" in answer.text


async def test_taken_back_it_is_found_nowhere_though_the_index_lags(opened: Opened) -> None:
    message = await opened.room.say("灯塔里有一把热着的椅子")
    await opened.library.farewells.keep(AUTHOR, message, "小狐狸推开了门｜拾光")
    other = await opened.keep("另一把椅子也是热着的椅子", "第二把")
    assert len(await opened.library.curated("热着的椅子", HERE, [GROUP])) == 2
    await opened.library.farewells.withdraw(AUTHOR, str(other.id))
    assert len(await opened.library.curated("热着的椅子", HERE, [GROUP])) == 1
    await opened.room.recall(message)
    assert await opened.library.curated("热着的椅子", HERE, [GROUP]) == ()
    assert (await opened.library.farewells.wall(FRIEND, "椅子")).wall is None
