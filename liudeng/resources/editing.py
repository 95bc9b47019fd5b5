"""What 改资源 can change, as a moderator types it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from liudeng.resources import texts
from liudeng.resources.entry import category_meant
from liudeng.resources.ledger import LONGEST_CATEGORY, LONGEST_SUMMARY, LONGEST_TITLE
from liudeng.resources.typed import means_never, means_yes, read_day, read_fields


class CannotEdit(ValueError):
    """What was typed changes nothing; the text says what would."""


def edits(text: str, today: date) -> dict[str, Any]:
    """Read `标题=新标题 截止=12-31` into columns and values.

    Raises:
        CannotEdit: there is nothing to change in it, or a value is none.
    """
    typed = read_fields(text)
    unknown = [name for name in typed if name not in _FIELDS]
    if not typed or unknown:
        raise CannotEdit(texts.HOW_TO_EDIT)
    found: dict[str, Any] = {}
    for name, value in typed.items():
        column, read = _FIELDS[name]
        found[column] = read(value, today)
    return found


def _day(value: str, today: date) -> date | None:
    if means_never(value):
        return None
    day = read_day(value, today)
    if day is None:
        raise CannotEdit(f"「{value[:20]}」我看不懂是哪天，写成 2026-12-31 或 12-31。")
    return day


def _title(value: str, _today: date) -> str:
    if not value:
        raise CannotEdit("标题不能空着。")
    return value[:LONGEST_TITLE]


def _cut(most: int) -> Callable[[str, date], str]:
    return lambda value, _today: "" if means_never(value) else value[:most]


def _category(value: str, _today: date) -> str:
    if not value:
        raise CannotEdit("类别不能空着，例如：类别=导出")
    return category_meant(value) or value[:LONGEST_CATEGORY]


def _tags(value: str, _today: date) -> tuple[str, ...]:
    parts = value.replace("、", " ").replace("，", " ").replace(",", " ").replace("#", " ")
    return tuple(dict.fromkeys(parts.split()))


_FIELDS: dict[str, tuple[str, Callable[[str, date], Any]]] = {
    "标题": ("title", _title),
    "摘要": ("summary", _cut(LONGEST_SUMMARY)),
    "类别": ("category", _category),
    "地区": ("region", _cut(32)),
    "登录": ("needs_login", lambda value, _today: means_yes(value)),
    "到期": ("expires", _day),
    "截止": ("deadline", _day),
    "版本": ("version", _cut(64)),
    "标签": ("tags", _tags),
    "来源": ("source", _cut(500)),
}
