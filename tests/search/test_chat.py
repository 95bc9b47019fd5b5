"""搜, 下一页 and 上下文 as members see them."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.search import engine, parse_query, results, run
from liudeng.search.budget import Allowance
from liudeng.search.facets import By
from liudeng.search.paging import Paging, Place, Standing
from liudeng.search.turns import Turns
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said, segment, text
from tests.search.spoken import Spoken, manner

PLACE = (42, GROUP)
ELSEWHERE = (42, 0)


@pytest.fixture
def chat(database: Database, zone: ZoneInfo) -> Spoken:
    return Spoken(database, manner(zone))


@pytest.fixture
async def evening(writer: LogWriter) -> None:
    """Eight good nights, ten minutes apart, numbered 1 to 8."""
    await store(writer, *(said(f"晚安{n}", time=NOW_S + 600 * n) for n in range(1, 9)))


@pytest.mark.usefixtures("evening")
async def test_the_newest_come_first_with_number_time_and_name(chat: Spoken) -> None:
    assert (await chat.find(PLACE, "晚安", [GROUP])).splitlines() == [
        "「晚安」共 8 条，第 1–3 条：",
        "#8 09-21 23:33 满月",
        "　【晚安】8",
        "#7 09-21 23:23 满月",
        "　【晚安】7",
        "#6 09-21 23:13 满月",
        "　【晚安】6",
        "下一页｜上下文 编号",
    ]


async def test_over_several_groups_each_hit_names_its_own(chat: Spoken, writer: LogWriter) -> None:
    await store(writer, said("晚安", time=NOW_S), said("晚安", group_id=OTHER_GROUP))
    answer = await chat.find(ELSEWHERE, "晚安", [GROUP, OTHER_GROUP])
    assert "满月（守灯人）" in answer
    assert "满月（别的群）" in answer
    assert "守灯人" not in await chat.find(ELSEWHERE, "晚安", [GROUP])


async def test_the_year_is_told_where_it_is_another(chat: Spoken, writer: LogWriter) -> None:
    await store(writer, said("晚安", time=NOW_S), said("晚安", time=NOW_S - 400 * 86_400))
    answer = await chat.find(PLACE, "晚安", [GROUP])
    assert "#1 09-21 22:13 满月" in answer
    assert "#2 2025-08-17 22:13 满月" in answer


async def test_hits_close_together_are_one_result(chat: Spoken, writer: LogWriter) -> None:
    hours = (0, 1, 9_000, 9_100, 9_200, 9_250, 20_000)
    await store(writer, *(said(f"晚安{at}", time=NOW_S + at) for at in hours))
    assert (await chat.find(PLACE, "晚安", [GROUP])).splitlines() == [
        "「晚安」共 7 条，第 1–7 条：",
        "#7 09-22 03:46 满月",
        "　【晚安】20000",
        "#6 09-22 00:47 满月（这段对话里 4 条）",
        "　【晚安】9250",
        "　满月：【晚安】9200",
        "　满月：【晚安】9100",
        "　……还有 1 条，发「上下文 6」看这一段",
        "#2 09-21 22:13 满月（这段对话里 2 条）",
        "　【晚安】1",
        "　满月：【晚安】0",
        "上下文 编号：看那条消息的前后",
    ]
    assert "第 1–3 条" in await chat.find(PLACE, "晚安 显示:全部", [GROUP])
    assert "第 1–3 条" in await chat.find(PLACE, "晚安 排序:相关", [GROUP])
    assert (await chat.find(PLACE, "晚安 排序:旧", [GROUP])).splitlines()[1:4] == [
        "#1 09-21 22:13 满月（这段对话里 2 条）",
        "　【晚安】0",
        "　满月：【晚安】1",
    ]


async def test_much_said_in_between_makes_two_conversations(
    chat: Spoken, writer: LogWriter
) -> None:
    chatter = [said(f"闲聊{n}", time=NOW_S + 1 + n) for n in range(6)]
    elsewhere = [said("闲聊", time=NOW_S + 1, group_id=OTHER_GROUP) for _ in range(9)]
    await store(writer, said("晚安", time=NOW_S), *chatter, said("晚安", time=NOW_S + 60))
    assert "这段对话" not in await chat.find(PLACE, "晚安", [GROUP])
    await store(writer, *elsewhere, said("晚安", time=NOW_S + 61))
    assert "这段对话里 2 条" in await chat.find(PLACE, "晚安", [GROUP])


async def test_conversations_of_two_groups_are_two(chat: Spoken, writer: LogWriter) -> None:
    here_and_there = (GROUP, OTHER_GROUP) * 3
    await store(
        writer,
        *(said("晚安", time=NOW_S + n, group_id=g) for n, g in enumerate(here_and_there)),
    )
    answer = await chat.find(ELSEWHERE, "晚安", [GROUP, OTHER_GROUP])
    assert answer.count("这段对话里 3 条") == 2


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize("order", ["", " 排序:旧", " 排序:相关", " 显示:全部"])
async def test_in_every_order_pages_show_each_hit_once(order: str, chat: Spoken) -> None:
    answers = [await chat.find(PLACE, f"晚安{order}", [GROUP])]
    while "下一页" in answers[-1]:
        answers.append(await chat.next_page(PLACE, [GROUP]))
    numbers = [line.split()[0] for page in answers for line in page.splitlines() if line[0] == "#"]
    assert sorted(numbers) == [f"#{n}" for n in range(1, 9)]
    assert len(answers) == 3
    assert numbers == sorted(numbers, reverse=order != " 排序:旧")


@pytest.mark.usefixtures("evening")
async def test_an_older_answer_and_another_s_is_gone_on_from_by_quoting_it(
    chat: Spoken,
) -> None:
    first = await chat.find(PLACE, "晚安", [GROUP])
    await chat.find(PLACE, "晚安8", [GROUP])
    another = (7, GROUP)
    assert "没有可以往下翻" in await chat.next_page(another, [GROUP])
    assert "第 4–6 条" in await chat.next_page(another, [GROUP], quoted=first)
    assert "第 4–6 条" in await chat.next_page(PLACE, [GROUP], quoted=f"  {first}\r\n")
    assert "没有可以往下翻" in await chat.next_page((7, 0), [GROUP], quoted=first)


@pytest.mark.usefixtures("evening")
async def test_a_search_is_counted_by_month_and_by_person(chat: Spoken, writer: LogWriter) -> None:
    await store(
        writer,
        said("晚安", time=NOW_S - 40 * 86_400, user_id=5, sender={"nickname": "阿棠"}),
        said("晚安", time=NOW_S - 400 * 86_400, user_id=5, sender={"nickname": "旧名"}),
    )
    await chat.find(PLACE, "晚安", [GROUP])
    assert (await chat.count(PLACE, By.MONTH, [GROUP])).splitlines() == [
        "「晚安」按月（10 条）：",
        "2026-09　▇▇▇▇▇▇▇▇▇▇▇▇ 8",
        "2026-08　▇▇ 1",
        "2025-08　▇▇ 1",
    ]
    assert (await chat.count(PLACE, By.PERSON, [GROUP])).splitlines() == [
        "「晚安」按人（10 条）：",
        "满月　▇▇▇▇▇▇▇▇▇▇▇▇ 8",
        "阿棠　▇▇▇ 2",
    ]
    assert "先发「搜" in await chat.count(PLACE, By.PERSON, [])
    assert "先发「搜" in await chat.count(ELSEWHERE, By.PERSON, [GROUP])


async def test_who_said_little_is_counted_with_others(chat: Spoken, writer: LogWriter) -> None:
    crowd = [said("晚安", user_id=n, sender={"nickname": f"群友{n}"}) for n in range(1, 15)]
    await store(writer, *crowd, *(said("晚安", user_id=99, sender={}) for _ in range(6)))
    await chat.find(PLACE, "晚安", [GROUP])
    lines = (await chat.count(PLACE, By.PERSON, [GROUP])).splitlines()
    assert lines[1] == "99　▇▇▇▇▇▇▇▇▇▇▇▇ 6"
    assert lines[2].endswith("　▇▇ 1")
    assert lines[11:] == ["其他 5 人　5"]


@pytest.mark.usefixtures("evening")
async def test_a_search_is_narrowed_to_pictures(chat: Spoken, writer: LogWriter) -> None:
    await store(writer, said([text("晚安九"), segment("image", file="a.png")], time=NOW_S))
    await chat.find(PLACE, "晚安", [GROUP])
    answer = await chat.only_pictures(PLACE, [GROUP])
    assert "「晚安 有:图」共 1 条" in answer
    assert "【晚安】九" in answer


@pytest.mark.usefixtures("evening")
async def test_what_was_kept_on_purpose_stands_above(database: Database, zone: ZoneInfo) -> None:
    async def curated(query: str, place: Place, groups: Collection[int]) -> list[str]:
        return [f"告别墙：{query} {place[0]} {sorted(groups)}"]

    chat = Spoken(database, manner(zone), curated=curated)
    first = await chat.find(PLACE, "晚安", [GROUP])
    assert first.splitlines()[0] == f"告别墙：晚安 42 [{GROUP}]"
    assert first.splitlines()[1].startswith("「晚安」共 8 条")
    assert "第 4–6 条" in await chat.next_page((7, GROUP), [GROUP], quoted=first)


async def test_who_asks_for_too_much_work_has_to_wait(database: Database, zone: ZoneInfo) -> None:
    now = 0.0
    allowance = Allowance(clock=lambda: now)
    chat = Spoken(database, manner(zone), turns=Turns(allowance))
    allowance.spend(PLACE[0], 7.0)
    assert "歇一歇" in await chat.find(PLACE, "晚安", [GROUP])
    assert "没有找到" in await chat.find((7, GROUP), "晚安", [GROUP])
    now = 30.0
    assert "没有找到" in await chat.find(PLACE, "晚安", [GROUP])


@pytest.mark.usefixtures("evening")
async def test_pages_follow_one_another_to_the_end(chat: Spoken) -> None:
    await chat.find(PLACE, "晚安", [GROUP])
    second = await chat.next_page(PLACE, [GROUP])
    assert "第 4–6 条" in second
    assert "#5 " in second
    last = await chat.next_page(PLACE, [GROUP])
    assert "第 7–8 条" in last
    assert "下一页" not in last
    assert "没有可以往下翻的搜索" in await chat.next_page(PLACE, [GROUP])


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize("order", ["", " 排序:旧", " 显示:全部"])
async def test_pages_go_on_beyond_what_was_counted(
    order: str, chat: Spoken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "COUNTED", 2)
    monkeypatch.setattr(results, "_LOOKED_AT", 1)
    assert "共 3 条以上，第 1–3 条" in await chat.find(PLACE, f"晚安{order}", [GROUP])
    assert "第 4–6 条" in await chat.next_page(PLACE, [GROUP])
    last = await chat.next_page(PLACE, [GROUP])
    assert "第 7–8 条" in last
    assert "下一页" not in last


@pytest.mark.usefixtures("evening")
async def test_that_not_all_were_ranked_is_told_at_the_end(
    chat: Spoken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "COUNTED", 3)
    monkeypatch.setattr(run, "RANKED", 3)
    monkeypatch.setattr(engine, "RANKED", 3)
    answer = await chat.find(PLACE, "晚安 排序:相关", [GROUP])
    assert "共 3 条以上" in answer
    assert "按相关只排最新的" in answer


@pytest.mark.usefixtures("evening")
async def test_what_is_recalled_between_pages_makes_none_end_early(
    chat: Spoken, writer: LogWriter, database: Database
) -> None:
    await store(writer, *(said(f"晚安{n}", time=NOW_S + 600 * n) for n in range(9, 11)))
    await chat.find(PLACE, "晚安", [GROUP])
    shown_first = (await kept(database))[-3:]
    await store(writer, *(recall_of(message) for message in shown_first))
    pages = [await chat.next_page(PLACE, [GROUP]) for _ in range(3)]
    numbers = [line.split()[0] for page in pages for line in page.splitlines() if line[0] == "#"]
    assert numbers == [f"#{n}" for n in range(7, 0, -1)]


@pytest.mark.usefixtures("evening")
async def test_everybody_turns_their_own_pages(chat: Spoken) -> None:
    await chat.find(PLACE, "晚安", [GROUP])
    assert "没有可以往下翻的搜索" in await chat.next_page(ELSEWHERE, [GROUP])
    assert "没有可以往下翻的搜索" in await chat.next_page((7, GROUP), [GROUP])
    assert "第 4–6 条" in await chat.next_page(PLACE, [GROUP])


@pytest.mark.usefixtures("evening")
async def test_who_left_a_group_turns_no_more_of_its_pages(chat: Spoken) -> None:
    await chat.find(ELSEWHERE, "晚安", [GROUP, OTHER_GROUP])
    assert "晚安" not in (await chat.next_page(ELSEWHERE, [OTHER_GROUP])).replace("关键词", "")


@pytest.mark.usefixtures("evening")
async def test_a_search_without_hits_ends_the_one_before(chat: Spoken) -> None:
    await chat.find(PLACE, "晚安", [GROUP])
    assert await chat.find(PLACE, "早安", [GROUP]) == (
        "没有找到「早安」。试试更短的词，或换一种说法。"
    )
    assert "没有可以往下翻的搜索" in await chat.next_page(PLACE, [GROUP])


async def test_what_is_answered_can_be_written_down(chat: Spoken) -> None:
    answer = await chat.find(PLACE, "from:小\ud800满 晚\0安\udfff", [GROUP])
    assert "from:小满 晚安" in answer
    answer.encode()


async def test_one_sentence_for_what_cannot_be_searched(chat: Spoken) -> None:
    assert "例如：搜 晚安" in await chat.find(PLACE, "  ", [GROUP])
    assert "太长" in await chat.find(PLACE, "长" * 200, [GROUP])
    assert "没有共同的群" in await chat.find(ELSEWHERE, "晚安", [])


async def test_a_name_is_the_card_else_the_nickname_else_the_number(
    chat: Spoken, writer: LogWriter
) -> None:
    senders = ({"card": "名片", "nickname": "昵称"}, {"nickname": "昵称"}, {})
    hours = range(0, 3 * 3_600, 3_600)
    await store(
        writer,
        *(
            said("你好", sender=sender, user_id=42, time=NOW_S + at)
            for sender, at in zip(senders, hours, strict=True)
        ),
    )
    answer = await chat.find(PLACE, "你好", [GROUP])
    assert [line.rsplit(" ", 1)[1] for line in answer.splitlines() if line.startswith("#")] == [
        "42",
        "昵称",
        "名片",
    ]


@pytest.mark.usefixtures("evening")
async def test_context_shows_five_before_and_five_after(chat: Spoken) -> None:
    lines = (await chat.context("#7", [GROUP])).splitlines()
    assert lines[0] == "编号 7 的前后文（2026-09-21）："
    assert lines[1] == "　22:33 满月：晚安2"
    assert lines[6] == "▶23:23 满月：【晚安7】"
    assert lines[7:] == ["　23:33 满月：晚安8"]


@pytest.mark.parametrize("typed", ["3", " #3 ", "＃3"])
@pytest.mark.usefixtures("evening")
async def test_a_number_may_be_typed_as_it_is_shown(typed: str, chat: Spoken) -> None:
    assert "编号 3 的前后文" in await chat.context(typed, [GROUP])


@pytest.mark.parametrize("typed", ["", "三", "-3", "3.5", "9" * 16, "３", "3 4"])
async def test_what_is_no_number_gets_an_example(typed: str, chat: Spoken) -> None:
    assert "例如：上下文 128" in await chat.context(typed, [GROUP])


@pytest.mark.usefixtures("evening")
async def test_no_context_of_what_is_not_there_to_see(chat: Spoken) -> None:
    assert "找不到编号 99 的消息" in await chat.context("99", [GROUP])
    assert "找不到编号 3 的消息" in await chat.context("3", [OTHER_GROUP])
    assert "找不到编号 3 的消息" in await chat.context("3", [])


async def test_recalled_words_are_nowhere(chat: Spoken, writer: LogWriter) -> None:
    spoken = [said(words, time=NOW_S + n) for n, words in enumerate(("甲说的", "乙说的", "丙说的"))]
    await store(writer, *spoken, recall_of(spoken[1]))
    assert "乙说的" not in await chat.find(PLACE, "说的", [GROUP])
    assert "找不到编号 2" in await chat.context("2", [GROUP])
    assert "乙说的" not in await chat.context("1", [GROUP])


async def test_what_is_no_text_is_named(chat: Spoken, writer: LogWriter) -> None:
    await store(
        writer,
        said([segment("reply", id="1"), segment("image", url="x"), text("看")], time=NOW_S),
        said([segment("file", file="信.txt")], time=NOW_S + 1),
        said([segment("lightning")], time=NOW_S + 2),
        said([segment("json", data='{"prompt": "[分享]热线"}'), segment("face", id="1")]),
        said("很长的话\n" * 60, time=NOW_S + 4),
    )
    answer = await chat.context("1", [GROUP])
    for shown in ("【[图片]看】", "[文件]信.txt", "[无法显示的消息]", "[卡片][分享]热线[表情]"):
        assert shown in answer
    assert all(len(line) < 110 for line in answer.splitlines())


def test_places_are_kept_for_a_time_and_in_number() -> None:
    now = 0.0
    paging = Paging(clock=lambda: now)
    standing = Standing(parse_query("晚安"), "晚安", (GROUP,), 1, 5, 8)
    paging.put(PLACE, standing)
    now = 899.0
    assert paging.get(PLACE) == standing
    now = 901.0
    assert paging.get(PLACE) is None
    for user_id in range(2_500):
        paging.put((user_id, 0), standing)
    assert paging.get((0, 0)) is None
    assert paging.get((2_499, 0)) == standing
