"""Markdown to be read by people: a heading for each category, a line for each link."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from liudeng.resources.entry import UNSORTED
from liudeng.resources.exchange.row import Row, checked

_LINE = re.compile(
    r"[-*]\s+\[(?P<title>(?:\\.|[^\]\\])+)\]\(<?(?P<url>[^\s)>]+)>?\)\s*(?P<rest>.*)"
)
_NOTES = re.compile(r"（(?P<notes>[^（）]*)）\s*$")
_DATED = {"截止": "deadline", "到期": "expires", "核实": "verified"}
_LOGIN = "要登录"
_VERSION = re.compile(r"版本 (?P<version>.+)")
_SPECIAL = re.compile(r"([\\\[\]])")


def to_markdown(rows: Iterable[Row]) -> str:
    """Return rows under headings; tags and sources are left out."""
    by_category: dict[str, list[Row]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    parts = ["# 资源"]
    for category, listed in by_category.items():
        parts.append(f"## {category}\n\n" + "\n".join(map(_line, listed)))
    return "\n\n".join(parts) + "\n"


def from_markdown(text: str) -> Sequence[Row]:
    """Read headings and lists of links; other lines are talk.

    Raises:
        BadFile: a link does not fit.
    """
    category = UNSORTED
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith("## "):
            category = line[3:].strip()
        elif match := _LINE.match(line):
            values = {
                "title": re.sub(r"\\(.)", r"\1", match["title"]),
                "url": match["url"],
                "category": category,
                **_described(match["rest"]),
            }
            rows.append(checked(values, f"第 {number} 行"))
    return rows


def _line(row: Row) -> str:
    title = _SPECIAL.sub(r"\\\1", row.title)
    notes = [
        f"{day.isoformat()} {word}"
        for word, field in _DATED.items()
        if isinstance(day := getattr(row, field), date)
    ]
    notes += [_LOGIN] if row.login else []
    notes += [f"版本 {row.version}"] if row.version else []
    notes += [row.region] if row.region else []
    told = f"（{'，'.join(notes)}）" if notes else ""
    url = row.url.replace("(", "%28").replace(")", "%29")
    summary = f"：{row.summary}" if row.summary else ""
    return f"- [{title}]({url}){summary}{told}"


def _described(rest: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if match := _NOTES.search(rest):
        rest = rest[: match.start()]
        for note in match["notes"].split("，"):
            _note(note.strip(), found)
    found["summary"] = rest.strip().removeprefix("：").strip()
    return found


def _note(note: str, found: dict[str, Any]) -> None:
    day, _, word = note.partition(" ")
    if word in _DATED:
        found[_DATED[word]] = day
    elif note == _LOGIN:
        found["login"] = True
    elif match := _VERSION.fullmatch(note):
        found["version"] = match["version"]
    elif note:
        found["region"] = note
