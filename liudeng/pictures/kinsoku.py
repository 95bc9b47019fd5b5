"""Which characters may begin and end a line, and how close two of them stand."""

from functools import lru_cache
from unicodedata import category, east_asian_width

from liudeng.pictures.emoji import token_of
from liudeng.pictures.fonts import LANGUAGE

CLOSING = frozenset("，。、；：！？）】》」』〉〕］｝”’〗〙")
"""Full width, with the right half empty."""
OPENING = frozenset("（【《「『〈〔［｛“‘〖〘")
"""Full width, with the left half empty."""
NOT_FIRST = CLOSING | frozenset(
    "…—～〜·・‥ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.!?;:)]}%>/~°℃％‰＞．／｜﹏︶︿♪"
)
"""These may not begin a line."""
NOT_LAST = OPENING | frozenset("([{<@#＠＃$￥¥£€＜")
"""These may not end a line."""
_HALF = 0.5
_JOINED = -0.1  # the font's dashes leave a gap between them
_MIXED = 0.17
_BESIDE_TOKEN = 0.1


@lru_cache(maxsize=16_384)
def is_wide(character: str) -> bool:
    """Whether it stands by itself: a Han character, full-width punctuation, an emoji's token."""
    if token_of(character) is not None:
        return True
    width = east_asian_width(character)
    if width == "A":  # Greek and Cyrillic letters are, as far as Unicode knows, either
        return not category(character).startswith("L")
    return width in "WF"


def may_break(last: str, first: str) -> bool:
    """Whether a line may end with one character and the next begin with the other."""
    if last == "-" and is_wide(first):  # a minus, not a hyphen: 搜 月亮 -晚安
        return False
    return first not in NOT_FIRST and last not in NOT_LAST


def gap(last: str, first: str) -> float:
    """Return the distance between two characters in ems; below zero, they move together.

    `last` is empty at the start of a line.
    """
    if LANGUAGE is not None and _is_loose(last, first):
        return -_HALF
    if not last or " " in (last, first):
        return 0.0
    if last == first == "—":
        return _JOINED
    if token_of(last) or token_of(first):
        return 0.0 if first in NOT_FIRST and first in CLOSING else _BESIDE_TOKEN
    if (_is_han(last) and _is_narrow(first)) or (_is_narrow(last) and _is_han(first)):
        return _MIXED
    return 0.0


def overhang(last: str) -> float:
    """Return how much of a line's last character may stand out beyond its end, in ems."""
    return _HALF if LANGUAGE is not None and last in CLOSING else 0.0


def _is_loose(last: str, first: str) -> bool:
    """Whether two halves of nothing meet, or one stands at the start of a line."""
    if last in ("", " "):
        return first in OPENING
    if last in CLOSING:
        return first in CLOSING or first in OPENING
    return last in OPENING and first in OPENING


def _is_han(character: str) -> bool:
    return is_wide(character) and character.isalnum()


def _is_narrow(character: str) -> bool:
    return not is_wide(character) and (character.isalnum() or character in "#@%+")
