"""The project's plugins for Whoosh's parser: fields, brackets that mean it, exclusions, OR."""

import re
from typing import Any

from whoosh.qparser import AndGroup, QueryParser
from whoosh.qparser.plugins import (
    GroupPlugin,
    OperatorsPlugin,
    PhrasePlugin,
    TaggingPlugin,
    WhitespacePlugin,
)
from whoosh.qparser.syntax import TextNode

from liudeng.archive.reading import clean
from liudeng.search.language.fields import NAMES

# Brackets that group, in the text that Whoosh reads. Private use: `fold` drops these characters,
# so none that was typed can be searched for, and `prepare` takes them out.
_OPEN, _CLOSE = "\ue000", "\ue001"
_ALIKE = str.maketrans(
    {"：": ":", "（": "(", "）": ")", "－": "-", "｜": "|", "　": " ", _OPEN: "", _CLOSE: ""}
    | dict.fromkeys("“”＂「」", '"')
)
_EDGE = rf"(?:^|(?<=[\s{_OPEN}]))"
_NEGATED_EDGE = rf"(?:^|(?<=[\s{_OPEN}])|(?<=^-)|(?<=[\s{_OPEN}]-))"
_FIELD = (
    _NEGATED_EDGE
    + rf"(?P<name>{'|'.join(map(re.escape, NAMES))})[ ]?:[ ]?"
    + rf'(?:"(?P<quoted>[^"]+)"|(?P<value>[^\s"{_OPEN}{_CLOSE}]+))'
)
# Whoosh takes a pattern for each operator, and None for those the language does not have.
_OPERATORS: dict[str, Any] = {
    "And": None,
    "Or": r"(?<=\s)(?:OR|\|)(?=\s)",
    "Not": rf"{_EDGE}-(?=[^\s\-{_CLOSE}])",
    "AndNot": None,
    "AndMaybe": None,
    "Require": None,
}


class FieldNode(TextNode):
    """`name:value`, as it was typed."""

    def __init__(self, typed: str, name: str, value: str) -> None:
        super().__init__(typed)
        self.name = name
        self.value = value


class FieldsPlugin(TaggingPlugin):
    """Reads the fields the language knows; any other `word:` is text."""

    def __init__(self) -> None:
        self.expr = re.compile(_FIELD, re.IGNORECASE)

    def create(self, parser: QueryParser, match: re.Match[str]) -> FieldNode:
        """Make the node of a match."""
        return FieldNode(match[0], match["name"], match["quoted"] or match["value"])


def prepare(raw: str) -> str:
    """Return a query on one line, with full-width signs as ASCII.

    What no database takes is left out.
    """
    return " ".join(clean(raw).translate(_ALIKE).split())


def plain(marked: str) -> str:
    """Return a query with its brackets as they were typed."""
    return marked.replace(_OPEN, "(").replace(_CLOSE, ")")


def new_parser() -> QueryParser:
    """Return a parser for one query."""
    plugins = [
        WhitespacePlugin(),
        FieldsPlugin(),
        PhrasePlugin('"(?P<text>[^"]*)"(?P<slop>(?!))?'),
        GroupPlugin(_OPEN, _CLOSE),
        OperatorsPlugin(**_OPERATORS),
    ]
    return QueryParser("text", schema=None, plugins=plugins, group=AndGroup)


def marked(text: str) -> str:
    """Return a prepared query with its grouping brackets marked. Slow for what is long.

    A bracket groups when it stands at the edge of a word and its partner does, too; in 晚安（笑）
    and in :) it is text.
    """
    chars = list(text)
    opened: list[int] = []
    quoted = False
    for at, char in enumerate(text):
        if char == '"' and (quoted or '"' in text[at + 1 :]):
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(" and _opens(chars, at):
            opened.append(at)
        elif char == ")" and opened and _closes(text, at):
            start = opened.pop()
            if text[start + 1 : at].strip("() "):
                chars[start], chars[at] = _OPEN, _CLOSE
    return "".join(chars)


def _opens(chars: list[str], at: int) -> bool:
    """Whether a bracket stands where a word may begin."""
    before = at - 1
    if before >= 0 and chars[before] == "-":
        before -= 1
    return before < 0 or chars[before] in " ("


def _closes(text: str, at: int) -> bool:
    return text[at + 1 : at + 2] in ("", " ", ")")
