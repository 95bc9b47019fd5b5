"""Rules typed in the chat: read, told back, and refused with the words that are wrong."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.moderation.groups import keep_own, switch
from liudeng.moderation.rules import RuleProblem, parse_set
from liudeng.moderation.rules.telling import as_toml, tell_rule
from liudeng.moderation.rules.typed import TypedProblem, read_typed
from tests.fakes.payloads import GROUP, OWNER
from tests.moderation.conftest import Scene

TOLD_BACK = {
    "防推销：厂家直销 加我下单 -> 撤回": "· 防推销：词 厂家直销 加我下单 → 撤回，记 1 分",
    "防推销：词 厂家直销、加我下单，进群 一周 → 撤回 禁言 1小时 交给管理，除了 30天 12345678": (
        "· 防推销：词 厂家直销 加我下单，进群 7 天 → 撤回 禁言 1 小时 交给管理，记 1 分，"
        "除了进群 30 天以上的，除了 12345678"
    ),
    "刷屏的: 连发 12条 20秒，进群 3天内 → 禁言，记 2 分": (
        "· 刷屏的：连发 12条 20 秒，进群 3 天 → 禁言 10 分钟，记 2 分"
    ),
    "乱提人：提到 8人 → 提醒": "· 乱提人：提到 8人 → 提醒，记 1 分",
    "复读：重复 4 遍；链接 → 撤回、禁言 半小时": (
        "· 复读：重复 4遍，链接 → 撤回 禁言 30 分钟，记 1 分"
    ),
    "假官网：域名 openai.top a.b.cn，仿冒链接 → 交给管理": (
        "· 假官网：域名 openai.top a.b.cn，仿冒链接 → 交给管理，记 1 分"
    ),
    "木马：文件 APK .exe，转发 → 交给管理": "· 木马：文件 apk exe，转发 → 交给管理，记 1 分",
    "新人码：二维码，进群 7天 → 撤回": "· 新人码：进群 7 天，二维码 → 撤回，记 1 分",
    "图里骗人：像诈骗 0.8，看图 → 交给管理": "· 图里骗人：像诈骗 0.8，看图 → 交给管理，记 1 分",
    "句式的：句式 加.{0,3}微信.*下单 → 提醒": "· 句式的：句式 加.{0,3}微信.*下单 → 提醒，记 1 分",
}


@pytest.mark.parametrize("typed", TOLD_BACK)
def test_a_rule_is_told_back_as_it_was_meant(typed: str) -> None:
    one = parse_set(as_toml(read_typed(typed), 3), "typed")
    assert one.version == 3
    assert tell_rule(one.rules[0]) == TOLD_BACK[typed]


REFUSED = {
    "没有冒号 → 撤回": "名字和冒号",
    "名字：厂家直销": "箭头",
    "名字：厂家直销 → 打他": "「打他」不认识",
    "名字：厂家直销 → ": "要写后果",
    "名字： → 撤回": "一个条件也没有",
    "名字：进群 很久，词 下单吧 → 撤回": "「进群 很久」：写进群多久",
    "名字：连发 很多 → 禁言": "「连发 很多」：写几条和多久",
    "名字：提到 1人 → 提醒": "「提到 1人」：写 2 到 500 的数",
    "名字：像诈骗 5 → 撤回": "分数写 0.5 到 1",
    "名字：域名 不是域名 → 撤回": "「不是域名」不像域名",
    "名字：文件 → 撤回": "写文件名的结尾",
    "名字：厂家直销 → 禁言 90天": "最多禁言 30 天",
    "名字：厂家直销 → 撤回，除了 小明": "老成员，或 QQ 号",
    "名字：厂家直销 → 撤回，随便": "「随便」看不懂",
    "名字：厂家直销 → 撤回，记 99 分": "最多记 10 分",
    "名字：晚安 → 撤回": "「晚安」太宽了",
    "名字：链接 → 撤回": "会误伤很多人",
    "名字：二维码 → 禁言": "会误伤很多人",
    "名字：句式 (a+)+ → 撤回": "会拖慢机器人",
    "名字：句式 [ → 撤回": "正则写错了",
}


async def test_what_cannot_work_is_refused_by_its_own_words(scene: Scene) -> None:
    for typed, said in REFUSED.items():
        answer = await scene.room.writing.add(GROUP, typed, OWNER)
        assert answer.startswith("没有存"), typed
        assert said in answer, (typed, answer)
        assert not any(key in answer for key in ("when", "words", "mute_for", "「do」")), answer
    assert scene.room.choices.of(GROUP).own == ()


async def test_rules_of_one_s_own_are_shown_replaced_and_forgotten(scene: Scene) -> None:
    writing = scene.room.writing
    assert "我读作：\n· 防推销：词 厂家直销" in await writing.add(
        GROUP, "防推销：厂家直销 → 撤回", OWNER
    )
    assert "第 2 版" not in await writing.show(GROUP, "防推销")
    await writing.add(GROUP, "防推销：厂家直销 加我下单 → 撤回 禁言 1小时", OWNER)
    shown = await writing.show(GROUP, "防推销")
    assert "第 2 版" in shown
    assert "试运行" in shown
    assert "· 卖门票：词 进群门票 → 禁言 1 小时 交给管理" in await writing.show(GROUP, "测试套")
    assert "现成的一套" in await writing.remove(GROUP, "测试套", OWNER)
    assert "现成的一套" in await writing.add(GROUP, "测试套：厂家直销 → 撤回", OWNER)
    assert "删掉了" in await writing.remove(GROUP, "防推销", OWNER)
    assert "没有叫「防推销」" in await writing.show(GROUP, "防推销")


@settings(max_examples=60)
@given(
    st.text(
        "词句式链接域名提到重复连发进群像诈骗看图 0123456789天人遍条秒"
        "，。；→除了记分撤回禁言：ab.[](*\"'\\\n"
    )
)
def test_whatever_is_typed_is_a_rule_or_a_sentence(typed: str) -> None:
    with suppress(TypedProblem, RuleProblem):
        one = parse_set(as_toml(read_typed("名字：" + typed), 1), "typed")
        assert tell_rule(one.rules[0]).startswith("· 名字：")


async def test_a_rule_kept_long_ago_that_loads_no_more_holds_up_nothing(scene: Scene) -> None:
    body = as_toml(read_typed("慢的：句式 (呀|呀)+下单 → 撤回"), 1)
    async with scene.database.write() as connection:
        await keep_own(connection, GROUP, "慢的", body, OWNER)
        await switch(connection, GROUP, stopped=False)
        await scene.room.choices.read(connection)
    assert scene.room.choices.of(GROUP).own == ()
