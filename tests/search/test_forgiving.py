"""Traditional characters, pinyin, initials and slips find what was meant; exact hits go first."""

from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.search.vocabulary import Vocabulary
from tests.fakes.archive import found, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said
from tests.search.spoken import Spoken, manner

PLACE = (42, GROUP)


@pytest.fixture
def chat(database: Database, zone: ZoneInfo) -> Spoken:
    return Spoken(database, manner(zone))


@pytest.fixture
async def archived(writer: LogWriter) -> None:
    texts = ("晚安", "大家晚安", "今晚的截图", "請願連結在這裡", "请愿链接", "WANAN 是个网名")
    await store(writer, *(said(text, time=NOW_S + 600 * n) for n, text in enumerate(texts)))


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize("typed", ["请愿连结", "請願連結", "请 愿 连 结"])
async def test_simplified_and_traditional_find_each_other(typed: str, database: Database) -> None:
    assert await found(database, f'"{typed}"') == ["請願連結在這裡"]


@pytest.mark.usefixtures("archived")
async def test_pinyin_is_tried_when_the_letters_find_little(chat: Spoken) -> None:
    lines = (await chat.find(PLACE, "wanan", [GROUP])).splitlines()
    assert lines[0] == "「wanan」共 1 条，第 1–1 条："
    assert lines[2] == "　【WANAN】 是个网名"
    assert lines[4] == "按拼音还找到「晚安」："
    assert lines[5] == "「wanan」共 2 条，第 1–2 条："
    assert "　大家【晚安】" in lines


@pytest.mark.usefixtures("archived")
async def test_initials_are_tried_too(chat: Spoken) -> None:
    lines = (await chat.find(PLACE, "jt", [GROUP])).splitlines()
    assert lines[0] == "按拼音找到「截图」："
    assert "　今晚的【截图】" in lines


@pytest.mark.usefixtures("archived")
async def test_letters_that_find_enough_are_no_pinyin(chat: Spoken, writer: LogWriter) -> None:
    await store(writer, *(said("wanan", time=NOW_S + 9_000 + 600 * n) for n in range(3)))
    assert "拼音" not in await chat.find(PLACE, "wanan", [GROUP])


@pytest.mark.usefixtures("archived")
async def test_a_slip_gets_a_suggestion_that_would_be_found(chat: Spoken) -> None:
    assert await chat.find(PLACE, "晚按", [GROUP]) == (
        "没有找到「晚按」。你是不是要找「晚安」？有 2 条，发：搜 晚安"
    )
    answer = await chat.find(PLACE, "发送者:满月 节图", [GROUP])
    assert "你是不是要找「发送者:满月 截图」" in answer
    assert "试试更短的词" in await chat.find(PLACE, "完全没有", [GROUP])


@pytest.mark.usefixtures("archived")
async def test_words_that_nobody_said_together_are_offered_apart(chat: Spoken) -> None:
    assert await chat.find(PLACE, "晚安 截图", [GROUP]) == (
        "没有找到「晚安 截图」。没有一条同时有这几个词；有其中之一的 3 条，发：搜 晚安 OR 截图"
    )
    assert "OR" not in await chat.find(PLACE, "from:我 晚安 截图", [GROUP])


async def test_nobody_learns_a_word_of_another_group_or_a_recalled_one(
    chat: Spoken, writer: LogWriter
) -> None:
    recalled = said("截图")
    await store(writer, said("晚安", group_id=OTHER_GROUP), recalled)
    assert "截图" in await chat.find(PLACE, "jietu", [GROUP])
    await store(writer, recall_of(recalled))
    for typed in ("jietu", "jt", "节图", "wanan", "晚按"):
        answer = await chat.find(PLACE, typed, [GROUP])
        assert answer == f"没有找到「{typed}」。试试更短的词，或换一种说法。"


@pytest.mark.usefixtures("archived")
async def test_a_recalled_word_is_not_offered_beside_one_that_stands(
    chat: Spoken, writer: LogWriter
) -> None:
    recalled = said("今天", time=NOW_S - 9_000), said("今天在哪", time=NOW_S - 9_001)
    await store(writer, *recalled)
    assert "今天" in await chat.find(PLACE, "jt", [GROUP])
    await store(writer, *map(recall_of, recalled))
    for typed in ("jt", "jt -早安", "日期:胡说 OR jt", "井天 OR 晚按", "大家 OR jt", "jintian"):
        assert "今天" not in await chat.find(PLACE, typed, [GROUP]), typed
    assert "截图" in await chat.find(PLACE, "日期:胡说 OR jt", [GROUP])


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("晚按 晚按 OR 节图", "晚安 (晚安 OR 截图)"),
        ("节图 OR 有：文件", "截图 OR 有:文件"),
        ("-早安 节图 " + "-" + "长" * 40, "-早安 截图 -" + "长" * 40),
        ("“晚 按”", "晚安"),
    ],
)
async def test_a_suggestion_changes_what_was_meant_and_is_whole(
    typed: str, offered: str, chat: Spoken
) -> None:
    answer = await chat.find(PLACE, typed, [GROUP])
    assert f"你是不是要找「{offered}」" in answer
    assert answer.endswith(f"发：搜 {offered}")
    assert "第 1–" in await chat.find(PLACE, answer.rpartition("搜 ")[2], [GROUP])


def test_of_many_words_the_frequent_ones_are_known() -> None:
    known = Vocabulary(most=10)
    known.learn(["晚安 截图"] * 3)
    for n in range(30):
        known.learn([f"word{chr(97 + n % 26)}{n}"])
    assert len(known) <= 10
    assert "晚安" in known
    assert known.sounding("jt") == ["截图"]


def test_words_are_known_by_their_sound() -> None:
    known = Vocabulary()
    known.learn(["晚安", "晚安 我爱你", "西安", "先生", "长大了", "Replika 的银行"], ["小满"])
    assert known.sounding("WanAn") == ["晚安"]
    assert known.sounding("wa") == ["晚安"]
    assert known.sounding("xian") == ["西安"]
    assert known.sounding("xm") == ["小满"]
    assert known.sounding("zhangda") == known.sounding("zd") == ["长大"]
    assert known.sounding("yinhang") == ["银行"]
    assert known.sounding("zzz") == []
    assert known.near("晚按") == ["晚安"]
    assert known.near("replica") == ["replika"]
    assert known.near("小曼") == ["小满"]
    assert known.near("早安") == []
