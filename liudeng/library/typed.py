"""What members type behind a command: numbers of entries, pages of the wall, choices."""

import re
from dataclasses import dataclass

from liudeng.library.entry import Visibility

_PLAIN = str.maketrans("０１２３４５６７８９＃", "0123456789#")
_NUMBER = re.compile(r"#?\s*(\d{1,15})(?:\s*号)?(?=\s|$)")
_ANY_NUMBER = re.compile(r"#?\s*(\d{1,15})(?:\s*号)?")
_VISIBILITIES = {
    Visibility.PRIVATE: ("私密", "仅自己", "只有我", "自己", "private"),
    Visibility.GROUP: ("本群", "群内", "群", "group"),
    Visibility.PUBLIC: ("公开", "所有人", "public"),
}
_ON = ("开", "打开", "开启", "要", "on")
_OFF = ("关", "关闭", "关掉", "不要", "取消", "off")


@dataclass(frozen=True, slots=True)
class WallRequest:
    """Which part of the wall is asked for."""

    companion: str = ""
    page: int = 1


def split_number(text: str) -> tuple[int | None, str]:
    """Split `12 新标题` into the number and what follows; `#12` and `12号` are numbers, too."""
    text = text.strip()
    match = _NUMBER.match(text.translate(_PLAIN))
    return (int(match[1]), text[match.end() :].strip()) if match else (None, text)


def wall_request(text: str) -> WallRequest:
    """Read `2`, `小暖`, `小暖 2` or `2 小暖`."""
    words = text.split()
    for place in (-1, 0):
        if words and (page := _page(words[place])):
            del words[place]
            return WallRequest(" ".join(words), page)
    return WallRequest(" ".join(words))


def split_visibility(text: str) -> tuple[int | None, Visibility | None]:
    """Read `12 公开`, `12公开` or `公开 12`."""
    text = text.translate(_PLAIN)
    match = _ANY_NUMBER.search(text)
    word = _ANY_NUMBER.sub("", text, count=1).strip().casefold()
    seen = next((seen for seen, words in _VISIBILITIES.items() if word in words), None)
    return int(match[1]) if match else None, seen


def switch_in(text: str) -> bool | None:
    """Tell whether a word means on or off; None for neither."""
    word = text.strip().casefold()
    return True if word in _ON else False if word in _OFF else None


def _page(word: str) -> int | None:
    digits = word.translate(_PLAIN)
    is_page = digits.isascii() and digits.isdecimal() and 0 < len(digits) <= 4
    return int(digits) or None if is_page else None
