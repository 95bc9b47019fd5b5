"""TOML: one `[[resources]]` for each link."""

import json
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from liudeng.resources.exchange.row import FIELDS, BadFile, Row, checked

_HEAD = "# 留灯的资源。改完用 liudeng resources import 导回去。\n"


def to_toml(rows: Iterable[Row]) -> str:
    """Return rows as TOML, leaving out what is empty."""
    return _HEAD + "".join(map(_table, rows))


def from_toml(text: str) -> Sequence[Row]:
    """Read TOML.

    Raises:
        BadFile: it is none, or a link in it does not fit.
    """
    try:
        tables = tomllib.loads(text).get("resources", [])
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"这不是能读的 TOML：{error}。") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadFile("每条链接要写成一个 [[resources]]。")
    return [checked(table, f"第 {number} 条") for number, table in enumerate(tables, 1)]


def _table(row: Row) -> str:
    lines = ["", "[[resources]]"]
    for name in FIELDS:
        value = getattr(row, name)
        if value not in ("", None, (), False):
            lines.append(f"{name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    # A JSON string is a TOML string, but for the one control character JSON lets stand.
    return json.dumps(str(value).replace("\x7f", ""), ensure_ascii=False)
