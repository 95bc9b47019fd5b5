"""Whose chat a screenshot shows: the name in its title bar, where one can be told."""

import re

from liudeng.archive.reading import one_line
from liudeng.library.draft import MAX_COMPANION
from liudeng.ocr import Line, Reading, Side
from liudeng.ocr.reading import FURNITURE

_HEADER = 0.235
"""Status bar with title bar, of the picture's width: what all phones share."""
_ARROW = 0.1
"""What ends this near the left edge is the arrow that leads back, whatever it was read as."""
_EDGES = " \t<>‹›«»〈〉＜＞《》←→·•.…—-–|｜~"
_NO_NAME = re.compile(
    r"\d{1,2}[:：]\d{2}|\d{1,2}月\d{1,2}日|[(（]\s*\d+\s*[)）]$"
    r"|^(在线|离线|忙碌|手机在线|对方正在输入|正在输入|昨天|今天|前天|星期.|周.|上午|下午|晚上|\W*|\d+)$",
)
"""Times, what stands under a name, and a group's name, which a count of members follows."""


def companion_in(reading: Reading, width: int) -> str:
    """Return the name in the title bar of a chat; empty when there is none, or no chat.

    Args:
        reading: what was read in the picture.
        width: the picture's width in pixels.
    """
    if not any(line.side is Side.COMPANION for line in reading.lines):
        return ""
    for line in reading.lines:
        if _is_in_header(line, width):
            return _name(line.text)
    return ""


def _is_in_header(line: Line, width: int) -> bool:
    middle = (line.box.top + line.box.bottom) / 2
    is_said = line.side is not Side.NONE
    is_arrow = line.box.right < width * _ARROW
    return not is_said and not is_arrow and line.turn != FURNITURE and middle < width * _HEADER


def _name(text: str) -> str:
    name = one_line(text).strip(_EDGES)
    return "" if len(name) > MAX_COMPANION or _NO_NAME.search(name) else name
