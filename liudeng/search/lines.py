"""A hit in one line: where its words stand, in the text or in its pictures."""

from collections.abc import Sequence

from liudeng.archive.message import StoredMessage
from liudeng.archive.reading import shown_text
from liudeng.search.excerpt import MARKS, Marks, excerpt
from liudeng.text import fold

IN_PICTURE = "〔图中〕"
_UNSHOWN = "[无法显示的消息]"


def hit_line(
    hit: StoredMessage, words: Sequence[str], width: int = 60, marks: Marks = MARKS
) -> str:
    """Return a hit's text around its words; words read in its pictures are labelled."""
    said = excerpt(hit.text, words, width, marks)
    missing = [word for word in words if fold(word) not in fold(hit.text)]
    seen = excerpt(hit.seen_text, missing, width, marks) if missing and hit.seen_text else ""
    if marks[0] not in seen:
        return said or one_line(shown_text(hit.segments), width) or _UNSHOWN
    in_picture = f"{IN_PICTURE}{seen}"
    return f"{said} {in_picture}" if marks[0] in said else in_picture


def one_line(text: str, limit: int = 40) -> str:
    """Return a text without line breaks, cut to `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
