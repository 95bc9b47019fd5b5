"""The query language: what a member typed, as a tree, and as FTS5's MATCH expression.

Whoosh's parser reads it; nothing here can fail on odd input: what is no operator is text.
"""

from dataclasses import dataclass
from typing import Any

from whoosh.qparser import AndGroup, QueryParser
from whoosh.qparser.plugins import OperatorsPlugin, PhrasePlugin, WhitespacePlugin
from whoosh.query import And, Not, Or, Phrase, Term

from liudeng.text import phrase_tokens

MAX_QUERY = 100
"""Characters of a query."""
MAX_WORDS = 12

# Whoosh takes a pattern for each operator, and None for those the language does not have.
_OPERATORS: dict[str, Any] = {
    "And": None,
    "Or": r"(?<=\s)OR(?=\s)",
    "Not": r"(^|(?<=\s))-(?=\S)",
    "AndNot": None,
    "AndMaybe": None,
    "Require": None,
}
_QUOTES = str.maketrans({"“": '"', "”": '"', "＂": '"', "「": '"', "」": '"', "\u3000": " "})


class QueryProblem(ValueError):
    """The query cannot be searched; the text tells the member what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a quoted phrase: the message contains it."""

    text: str


@dataclass(frozen=True, slots=True)
class Without:
    """The message does not contain it."""

    word: Word


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The message contains at least one of them."""

    words: tuple[Word, ...]


Clause = Word | Without | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that all hold."""

    clauses: tuple[Clause, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words a hit contains, to be marked in it."""
        found: list[str] = []
        for clause in self.clauses:
            if isinstance(clause, Word):
                found.append(clause.text)
            elif isinstance(clause, AnyOf):
                found.extend(word.text for word in clause.words)
        return tuple(found)

    def match(self, groups: tuple[int, ...]) -> str:
        """Return the MATCH expression that finds these clauses in one of `groups`."""
        wanted = [_match(clause) for clause in self.clauses if not isinstance(clause, Without)]
        unwanted = [_phrase(clause.word) for clause in self.clauses if isinstance(clause, Without)]
        inside = " OR ".join(f'"{group_id}"' for group_id in groups)
        expression = f"(grp : ({inside})) AND " + " AND ".join(f"({part})" for part in wanted)
        for part in unwanted:
            expression = f"({expression}) NOT ({part})"
        return expression


def parse_query(raw: str) -> Query:
    """Read a query.

    Raises:
        QueryProblem: there is nothing to search for, or too much.
    """
    text = " ".join(raw.translate(_QUOTES).split())
    if not text:
        raise QueryProblem("想搜什么？在「搜」后面写上关键词，例如：搜 晚安")
    if len(text) > MAX_QUERY:
        raise QueryProblem(f"关键词太长了，请缩短到 {MAX_QUERY} 个字以内，挑最特别的几个字就好。")
    clauses = _clauses(_parser().parse(text, normalize=False))
    clauses = tuple(clause for clause in clauses if _searchable(clause))
    if not any(not isinstance(clause, Without) for clause in clauses):
        clauses = (Word(text),)  # nothing but exclusions: take them as text
        if not _searchable(clauses[0]):
            raise QueryProblem("这里面没有可以搜的字，换个关键词试试，例如：搜 晚安")
    words = sum(len(clause.words) if isinstance(clause, AnyOf) else 1 for clause in clauses)
    if words > MAX_WORDS:
        raise QueryProblem(f"一次最多搜 {MAX_WORDS} 个词，请去掉几个再试。")
    return Query(clauses)


def _parser() -> QueryParser:
    plugins = [WhitespacePlugin(), PhrasePlugin(), OperatorsPlugin(**_OPERATORS)]
    return QueryParser("text", schema=None, plugins=plugins, group=AndGroup)


def _clauses(node: Any) -> tuple[Clause, ...]:
    if isinstance(node, And):
        return tuple(clause for child in node for clause in _clauses(child))
    if isinstance(node, Or):
        return (AnyOf(tuple(word for child in node for word in _alternatives(child))),)
    if isinstance(node, Not):
        return tuple(Without(inner) for inner in _clauses(node.query) if isinstance(inner, Word))
    if isinstance(node, Phrase):
        return (Word(" ".join(node.words)),)
    if isinstance(node, Term):
        return (Word(str(node.text)),)
    return ()


def _alternatives(node: Any) -> tuple[Word, ...]:
    """Return the words on one side of an OR.

    "Whatever lacks a word" is no alternative FTS5 can look for, and to exclude it from the
    other side as well would hide what was asked for: beside an OR, `-word` is text.
    """
    words: list[Word] = []
    for clause in _clauses(node):
        match clause:
            case Word():
                words.append(clause)
            case Without(Word(text)):
                words.append(Word(f"-{text}"))
            case AnyOf(inner):
                words.extend(inner)
    return tuple(words)


def _searchable(clause: Clause) -> bool:
    match clause:
        case Word(text) | Without(Word(text)):
            return bool(phrase_tokens(text))
        case AnyOf(words):
            return bool(words) and all(_searchable(word) for word in words)


def _match(clause: Word | AnyOf) -> str:
    if isinstance(clause, AnyOf):
        return " OR ".join(_phrase(word) for word in clause.words)
    return _phrase(clause)


def _phrase(word: Word) -> str:
    """A folded word holds no ASCII quote (`fold` makes it full-width): nothing to escape."""
    tokens = phrase_tokens(word.text)
    if len(tokens) == 1 and len(tokens[0]) == 1:
        return f'body : "{tokens[0]}" *'
    return 'body : "' + " ".join(tokens) + '"'
