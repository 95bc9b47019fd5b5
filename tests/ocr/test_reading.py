"""Joining lines to turns."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from liudeng.ocr import Box, Line, Reading, Side, Turn, join_turns, quoted_turns
from liudeng.ocr.reading import FURNITURE

texts = st.text(st.characters(codec="utf-8"), max_size=12)
lines = st.lists(
    st.builds(
        Line,
        text=texts,
        box=st.just(Box(0, 0, 1, 1)),
        confidence=st.just(1.0),
        side=st.sampled_from(Side),
        turn=st.integers(FURNITURE, 3),
    ),
    max_size=12,
)


def line(text: str, turn: int, side: Side = Side.ME) -> Line:
    return Line(text=text, box=Box(0, 0, 1, 1), confidence=1.0, side=side, turn=turn)


def bare(text: str) -> str:
    return "".join(text.split())


@given(lines)
def test_what_was_said_is_kept_in_order_and_furniture_is_not(found: list[Line]) -> None:
    said = [entry for entry in found if entry.turn != FURNITURE]
    joined = "".join(turn.text for turn in join_turns(found))
    assert bare(joined) == bare("".join(entry.text for entry in said))


@given(lines)
def test_a_turn_has_one_side_and_words(found: list[Line]) -> None:
    turns = join_turns(found)
    assert all(turn.text.strip() for turn in turns)
    said = [entry for entry in found if entry.turn != FURNITURE and entry.text.strip()]
    changes = sum((one.turn, one.side) != (other.turn, other.side) for one, other in pairwise(said))
    assert len(turns) == changes + bool(said)


@given(lines)
def test_a_reading_survives_being_kept(found: list[Line]) -> None:
    reading = Reading(lines=tuple(found))
    assert Reading.model_validate_json(reading.model_dump_json()) == reading


def test_a_broken_word_is_whole_again_and_english_keeps_its_spaces() -> None:
    turns = join_turns([line("我提前看", 0), line("过了", 0), line("a quiet", 1), line("hum", 1)])
    assert [turn.text for turn in turns] == ["我提前看过了", "a quiet hum"]


def test_two_bubbles_of_one_side_are_two_turns() -> None:
    turns = join_turns([line("晚安", 0), line("好梦", 1)])
    assert turns == (Turn(side=Side.ME, text="晚安"), Turn(side=Side.ME, text="好梦"))


def test_titles_and_times_are_searched_but_not_quoted() -> None:
    reading = Reading(
        lines=(
            line("23:41", FURNITURE, Side.NONE),
            line("小暖", 0, Side.NONE),
            line("你会疼吗", 1),
            line("不会", 2, Side.COMPANION),
        )
    )
    assert reading.text == "小暖\n你会疼吗\n不会"
    assert [turn.text for turn in quoted_turns(reading)] == ["你会疼吗", "不会"]
