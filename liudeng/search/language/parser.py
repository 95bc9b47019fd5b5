"""From what a member typed to a `Query`."""

from typing import Any
from zoneinfo import ZoneInfo

from whoosh.qparser import syntax
from whoosh.qparser.plugins import PhrasePlugin

from liudeng.search.language.calendar import Calendar
from liudeng.search.language.fields import Show, meaning
from liudeng.search.language.syntax import FieldNode, marked, new_parser, plain, prepare
from liudeng.search.query import AllOf, AnyOf, Form, Node, Not, Query, Sort, Word, all_leaves
from liudeng.text import phrase_tokens

MAX_QUERY = 150
"""Characters of a query."""
MAX_WORDS = 12
_DEFAULT_ZONE = "Asia/Shanghai"


class QueryProblem(ValueError):
    """The query cannot be searched; the text tells the member what to do, in Chinese."""


def parse_query(raw: str, calendar: Calendar | None = None) -> Query:
    """Read a query; `calendar` tells what 昨天 is.

    Raises:
        QueryProblem: there is nothing to search for, or too much.
    """
    text = prepare(raw)
    if not text:
        raise QueryProblem("想搜什么？在「搜」后面写上关键词，例如：搜 晚安")
    if len(text) > MAX_QUERY:
        raise QueryProblem(f"关键词太长了，请缩短到 {MAX_QUERY} 个字以内，挑最特别的几个字就好。")
    query = _Reading(calendar or Calendar.now(ZoneInfo(_DEFAULT_ZONE))).read(marked(text))
    leaves = [leaf for clause in query.clauses for leaf in all_leaves(clause)]
    if not leaves:
        raise QueryProblem("这里面没有可以搜的字，换个关键词试试，例如：搜 晚安")
    if len(leaves) > MAX_WORDS:
        raise QueryProblem(f"一次最多搜 {MAX_WORDS} 个词，请去掉几个再试。")
    return query


class _Reading:
    """One query being read: the conditions come back, the wishes and the oddities stay here."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._sort = Sort.NEWEST
        self._each = False
        self._form = Form.MARKDOWN
        self._odd: list[str] = []

    def read(self, text: str) -> Query:
        tree = self._node(new_parser().process(text))
        clauses = tree.nodes if isinstance(tree, AllOf) else (tree,) if tree else ()
        if clauses and all(_only_lacks_words(clause) for clause in clauses):
            # Whatever lacks a word is nearly everything; who types this means the sign itself.
            typed = plain(text)
            words = _word(typed)
            clauses = (words,) if words else ()
            self._odd.append(typed)
        return Query(clauses, self._sort, self._each, self._form, tuple(self._odd))

    def _node(self, node: Any) -> Node | None:
        match node:
            case FieldNode():
                return self._field(node)
            case PhrasePlugin.PhraseNode() | syntax.WordNode():
                return _word(node.text)
            case syntax.Operator():  # with nothing to work on
                return _word(node.text)
            case syntax.NotGroup():
                inner = self._all_of(node)
                return Not(inner) if inner else None
            case syntax.OrGroup():
                return _joined(AnyOf, [self._node(child) for child in node])
            case syntax.GroupNode():
                return self._all_of(node)
        return None

    def _all_of(self, group: syntax.GroupNode) -> Node | None:
        return _joined(AllOf, [self._node(child) for child in group])

    def _field(self, node: FieldNode) -> Node | None:
        match meaning(node.name, node.value, self._calendar):
            case None:
                self._odd.append(node.text)
                return _word(node.text)
            case Sort() as sort:
                self._sort = sort
            case Show():
                self._each = True
            case Form() as form:
                self._form = form
            case leaf:
                return leaf
        return None


def _joined(kind: type[AllOf] | type[AnyOf], nodes: list[Node | None]) -> Node | None:
    """Join what is there; a group of one is that one, a group in its like dissolves."""
    flat: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            flat.extend(node.nodes)
        elif node is not None:
            flat.append(node)
    if len(flat) < 2:
        return flat[0] if flat else None
    return kind(tuple(flat))


def _only_lacks_words(node: Node) -> bool:
    return isinstance(node, Not) and all(isinstance(leaf, Word) for leaf in all_leaves(node))


def _word(text: str) -> Word | None:
    return Word(text) if phrase_tokens(text) else None
