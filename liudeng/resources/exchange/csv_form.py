"""CSV, as spreadsheets read and write it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from liudeng.resources.exchange.row import FIELDS, BadFile, Row, checked

_BOM = "\ufeff"
"""Without it Excel takes Chinese for something else."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_QUOTED = "'"
_APART = "、"


def to_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV with a heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in FIELDS])
    return _BOM + out.getvalue()


def from_csv(text: str) -> Sequence[Row]:
    """Read CSV with a heading.

    Raises:
        BadFile: it has no such heading, or a link in it does not fit.
    """
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix(_BOM)))
        if not {"title", "url"} <= set(reader.fieldnames or ()):
            raise BadFile("第一行要有 title 和 url 两列。")
        return [checked(_uncelled(values), f"第 {reader.line_num} 行") for values in reader]
    except csv.Error as error:
        raise BadFile(f"这不是能读的 CSV：{error}。") from None


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        value = _APART.join(value)
    text = "" if value is None else str(value)
    # What a spreadsheet would take for a formula is marked as text.
    return f"{_QUOTED}{text}" if text.startswith(_FORMULA) else text


def _uncelled(values: dict[str | Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if not isinstance(name, str) or not isinstance(value, str):
            continue
        quoted = value.startswith(_QUOTED) and value[1:].startswith(_FORMULA)
        text = value[1:] if quoted else value.strip()
        found[name] = tuple(filter(None, text.split(_APART))) if name == "tags" else text
    return found
