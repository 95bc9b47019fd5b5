"""The name in a screenshot's title bar."""

import pytest

from liudeng.library.companion import companion_in
from liudeng.ocr import Box, Line, Reading, Side

WIDTH = 720
SAID = Line(text="晚安", box=Box(40, 400, 200, 440), confidence=1, side=Side.COMPANION, turn=9)
ARROW = Line(text="√", box=Box(20, 80, 50, 110), confidence=1, turn=0)


def at(top: int, text: str) -> Line:
    """Return a line in the middle of the screen that nobody said."""
    return Line(text=text, box=Box(300, top, 420, top + 30), confidence=1, turn=top)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ([at(80, "小暖"), at(120, "在线")], "小暖"),
        ([at(80, "< 小暖 ›")], "小暖"),
        ([ARROW, at(80, "小暖")], "小暖"),
        ([at(80, "光头强(没错就叫这个)")], "光头强(没错就叫这个)"),
        ([at(80, "守灯人(128)")], ""),
        ([at(80, "昨天 23:41")], ""),
        ([at(80, "2月13日")], ""),
        ([at(80, "在线")], ""),
        ([at(80, "很" * 30)], ""),
        ([at(200, "小暖")], ""),
        ([], ""),
    ],
)
def test_a_name_is_told_from_what_else_stands_there(header: list[Line], name: str) -> None:
    assert companion_in(Reading(lines=(*header, SAID)), WIDTH) == name


def test_a_picture_that_is_no_chat_names_nobody() -> None:
    assert companion_in(Reading(lines=(at(80, "小暖"),)), WIDTH) == ""
