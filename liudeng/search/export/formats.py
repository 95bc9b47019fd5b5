"""The formats of an export, each written piece by piece."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from liudeng.archive.message import StoredMessage
from liudeng.archive.reading import shown_text
from liudeng.search.query import Form

_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~$])")
_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.7 system-ui, sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em }}
h1 {{ font-size: 1.3em }} h2 {{ font-size: 1em; color: #777; margin-top: 2em }}
p {{ margin: .6em 0; white-space: pre-wrap; overflow-wrap: anywhere }}
time, i {{ color: #777; font-style: normal }}
@media (prefers-color-scheme: dark) {{ body {{ background: #1c1b19; color: #e8e4dc }} }}
</style>
<h1>{title}</h1><i>{note}</i>
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above an export."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message of an export, ready to be written."""

    number: int
    moment: datetime
    name: str
    user_id: str
    group: str
    text: str
    seen_text: str

    @classmethod
    def of(cls, message: StoredMessage, zone: ZoneInfo, group: str) -> "Line":
        """Return the line of a message."""
        return cls(
            message.seq,
            datetime.fromtimestamp(message.time_ms / 1000, zone),
            message.display_name,
            message.user_id,
            group,
            shown_text(message.segments),
            message.seen_text,
        )


class Writing(Protocol):
    """Turns messages into the text of a file, some at a time."""

    suffix: str

    def head(self, heading: Heading) -> str:
        """Return how a file begins; what follows belongs to it."""
        ...

    def lines(self, lines: Sequence[Line]) -> Iterator[str]:
        """Yield the next messages."""
        ...

    def tail(self) -> str:
        """Return how the file ends."""
        ...


class Markdown:
    """Readable as it is; whatever looks like Markdown in a message is escaped."""

    suffix = "md"

    def __init__(self) -> None:
        self._day = ""

    def head(self, heading: Heading) -> str:
        self._day = ""
        return f"# {_escaped(heading.title)}\n\n{_escaped(heading.note)}\n"

    def lines(self, lines: Sequence[Line]) -> Iterator[str]:
        for line in lines:
            if self._day != (day := f"{line.moment:%Y-%m-%d}"):
                self._day = day
                yield f"\n## {day}\n\n"
            said = _escaped(line.text).replace("\n", "  \n  ")
            where = f"（{_escaped(line.group)}）" if line.group else ""
            who = f"**{line.moment:%H:%M} {_escaped(line.name)}**{where}"
            yield f"- {who}（{line.number}）：{said}\n"
            if line.seen_text:
                yield f"  〔图中〕{_escaped(' '.join(line.seen_text.split()))}\n"

    def tail(self) -> str:
        return ""


class Json:
    """One object with an array of messages, for programs."""

    suffix = "json"

    def __init__(self) -> None:
        self._between = "\n"

    def head(self, heading: Heading) -> str:
        self._between = "\n"
        about = json.dumps({"title": heading.title, "note": heading.note}, ensure_ascii=False)
        return f'{about[:-1]}, "messages": ['

    def lines(self, lines: Sequence[Line]) -> Iterator[str]:
        for line in lines:
            entry = {
                "id": line.number,
                "time": line.moment.isoformat(),
                "user": line.user_id,
                "name": line.name,
                "group": line.group,
                "text": line.text,
                "seen_text": line.seen_text,
            }
            yield self._between + json.dumps(entry, ensure_ascii=False)
            self._between = ",\n"

    def tail(self) -> str:
        return "\n]}\n"


class Html:
    """One page without scripts or anything from elsewhere."""

    suffix = "html"

    def __init__(self) -> None:
        self._day = ""

    def head(self, heading: Heading) -> str:
        self._day = ""
        return _PAGE.format(title=html.escape(heading.title), note=html.escape(heading.note))

    def lines(self, lines: Sequence[Line]) -> Iterator[str]:
        for line in lines:
            if self._day != (day := f"{line.moment:%Y-%m-%d}"):
                self._day = day
                yield f"<h2>{day}</h2>\n"
            where = f"（{html.escape(line.group)}）" if line.group else ""
            seen = f"\n<i>〔图中〕{html.escape(line.seen_text)}</i>" if line.seen_text else ""
            yield (
                f"<p><time>{line.moment:%H:%M}</time> <b>{html.escape(line.name)}</b>{where}："
                f"{html.escape(line.text)}{seen}</p>\n"
            )

    def tail(self) -> str:
        return "</html>\n"


def writing(form: Form) -> Writing:
    """Return the writing of a format."""
    return {Form.MARKDOWN: Markdown, Form.JSON: Json, Form.HTML: Html}[form]()


def _escaped(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", text)
