"""From a tree of conditions to FTS5's MATCH expression and SQL.

Whatever the index knows is expressed inside MATCH, where it is intersected without reading a
message. The rest (times, quotations) becomes conditions on the message; where it stands in an OR
with words, the words become a set of ids. Every value that was typed is a bound parameter, and
of what goes into a MATCH expression nothing but letters, digits and folded signs is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liudeng.archive.numbering import first_id_at
from liudeng.search.facts import REPLIES, group_token, kind_token, sender_token
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
from liudeng.text import phrase_tokens

_TOP = 2**63 - 1
_NOBODY = 'facts : "nobody"'
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
    compiler = _Compiler(scope)
    inside, outside = [compiler.universe], []
    since_id, before_id = 0, _TOP
    whole = with_negations_inside(AllOf(clauses))
    for clause in whole.nodes if isinstance(whole, AllOf) else (whole,):
        if isinstance(clause, Said):
            since_id = max(since_id, first_id_at(clause.since_ms or 0))
            if clause.before_ms is not None:
                before_id = min(before_id, first_id_at(clause.before_ms))
        elif expression := compiler.match(clause):
            inside.append(expression)
        else:
            if isinstance(clause, ReplyTo):
                inside.append(f'facts : "{REPLIES}"')
            outside.append(compiler.condition(clause))
    match = " AND ".join(f"({expression})" for expression in inside)
    return Compiled(match, since_id, before_id, tuple(outside), compiler.parameters)


class _Compiler:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.universe = _any_fact(map(group_token, scope.groups))
        self.parameters: dict[str, Any] = {}

    def match(self, node: Node) -> str | None:
        """Return a MATCH expression, None when the index alone cannot tell."""
        match node:
            case Word(text):
                return word_expression(text)
            case From(name):
                return _any_fact(map(sender_token, self._people(name)))
            case In(name):
                return _any_fact(map(group_token, self._scope.places.get(name, ())))
            case Has(kind):
                return f'facts : "{kind_token(kind)}"'
            case Not(inner):
                expression = self.match(inner)
                return expression and f"({self.universe}) NOT ({expression})"
            case AllOf(nodes):
                return self._joined(nodes, " AND ")
            case AnyOf(nodes):
                return self._joined(nodes, " OR ")
            case _:
                return None

    def condition(self, node: Node) -> str:
        """Return an SQL condition on a message."""
        if expression := self.match(node):
            ids = "SELECT rowid FROM log_index WHERE log_index MATCH"
            scoped = f"({self.universe}) AND ({expression})"
            return f"messages.id IN ({ids} {self._bound(scoped)})"
        match node:
            case Said(since_ms, before_ms):
                since = self._bound(first_id_at(since_ms or 0))
                before = self._bound(_TOP if before_ms is None else first_id_at(before_ms))
                return f"(messages.id >= {since} AND messages.id < {before})"
            case ReplyTo(name):
                return self._quotes(self._people(name))
            case Not(inner):
                return f"NOT {self.condition(inner)}"
            case AllOf(nodes):
                return "(" + " AND ".join(map(self.condition, nodes)) + ")"
            case AnyOf(nodes):
                return "(" + " OR ".join(map(self.condition, nodes)) + ")"
        raise AssertionError(node)

    def _people(self, name: str) -> tuple[str, ...]:
        return self._scope.people.get(name, ())[:_MOST_PEOPLE]

    def _joined(self, nodes: tuple[Node, ...], operator: str) -> str | None:
        expressions = [self.match(node) for node in nodes]
        if not all(expressions):
            return None
        return operator.join(f"({expression})" for expression in expressions)

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


def word_expression(text: str) -> str:
    """Return the MATCH expression of a word.

    A folded word holds no ASCII quote (`fold` makes it full-width): nothing to escape.
    """
    tokens = phrase_tokens(text)
    if not tokens:
        return _NOBODY
    if len(tokens) == 1 and len(tokens[0]) == 1:
        return f'body : "{tokens[0]}" *'
    return 'body : "' + " ".join(tokens) + '"'


def _any_fact(tokens: Any) -> str:
    listed = " OR ".join(f'"{token}"' for token in tokens)
    return f"facts : ({listed})" if listed else _NOBODY
