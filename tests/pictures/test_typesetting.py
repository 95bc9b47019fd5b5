"""Lines end where a Chinese typesetter would end them, and nothing is lost on the way."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.pictures.fonts import Face
from liudeng.pictures.glyphs import clean
from liudeng.pictures.typesetting import ELLIPSIS, set_line, set_lines

FACE = Face(40)
CLOSING = "，。、；：！？）】》」』”’…—,.!?;:)]}%～"
OPENING = "（【《「『“‘([{#@"

ANYTHING = st.text(st.characters(), max_size=300)
CLAUSES = st.lists(
    st.one_of(
        st.text("的一是了我不在人有他这中大来上国晚安月亮灯", min_size=1, max_size=12),
        st.sampled_from(["Leo", "GPT-4o", "token", "hello world", "2026", "3.14%", "don't"]),
        st.sampled_from(
            [
                "，",
                "。",
                "！？",
                "……",
                "——",
                "。」",
                "”，",
                "）。",
                "：「",
                "（",
                "《",
                "“",
                "、",
                "～",
            ]
        ),
        st.sampled_from(["🌙", "😭", " ", "#12", "@小林"]),
    ),
    max_size=60,
).map(lambda parts: clean("".join(parts)))


def texts(lines: list) -> list[str]:
    return [line.text for line in lines]


@given(ANYTHING, st.integers(1, 900), st.booleans())
def test_nothing_is_lost(text: str, limit: int, spread: bool) -> None:
    shown = clean(text)
    kept = "".join(texts(set_lines(shown, FACE, limit, spread=spread)))
    assert "".join(kept.split()) == "".join(shown.split())


@given(CLAUSES, st.integers(10, 24))
def test_no_line_begins_or_ends_with_what_may_not_stand_there(text: str, ems: int) -> None:
    for paragraph in text.split("\n"):
        lines = texts(set_lines(paragraph, FACE, ems * FACE.size))
        for before, line in pairwise(lines):
            if any(len(run) > ems - 6 for run in _unbroken(before + line)):
                continue  # no place to end a line within its length
            assert line[:1] not in CLOSING, (before, line)
            assert before[-1:] not in OPENING, (before, line)


def _unbroken(text: str) -> list[str]:
    """Return the runs of punctuation in a text, with what they hold on to."""
    runs, run = [], ""
    for character in text:
        if character in CLOSING + OPENING or not run:
            run += character
        else:
            runs.append(run)
            run = character
    return [*runs, run]


@given(CLAUSES, st.integers(10, 24), st.booleans())
def test_no_line_is_too_long(text: str, ems: int, spread: bool) -> None:
    limit = ems * FACE.size
    for line in set_lines(text, FACE, limit, spread=spread):
        assert line.width <= limit + 0.01, line.text


@given(CLAUSES, st.integers(1, 4))
def test_what_is_cut_short_ends_with_dots(text: str, most: int) -> None:
    limit = 12 * FACE.size
    whole = set_lines(text, FACE, limit)
    lines = set_lines(text, FACE, limit, most=most)
    assert len(lines) == min(most, len(whole))
    if len(whole) > most:
        assert lines[-1].text.endswith(ELLIPSIS)
        assert lines[-1].width <= limit
    else:
        assert texts(lines) == texts(whole)


@given(CLAUSES)
def test_pieces_know_where_they_come_from(text: str) -> None:
    for line in set_lines(text, FACE, 400, spread=True):
        for piece in line.pieces:
            assert text[piece.at : piece.at + len(piece.text)] == piece.text


@given(CLAUSES)
def test_pieces_stand_one_after_the_other(text: str) -> None:
    for line in set_lines(text, FACE, 400, spread=True):
        for one, other in pairwise(line.pieces):
            assert other.x >= one.x + one.width - FACE.size / 2 - 0.01


def test_words_are_kept_together() -> None:
    assert texts(set_lines("我们一起说 helloworld 好吗", FACE, 8 * FACE.size)) == [
        "我们一起说",
        "helloworld 好吗",
    ]


def test_an_address_is_kept_together_if_it_fits() -> None:
    lines = texts(set_lines("看这里吧https://a.cn/b/c好", FACE, 11 * FACE.size))
    assert lines == ["看这里吧", "https://a.cn/b/c好"]


def test_a_long_address_is_cut_where_it_has_a_joint() -> None:
    address = "https://example.com/a/very/long/path?with=query&and=more"
    lines = texts(set_lines(address, FACE, 10 * FACE.size))
    assert "".join(lines) == address
    assert len(lines) > 1
    assert all(line[-1] in "/?&=_.,:;+-" for line in lines[:-1])


def test_a_word_without_joints_is_cut_all_the_same() -> None:
    lines = set_lines("啊" + "a" * 200, FACE, 10 * FACE.size)
    assert "".join(texts(lines)) == "啊" + "a" * 200
    assert max(line.width for line in lines) <= 10 * FACE.size


def test_punctuation_may_stand_out_at_the_end_by_its_empty_half() -> None:
    assert texts(set_lines("一二三四五六七八九，十", FACE, 9.5 * FACE.size)) == [
        "一二三四五六七八九，",
        "十",
    ]


def test_two_marks_move_together() -> None:
    apart = set_line("他说", FACE, 900).width
    assert set_line("他说：「", FACE, 900).width == pytest.approx(apart + 1.5 * FACE.size, abs=1)


def test_latin_words_are_set_off_from_chinese() -> None:
    alone = set_line("和", FACE, 900).width + set_line("Leo", FACE, 900).width
    assert set_line("和Leo", FACE, 900).width > alone + FACE.size * 0.1


def test_nearly_full_lines_are_spread() -> None:
    text = "一二三四五六七八九十" * 3
    limit = 10.6 * FACE.size
    ragged, spread = (set_lines(text, FACE, limit, spread=how)[0] for how in (False, True))
    assert ragged.width < limit
    assert spread.width == pytest.approx(limit)
