"""Lengths of time as people write them: 十分钟, 半小时, 1天, 2h30m, 90s."""

import re
import unicodedata

_DIGITS = {
    "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_SECONDS = {
    "s": 1, "秒": 1, "秒钟": 1,
    "m": 60, "min": 60, "分": 60, "分钟": 60,
    "h": 3600, "时": 3600, "小时": 3600, "个小时": 3600, "钟头": 3600, "个钟头": 3600,
    "d": 86_400, "天": 86_400, "日": 86_400, "w": 7 * 86_400, "周": 7 * 86_400, "星期": 7 * 86_400,
    "个星期": 7 * 86_400, "月": 30 * 86_400, "个月": 30 * 86_400,
}  # fmt: skip
_NUMBER = r"\d{1,4}(?:\.\d)?|半|[零一二两三四五六七八九十百]{1,5}"
_UNIT = "|".join(sorted(_SECONDS, key=len, reverse=True))
_PART = re.compile(rf"\s*({_NUMBER})\s*(?:(个半)(小时|钟头|星期|月)|({_UNIT})(半?))", re.IGNORECASE)
LONGEST_S = 30 * 86_400
"""QQ mutes for 30 days at most."""


def parse_duration(text: str, bare_unit: str = "m") -> int | None:
    """Return seconds, or None where this is no length of time.

    A bare number has the unit `bare_unit`.
    """
    total, rest = leading_duration(text, bare_unit)
    return total if total is not None and not rest else None


def leading_duration(text: str, bare_unit: str = "m") -> tuple[int | None, str]:
    """Return the length of time a text begins with in seconds, and what follows it."""
    folded = unicodedata.normalize("NFKC", text).strip()
    total, at = 0.0, 0
    while match := _PART.match(folded, at):
        unit = _SECONDS[(match[3] or match[4]).lower()]
        total += _number(match[1]) * unit + (unit / 2 if match[2] or match[5] else 0)
        at = match.end()
    if at:
        return round(total), folded[at:].strip()
    bare = re.match(r"\d{1,5}(?!\S)", folded)
    if bare is None:
        return None, folded
    return int(bare.group()) * _SECONDS[bare_unit], folded[bare.end() :].strip()


def in_words(seconds: int) -> str:
    """Return a length of time as people say it: 90 → 1 分 30 秒."""
    parts = [(86_400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒")]
    said: list[str] = []
    for size, name in parts:
        count, seconds = divmod(seconds, size)
        if count:
            said.append(f"{count} {name}")
    return " ".join(said[:2]) or "0 秒"


def _number(text: str) -> float:
    if text == "半":
        return 0.5
    if text[0].isdigit():
        return float(text)
    total, digit = 0, 0
    for char in text:
        if char == "十":
            total += (digit or 1) * 10
            digit = 0
        elif char == "百":
            total += (digit or 1) * 100
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
