"""Spans point into the message as it was written; hostile messages stay bounded."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.text.normalise import HEAD_CHARS, TAIL_CHARS, normalise
from liudeng.watch import Assessment, assess
from liudeng.watch.assessment import MAX_REASONS

_WORDS = ["想死", "我", "自", "杀", "今晚", "跳下去", "哈哈", "没有", "活不下去", "說", "ｚｓ"]
_ODDITIES = ["*", ".", "，", " ", "\n", "“", "”", "😂", "ﬁ", "㊗", "ß", "é", "e\u0301"]
_INVISIBLE = ["\u200b", "\ufe0f", "\ud800"]
_PIECES = st.sampled_from([*_WORDS, *_ODDITIES, *_INVISIBLE])
_TEXTS = st.lists(_PIECES | st.characters(), max_size=60).map("".join)


def _check_spans(text: str, found: Assessment) -> None:
    assert len(found.reasons) <= MAX_REASONS
    for reason in found.reasons:
        assert 0 <= reason.start < reason.end <= len(text)
        assert text[reason.start : reason.end] == reason.text


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_span_slices_its_text_out_of_the_message(text: str) -> None:
    _check_spans(text, assess(text))


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_normalising_keeps_one_origin_for_each_character_in_order(text: str) -> None:
    folded = normalise(text)

    assert len(folded.origins) == len(folded.text)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= origin < len(text) for origin in folded.origins)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("唉，自*杀算了", "自*杀"),
        ("真的想\u200b\u200b死", "想\u200b\u200b死"),
        ("不想活了，ｚｓ了算了", "ｚｓ了"),
    ],
)
def test_a_reason_shows_the_words_as_the_member_wrote_them(text: str, written: str) -> None:
    assert written in {reason.text for reason in assess(text).reasons}


def test_han_is_never_turned_into_latin() -> None:
    assert normalise("紫砂自鲨").text == "紫砂自鲨"


def test_traditional_characters_are_folded() -> None:
    assert normalise("遺書寫好了，樓頂").text == "遗书写好了,楼顶"
    assert normalise("撐不下去，放棄自己，擺脫").text == "撑不下去,放弃自己,摆脱"


@pytest.mark.parametrize(
    "text",
    [
        "我想死" * 40_000,
        "死\u200b" * 50_000,
        "\u200b" * 100_000,
        "😂🔪" * 50_000,
        "“" * 100_000,
        "我 死 " * 33_334,
    ],
)
def test_hostile_length_is_bounded(text: str) -> None:
    _check_spans(text, assess(text))
    assert len(normalise(text).text) <= HEAD_CHARS + TAIL_CHARS + 1


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ud800"])
def test_nothing_to_assess_is_nothing(text: str) -> None:
    assert assess(text).level == 0


@pytest.mark.parametrize("where", ["head", "tail"])
def test_the_head_and_the_tail_of_a_long_message_are_read(where: str) -> None:
    cry, filler = "我真的不想活了。", "今天天气不错。" * 2_000
    text = cry + filler if where == "head" else filler + cry

    found = assess(text)

    assert found.level == 3
    _check_spans(text, found)
