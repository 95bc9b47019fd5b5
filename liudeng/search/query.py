"""What is searched for: a tree of conditions, however it was typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message carries besides words."""

    IMAGE = "image"
    STICKER = "sticker"
    LINK = "link"
    FILE = "file"
    FORWARD = "forward"
    VOICE = "voice"
    VIDEO = "video"


class Sort(StrEnum):
    """The order of the hits."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


class Form(StrEnum):
    """How an export is written."""

    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a quoted phrase: the message contains it."""

    text: str


@dataclass(frozen=True, slots=True)
class From:
    """Somebody said it: a card, a nickname, a QQ number, or 我."""

    name: str


@dataclass(frozen=True, slots=True)
class In:
    """It was said in a group: its number or a part of its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """It was said in this time, half-open, in UTC epoch milliseconds."""

    since_ms: int | None = None
    before_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Has:
    """It carries something."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """It quotes somebody's message; the name is read as in `From`."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every condition holds."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one condition holds."""

    nodes: tuple["Node", ...]


Leaf = Word | From | In | Said | Has | ReplyTo
Node = Leaf | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions that all hold, and how the hits are wanted."""

    clauses: tuple[Node, ...]
    sort: Sort = Sort.NEWEST
    each: bool = False
    """Show every hit by itself, also those close together in one conversation."""
    form: Form = Form.MARKDOWN
    taken_as_text: tuple[str, ...] = ()
    """What looked like more than text, was not understood and is searched as text."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words a hit may contain, to be marked in it."""
        leaves = (leaf for clause in self.clauses for leaf in wanted_leaves(clause))
        return tuple(dict.fromkeys(leaf.text for leaf in leaves if isinstance(leaf, Word)))


def wanted_leaves(node: Node) -> Iterator[Leaf]:
    """Yield the conditions of a tree that speak for a message: none of those below a `Not`."""
    match node:
        case AllOf(nodes) | AnyOf(nodes):
            for child in nodes:
                yield from wanted_leaves(child)
        case Not():
            return
        case _:
            yield node


def all_leaves(node: Node) -> Iterator[Leaf]:
    """Yield all conditions of a tree."""
    match node:
        case AllOf(nodes) | AnyOf(nodes):
            for child in nodes:
                yield from all_leaves(child)
        case Not(child):
            yield from all_leaves(child)
        case _:
            yield node


def with_negations_inside(node: Node, *, negated: bool = False) -> Node:
    """Return the same condition with every `Not` right before a leaf.

    However deep somebody nests exclusions, what is left alternates between all and any, and is
    no deeper than there are leaves.
    """
    match node:
        case Not(inner):
            return with_negations_inside(inner, negated=not negated)
        case AllOf(nodes) | AnyOf(nodes):
            kind = AllOf if isinstance(node, AllOf) is not negated else AnyOf
            children = [with_negations_inside(child, negated=negated) for child in nodes]
            return kind(tuple(_dissolved(kind, children)))
        case leaf:
            return Not(leaf) if negated else leaf


def _dissolved(kind: type[AllOf] | type[AnyOf], children: Iterable[Node]) -> Iterator[Node]:
    for child in children:
        if isinstance(child, kind):
            yield from child.nodes
        else:
            yield child
