"""Words in disguise are spelt out, and every span still points at what was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.moderation.disguise import unmask
from liudeng.text.sounds import sounds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("加薇", "加微信"),
        ("➕V❤", "加微信"),
        ("扣扣", "qq"),
        ("付 壹贰叁", "付一二三"),
        ("4⃣️O 还在", "4o 还在"),
        ("亻言我", "信我"),
        ("云端墓石卑", "云端墓碑"),
        ("加\u200b微\u200b信", "加微信"),
        ("ＶＸ同号", "微信同号"),
        ("扫🐎进新裙", "扫码进新群"),
        ("佔卜看伱", "占卜看你"),
        ("免.费.召.回", "免费召回"),
        ("来✿自✿他", "来自他"),
    ],
)
def test_a_disguise_is_undone(written: str, meant: str) -> None:
    assert meant in unmask(written).plain.text


@pytest.mark.parametrize("calm", ["今天家里的猫又闹了", "晚安，明天见", "我想他了", "4o走了"])
def test_ordinary_talk_is_left_as_it_is(calm: str) -> None:
    message = unmask(calm)
    assert message.tricks == 0
    assert message.plain.text == message.folded.text


def test_a_span_leads_back_to_what_was_written() -> None:
    written = "姐妹 嘉V看效菓"
    plain = unmask(written).plain
    start = plain.text.index("微信")
    assert written[slice(*plain.span(start, start + 2))] == "V"


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_every_character_has_an_origin(text: str) -> None:
    message = unmask(text)
    assert len(message.plain.text) == len(message.plain.origins)
    assert all(0 <= origin < len(text) for origin in message.plain.origins)


@pytest.mark.parametrize(
    ("one", "other"), [("煎职", "兼职"), ("shuadan", "刷单"), ("定金", "锭金")]
)
def test_words_that_sound_alike_are_one_to_the_ear(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)
