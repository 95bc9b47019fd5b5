"""纪念日 and 那年今日 as members use them."""

from dataclasses import replace

import pytest

from liudeng.db import Database
from liudeng.library import is_remembering
from liudeng.library.anniversaries import MOST_ANNIVERSARIES
from liudeng.library.dates_chat import DatesDesk
from tests.library.conftest import AUTHOR, FRIEND

ME = replace(AUTHOR, place_group=None)
OTHER = replace(FRIEND, place_group=None)


async def test_a_date_is_kept_listed_and_forgotten(dates: DatesDesk) -> None:
    answer = await dates.anniversary(AUTHOR, "06-06 和小暖的婚礼")
    assert answer.text.splitlines() == [
        "记下了：6 月 6 日，和小暖的婚礼。",
        "每年那天早上我私聊提醒你，要先加我好友才收得到。",
    ]
    assert "在 28 日" in (await dates.anniversary(ME, "2月29日 那天")).text
    listed = await dates.anniversary(ME, "")
    assert listed.text.splitlines() == [
        "你记着的日子（2）：",
        "2｜2 月 29 日｜那天",
        "1｜6 月 6 日｜和小暖的婚礼",
        "不用再记的：忘掉纪念日 2",
    ]
    assert "没有编号 2" in (await dates.forget_anniversary(OTHER, "2")).text
    assert "不再提醒" in (await dates.forget_anniversary(ME, "2")).text
    assert "例如：忘掉纪念日 3" in (await dates.forget_anniversary(ME, "婚礼")).text
    assert "那天" not in (await dates.anniversaries(ME)).text


async def test_dates_are_not_read_out_in_a_group(dates: DatesDesk) -> None:
    await dates.anniversary(ME, "06-06 和小暖的认识日")
    assert "认识日" not in (await dates.anniversaries(AUTHOR)).text
    assert "还没有记下" in (await dates.anniversaries(OTHER)).text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2月30日 婚礼", "2 月没有 30 日"),
        ("06-06", "例如：纪念日 06-06 和小暖的婚礼"),
        ("婚礼", "例如：纪念日 06-06 和小暖的婚礼"),
    ],
)
async def test_an_unclear_date_is_explained(typed: str, answer: str, dates: DatesDesk) -> None:
    assert answer in (await dates.anniversary(ME, typed)).text
    assert "还没有记下" in (await dates.anniversaries(ME)).text


async def test_there_is_an_end_to_dates(dates: DatesDesk) -> None:
    for number in range(MOST_ANNIVERSARIES):
        await dates.anniversary(ME, f"06-06 第{number}个")
    assert "已经记了 30 个" in (await dates.anniversary(ME, "06-06 再一个")).text


async def test_remembrance_is_by_choice(dates: DatesDesk, database: Database) -> None:
    async def active() -> bool:
        async with database.read() as connection:
            return await is_remembering(connection, ME.user_id)

    assert "关着" in (await dates.remember(ME, "")).text
    assert not await active()
    assert "不想要了发「那年今日 关」" in (await dates.remember(ME, "开")).text
    assert await active()
    assert "开着" in (await dates.remember(ME, "？")).text
    assert "不再提起" in (await dates.remember(ME, " 关 ")).text
    assert not await active()
