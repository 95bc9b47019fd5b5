"""From a tree of conditions to FTS5's MATCH expression and SQL.

Whatever the index knows is expressed inside MATCH, group by group, without reading a message. The
rest (times, quotations) becomes conditions on the message; where it stands in an OR with words,
the words become a set of ids. Every value that was typed is a bound parameter, and of what goes
into a MATCH expression nothing but letters, digits and folded signs is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from liudeng.archive.numbering import first_id_at
from liudeng.search.facts import REPLIES, group_mark, kind_token, sender_token
from liudeng.search.query import (
    AllOf,
    AnyOf,
    From,
    Has,
    In,
    Node,
    Not,
    ReplyTo,
    Said,
    Word,
    with_negations_inside,
)
from liudeng.text import fold, phrase_tokens

_TOP = 2**63 - 1
_NOTHING = 'facts : "nothing"'
_MOST_PEOPLE = 64


@dataclass(frozen=True)
class Scope:
    """Where is searched, and whom and what the names in the query mean there."""

    groups: tuple[int, ...]
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Compiled:
    """A search as SQLite takes it."""

    match: str
    since_id: int
    before_id: int
    conditions: tuple[str, ...]
    """Further conditions on `messages`, in SQL."""
    parameters: dict[str, Any]


def compile_query(clauses: tuple[Node, ...], scope: Scope) -> Compiled:
    """Compile conditions that all hold, in the groups of a scope."""
    compiler = _Conditions(scope)
    inside: list[Node] = []
    outside: list[str] = []
    since_id, before_id = 0, _TOP
    whole = with_negations_inside(AllOf(clauses))
    for clause in whole.nodes if isinstance(whole, AllOf) else (whole,):
        if isinstance(clause, Said):
            since_id = max(since_id, first_id_at(clause.since_ms or 0))
            if clause.before_ms is not None:
                before_id = min(before_id, first_id_at(clause.before_ms))
            continue
        if isinstance(clause, ReplyTo) or _is_indexed(clause):
            inside.append(clause)
        if not _is_indexed(clause):
            outside.append(compiler.condition(clause))
    match = match_expression(AllOf(tuple(inside)), scope)
    return Compiled(match, since_id, before_id, tuple(outside), compiler.parameters)


def match_expression(node: Node, scope: Scope) -> str:
    """Return the MATCH expression of what the index can tell, in the groups of a scope."""
    in_each = (_InGroup(scope, group_id).match(node) for group_id in scope.groups)
    return " OR ".join(f"({expression})" for expression in in_each) or _NOTHING


def _is_indexed(node: Node) -> bool:
    match node:
        case Said() | ReplyTo():
            return False
        case Not(inner):
            return _is_indexed(inner)
        case AllOf(nodes) | AnyOf(nodes):
            return all(map(_is_indexed, nodes))
        case _:
            return True


class _InGroup:
    """Compiles for one group: its mark is part of every token that its messages have."""

    def __init__(self, scope: Scope, group_id: int) -> None:
        self._scope = scope
        self._group_id = group_id
        self._mark = group_mark(group_id)
        self._everything = f'facts : "{self._mark}"'

    def match(self, node: Node) -> str:
        match node:
            case Word(text):
                return self._word(text)
            case From(name):
                people = self._scope.people.get(name, ())[:_MOST_PEOPLE]
                return self._any_fact(map(sender_token, people))
            case In(name):
                is_here = self._group_id in self._scope.places.get(name, ())
                return self._everything if is_here else _NOTHING
            case Has(kind):
                return self._any_fact([kind_token(kind)])
            case ReplyTo():  # to whom, the index does not know
                return self._any_fact([REPLIES])
            case Not():
                return self._all_of((node,))
            case AllOf(nodes):
                return self._all_of(nodes)
            case AnyOf(nodes):
                return self._any_of(nodes)
        raise AssertionError(node)

    def _all_of(self, nodes: tuple[Node, ...]) -> str:
        """Return one exclusion from what holds: FTS5 has no NOT of its own."""
        absent = tuple(node.node for node in nodes if isinstance(node, Not))
        present = [f"({self.match(node)})" for node in nodes if not isinstance(node, Not)]
        holds = " AND ".join(present) or self._everything
        return f"({holds}) NOT ({self._any_of(absent)})" if absent else holds

    def _any_of(self, nodes: tuple[Node, ...]) -> str:
        return " OR ".join(f"({self.match(node)})" for node in nodes)

    def _word(self, text: str) -> str:
        """A folded word holds no ASCII quote (`fold` makes it full-width): nothing to escape."""
        tokens = phrase_tokens(text, self._mark)
        if not tokens:
            return _NOTHING
        beginning = " *" if len(fold(text)) == 1 else ""
        return f'body : "{" ".join(tokens)}"{beginning}'

    def _any_fact(self, tokens: Iterable[str]) -> str:
        listed = " OR ".join(f'"{self._mark}{token}"' for token in tokens)
        return f"facts : ({listed})" if listed else _NOTHING


class _Conditions:
    """Compiles what is asked of the message's row, in SQL."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.parameters: dict[str, Any] = {}

    def condition(self, node: Node) -> str:
        """Return an SQL condition on a message."""
        if _is_indexed(node):
            ids = "SELECT rowid FROM log_index WHERE log_index MATCH"
            return f"messages.id IN ({ids} {self._bound(match_expression(node, self._scope))})"
        match node:
            case Said(since_ms, before_ms):
                since = self._bound(first_id_at(since_ms or 0))
                before = self._bound(_TOP if before_ms is None else first_id_at(before_ms))
                return f"(messages.id >= {since} AND messages.id < {before})"
            case ReplyTo(name):
                return self._quotes(self._scope.people.get(name, ())[:_MOST_PEOPLE])
            case Not(inner):
                return f"NOT {self.condition(inner)}"
            case AllOf(nodes):
                return "(" + " AND ".join(map(self.condition, nodes)) + ")"
            case AnyOf(nodes):
                return "(" + " OR ".join(map(self.condition, nodes)) + ")"
        raise AssertionError(node)

    def _quotes(self, people: tuple[str, ...]) -> str:
        if not people:
            return "0"
        authors = ", ".join(map(self._bound, people))
        return (
            "EXISTS (SELECT 1 FROM messages AS quoted "
            "WHERE quoted.group_id = messages.group_id "
            "AND quoted.message_id = messages.reply_to AND quoted.recalled_ms IS NULL "
            f"AND quoted.user_id IN ({authors}))"
        )

    def _bound(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"
