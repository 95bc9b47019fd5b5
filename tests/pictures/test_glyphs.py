"""What is drawn is in the font or has a stand-in: no boxes, nothing invisible, no tricks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.pictures.emoji import DOT, token_of
from liudeng.pictures.glyphs import clean, clean_line, in_font

ANYTHING = st.text(st.characters(), max_size=200)  # surrogates and unassigned ones as well


def named(text: str) -> str:
    """Return a cleaned text with the names of its tokens."""
    tokens = ((character, token_of(character)) for character in text)
    return "".join(f"<{token.name}>" if token else character for character, token in tokens)


@given(ANYTHING)
def test_whatever_is_written_can_be_drawn(text: str) -> None:
    for character in clean(text):
        assert character == "\n" or token_of(character) or in_font(character), ascii(character)


@given(ANYTHING)
def test_what_is_clean_stays_as_it_is_but_for_its_tokens(text: str) -> None:
    plain = "".join(character for character in clean(text) if token_of(character) is None)
    assert clean_line(plain) == " ".join(plain.split())


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("晚安🌙", "晚安<月亮>"),
        ("❤️和🕯️", "<心>和<蜡烛>"),
        ("🙏🏻", "<合十>"),
        ("👨‍👩‍👧走了", "<人>走了"),
        ("❤️‍🔥", "<心>"),
        ("❤\u200d你好", "<心>你好"),
        ("心火山.", "心火山."),
        ("🇨🇳🇯🇵", "<旗><旗>"),
        ("1️⃣先", "1先"),
        ("🫂抱抱", "<抱抱>抱抱"),
        ("z̸̧̢a̴͎͝l̶͉g̷o̴", "zalgo"),
        ("café", "café"),
        ("前\u202e后\u2066\u200b\ufeff中", "前后中"),
        ("坏\ud83d的", "坏的"),
        ("\x00\x1b[31m红", "[31m红"),
        ("ภาษาไทย ครับ好", "<泰文>好"),
        ("مرحبا بالعالم", "<阿拉伯文>"),
        ("𝓗𝓮𝓵𝓵𝓸", "Hello"),
        ("ლ(ಥ﹏ಥ)ლ", "<点>(<点>﹏<点>)<点>"),
        ("𠮷野家", "𠮷野家"),
        ("\U0003106c字", "〓字"),
        ("I’m", "I'm"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("上\n\n\n\n下", "上\n\n下"),
        ("  a   b  ", "a b"),
    ],
)
def test_what_stands_for_what(text: str, drawn: str) -> None:
    assert named(clean(text)) == drawn


def test_what_has_no_name_is_a_small_dot_once() -> None:
    assert clean("\U0001faa9\U0001faa9\U0001faa9") == DOT


def test_a_box_is_no_character_of_the_font() -> None:
    assert not any(map(in_font, "🌙\u0e01\ue000\U000f0000\ud800\u0301"))
    assert all(map(in_font, "中文abcあ한，。□〓"))
