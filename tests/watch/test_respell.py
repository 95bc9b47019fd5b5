"""Disguised crisis words are spelled out; look-alikes stay what they are."""

import random
import re

import pytest

from liudeng.text.normalise import normalise
from liudeng.watch import assess
from liudeng.watch.respell import _ALL, _ANY, respell


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我想自sha", "我想自杀"),
        ("zi杀的念头", "自杀的念头"),
        ("自啥了", "自杀了"),
        ("好想si", "好想死"),
        ("想sǐ了", "想死了"),
        ("yi书写好了", "遗书写好了"),
        ("又割w了", "又割腕了"),
        ("想跳lou", "想跳楼"),
        ("活不下qu了", "活不下去了"),
        ("我想4", "我想死"),
        ("卜想活了", "不想活了"),
        ("8想活", "不想活"),
        ("活bu下去", "活不下去"),
        ("轻shēng的念头", "轻生的念头"),
        ("zi can了", "自残了"),
        ("想上d", "想上吊"),
        ("想跳he", "想跳河"),
        ("结束ziji", "结束自己"),
        ("想杀自", "想自杀"),
        ("🔪了手", "刀了手"),
        ("💊攒够了", "药攒够了"),
        ("想✖️死", "想死"),
        ("不#想#活", "不想活"),
        ("氵舌够了", "活够了"),
        ("布响活了", "不想活了"),
        ("我想44444", "我想死"),
        ("bu xiang huo le", "不想活 le"),
        ("wo xiang si", "想死"),
        ("隔腕好几次", "割腕好几次"),
    ],
)
def test_disguises_are_spelled_out(written: str, meant: str) -> None:
    found = respell(normalise(written))

    assert found is not None
    assert found.text == meant
    assert len(found.origins) == len(found.text)
    assert list(found.origins) == sorted(found.origins)


@pytest.mark.parametrize(
    "text",
    [
        "紫砂壶开壶", "招商zs", "想4k显示器", "想sim卡放哪", "第4班", "梳子啥的", "跳l3航班",
        "要4个", "自shanghai来", "sh脚本", "想s级装备", "si是硅", "自刹车", "不想火锅",
        "zsh配置", "上d站看番", "想上大学", "8想买", "布想了想", "烧t恤", "卜卦想活动一下",
    ],
)  # fmt: skip
def test_look_alikes_are_left_alone(text: str) -> None:
    assert respell(normalise(text)) is None
    assert assess(text).level < 3


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("自 / 杀", "自杀"),
        ("自。杀。我打字手抖", "自杀。我打字手抖"),
        ("想     死", "想死"),
        ("想丨死", "想死"),
        ("xiǎng sǐ", "xiang si"),
        ("你好。我也好。", "你好。我也好。"),
        ("妈。对不起", "妈。对不起"),
    ],
)
def test_symbols_between_the_characters_of_a_word_are_dropped(written: str, folded: str) -> None:
    assert normalise(written).text == folded


def test_the_reason_shows_what_was_written() -> None:
    found = assess("我想自sha，真的")

    assert found.level == 3
    assert any("自sha" in reason.text for reason in found.reasons)


def test_where_a_disguise_cannot_begin_none_is_missed() -> None:
    """The look that passes over a place knows every first character there is."""
    everywhere = re.compile("|".join(disguise for disguise, _ in _ALL))
    shown = [part for disguise, _ in _ALL for part in re.split(r"[^\w\s]+", disguise) if part]
    draw = random.Random(7)
    compared = 0
    for _ in range(3_000):
        text = "".join(
            draw.choice((draw.choice(shown), draw.choice("想活死了 x9的,"))) for _ in range(8)
        )
        spans = [match.span() for match in everywhere.finditer(text)]
        assert [match.span() for match in _ANY.finditer(text)] == spans, text
        compared += len(spans)
    assert compared > 500


def test_of_a_very_long_text_the_beginning_and_the_end_are_read() -> None:
    calm = "今天天气很好，" * 3_000
    for text in (f"我想自sha。{calm}", f"{calm}我想自sha"):
        found = respell(normalise(text))
        assert found is not None
        assert "自杀" in found.text
        assert len(found.text) == len(found.origins)
    assert respell(normalise(f"{calm}我想自sha，{calm}")) is None
