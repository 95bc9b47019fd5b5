"""What moderators type, taken apart."""

import re
from dataclasses import dataclass, field

_NUMBER = re.compile(r"\s*[#＃]?\s*(\d{1,9})\s*(.*)", re.S)
_MERGE = re.compile(r"\s*[#＃]?(\d{1,9})\s*(?:到|进|并入|->|→|\s)\s*[#＃]?(\d{1,9})\s*$")
_BARS = re.compile(r"[|｜\n]")
_TAG = re.compile(r"[#＃]([^\s#＃|｜]{1,20})")
_ANSWERED = re.compile(r"[（(]问答 (\d{1,9})(?!\d)")
_FIELDS = {
    "问题": "question",
    "答案": "answer",
    "问法": "variant",
    "标签": "tags",
    "来源": "source",
    "到期": "expires_on",
}
_LABELLED = re.compile(rf"({'|'.join(_FIELDS)})[:：]\s*(.*)", re.S)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A question and an answer as they were typed."""

    question: str
    answer: str
    variants: tuple[str, ...] = ()
    tags: tuple[str, ...] = field(default=())


def number_and_rest(text: str) -> tuple[int | None, str]:
    """Take the number off the front of a text; `１２` is a number, too."""
    found = _NUMBER.fullmatch(text)
    return (int(found[1]), found[2].strip()) if found else (None, text.strip())


def answered_number(said: str) -> int | None:
    """Return which entry the bot answered with in a message; None if it was no answer."""
    found = _ANSWERED.search(said)
    return int(found[1]) if found else None


def two_numbers(text: str) -> tuple[int, int] | None:
    """Read `12 到 8`."""
    found = _MERGE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def new_entry(text: str) -> NewEntry | None:
    """Read `question｜answer｜#tags` with further ways to ask, each on a line or behind a bar."""
    tags = tuple(dict.fromkeys(_TAG.findall(text)))
    pieces = [piece.strip() for piece in _BARS.split(_TAG.sub("", text))]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2 or len(pieces[0]) > 200 or len(pieces[1]) > 2_000:
        return None
    return NewEntry(pieces[0], pieces[1], tuple(dict.fromkeys(pieces[2:])), tags)


def labelled(text: str) -> tuple[str, str]:
    """Read `问题：…`; what has no label is the answer."""
    found = _LABELLED.fullmatch(text.strip())
    return (_FIELDS[found[1]], found[2].strip()) if found else ("answer", text.strip())


def tags_in(text: str) -> tuple[str, ...]:
    """Read `#one #two`, or words with spaces between."""
    return tuple(dict.fromkeys(_TAG.findall(text) or text.split()))[:12]
