"""Disguised crisis words are spelled out; look-alikes stay what they are."""

import pytest

from liudeng.text.normalise import normalise
from liudeng.watch import assess
from liudeng.watch.respell import respell


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
        "zsh配置",
    ],
)  # fmt: skip
def test_look_alikes_are_left_alone(text: str) -> None:
    assert respell(normalise(text)) is None
    assert assess(text).level < 3


def test_the_reason_shows_what_was_written() -> None:
    found = assess("我想自sha，真的")

    assert found.level == 3
    assert any("自sha" in reason.text for reason in found.reasons)
