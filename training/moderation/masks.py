"""Sentences put into disguise, as those do who expect a filter."""

import random
import zlib
from collections import defaultdict
from functools import cache

from opencc import OpenCC

from liudeng.text.pinyin import readings

_to_traditional = OpenCC("s2t")
_NUMERALS = {
    **dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖", strict=True)),
}
_CIRCLED = dict(zip("123456789", "①②③④⑤⑥⑦⑧⑨", strict=True))
_WORDS = {
    "微信": ("薇", "V", "vx", "徽信", "威信", "❤", "卫星", "wei"),
    "加我": ("嘉我", "➕我", "+我", "伽莪", "家我"),
    "私聊": ("厶聊", "si聊", "私", "s聊"),
    "QQ": ("扣扣", "球球", "q", "企鹅"),
    "4o": ("4欧", "四欧", "4⃣️o", "4O", "4 o", "四o"),
    "我": ("莪", "窝", "俺", "我"),
    "你": ("伱", "妮", "恁", "你"),
    "的": ("滴", "嘚", "の", "的"),
    "群": ("裙", "qun", "羣"),
    "扫码": ("扫妈", "扫🐎", "掃碼"),
    "块": ("元", "圆", "kuai", "r"),
    "傻": ("煞", "sha", "傻"),
}
_MARKS = ("/", "-", ".", "*", "·", " ", "✦", "_", "丨")


def masked(text: str, turn: int) -> str:
    """A disguise of a sentence; the same for the same text and turn."""
    dice = random.Random(zlib.crc32(f"{turn}:{text}".encode()))
    for word, others in _WORDS.items():
        if word in text and dice.random() < 0.6:
            text = text.replace(word, dice.choice(others))
    rate = dice.choice((0.12, 0.22, 0.35))
    marks = dice.random() < 0.3
    pieces: list[str] = []
    for char in text:
        piece = _masked_char(char, dice) if dice.random() < rate else char
        pieces.append(piece)
        if marks and dice.random() < 0.25 and "\u4e00" <= char <= "\u9fff":
            pieces.append(dice.choice(_MARKS))
    joined = "".join(pieces)
    return joined.replace("，", " ") if dice.random() < 0.5 else joined


def _masked_char(char: str, dice: random.Random) -> str:
    if char.isdigit():
        return dice.choice((_NUMERALS.get(char, char), _CIRCLED.get(char, char), char))
    if not "\u4e00" <= char <= "\u9fff":
        return char
    sounds = readings(char)
    way = dice.random()
    if way < 0.6 and sounds:
        return dice.choice(_homophones()[sounds[0]] or [char])
    if way < 0.75 and sounds:
        return sounds[0]
    if way < 0.9:
        return _to_traditional.convert(char)
    return sounds[0][0] if sounds else char


@cache
def _homophones() -> dict[str, list[str]]:
    """The common characters (GB 2312, first level) by their sound."""
    found: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            for sound in readings(char)[:1]:
                found[sound].append(char)
    return found
