"""What people type behind the commands about links."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

_PLAIN = str.maketrans("０１２３４５６７８９＃：＝，", "0123456789#:=,")
_NUMBER = re.compile(r"#?\s*(\d{1,15})(?:\s*号)?(?=\s|$)")
_GROUP = re.compile(r"(?:^|\s)群\s*[:：]?\s*(\d{5,15})(?=\s|$)")
_FULL_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_SPAN = re.compile(r"(\d{1,3})\s*(天|日|周|个月|月|d|w)", re.IGNORECASE)
_NAMED_DAYS = {"今天": 0, "今晚": 0, "明天": 1, "后天": 2}
_SPANS = {"天": 1, "日": 1, "d": 1, "周": 7, "w": 7, "个月": 30, "月": 30}
_UNTIL = re.compile(r"(?:^|\s)(?:到|至|截止|直到)\s*[:：]?\s*(\S+?)(?:为止|止)?\s*$")
_PAGE = re.compile(r"(?:^|\s)第?\s*(\d{1,4})\s*页?$")
_FIELD = re.compile(r"(?:^|\s)(\w{1,4})\s*[=:](?!//)\s*")
_ON_A_CARD = re.compile(r"资源\s*(\d{1,15})(?!\d)")
_NEVER = ("无", "没有", "长期", "不限", "清空")


@dataclass(frozen=True, slots=True)
class Aimed:
    """A command about one resource."""

    number: int | None
    rest: str
    group: int | None
    """Which group is meant, by somebody who moderates several."""


def split_aim(text: str) -> Aimed:
    """Read `12 导出 标题 群 123456` into the number, what follows, and the group."""
    text, group = split_group(text)
    match = _NUMBER.match(text.translate(_PLAIN))
    if match is None:
        return Aimed(None, text, group)
    return Aimed(int(match[1]), text[match.end() :].strip(), group)


def quoted_number(said: str) -> int | None:
    """Return the number of the one link that the bot showed in a message; None if it is none."""
    numbers = set(_ON_A_CARD.findall(said))
    return int(numbers.pop()) if len(numbers) == 1 else None


def split_group(text: str) -> tuple[str, int | None]:
    """Take `群 123456` out of a text."""
    plain = text.translate(_PLAIN)
    match = _GROUP.search(plain)
    if match is None:
        return text.strip(), None
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), int(match[1])


def split_page(text: str) -> tuple[str, int]:
    """Read `导出 2` into the words and the page."""
    match = _PAGE.search(text.translate(_PLAIN))
    if match is None or not text[: match.start()].strip():
        return text.strip(), 1
    return text[: match.start()].strip(), max(1, int(match[1]))


def split_until(text: str, today: date) -> tuple[str, date | None]:
    """Take `到 12-31` off the end of a text; the date is None if there is none."""
    match = _UNTIL.search(text)
    day = read_day(match[1], today) if match else None
    return (text[: match.start()].strip(), day) if match and day else (text.strip(), None)


def read_day(text: str, today: date) -> date | None:
    """Read 2026-12-31, 12-31, 12月31日, 明天, 7天; a day of the year is the next such day."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[text])
    try:
        if match := _FULL_DAY.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY.fullmatch(text):
            day = date(today.year, int(match[1]), int(match[2]))
            return day if day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None
    if match := _SPAN.fullmatch(text):
        return today + timedelta(days=int(match[1]) * _SPANS[match[2].lower()])
    return None


def read_fields(text: str) -> dict[str, str]:
    """Read `标题=新标题 截止=12-31` into names and values."""
    plain = text.translate(_PLAIN)
    marks = list(_FIELD.finditer(plain))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {mark[1]: text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}


def means_never(text: str) -> bool:
    """Tell whether a date is to be taken away."""
    return text.strip() in _NEVER


def means_yes(text: str) -> bool:
    """Tell whether a value means yes."""
    return text.strip().casefold() in ("要", "需要", "是", "有", "yes", "true", "1")
