"""The schema of the index: which text of an entry counts how much, in four kinds of tokens."""

from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Frequency
from whoosh.system import pack_uint

from liudeng.library.index.access import doors_of
from liudeng.library.index.document import Document
from liudeng.library.index.terms import bare, latin_words, tokens_of
from liudeng.text import TOKENISER_VERSION
from liudeng.text.pinyin import readings

SCHEMA_VERSION = f"2.{TOKENISER_VERSION}"
"""Raise this when a stored index no longer fits the code: it is then rebuilt at the next start."""

KINDS = ("grams", "words", "sounds", "initials")


@dataclass(frozen=True, slots=True)
class TextField:
    """One text of an entry."""

    name: str
    boost: float
    short: bool


FIELDS = (
    TextField("title", 4.0, short=True),
    TextField("companion", 3.0, short=True),
    TextField("tags", 2.0, short=True),
    TextField("words", 1.5, short=False),
    TextField("seen", 1.0, short=False),
    TextField("author", 1.0, short=True),
)


class TokenField(FieldType):
    """A field that is given its tokens, instead of an analyser that would find them."""

    __inittypes__: ClassVar[dict[str, type]] = {}
    analyzer = None
    scorable = True
    stored = False

    def __init__(self) -> None:
        self.format = Frequency()

    def index(
        self, value: Iterable[str], **_options: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        """Yield each token as Whoosh stores it: bytes, frequency, weight, encoded frequency."""
        for token, count in Counter(value).items():
            yield token.encode("utf-8", "replace"), count, float(count), pack_uint(count)


class LabelField(TokenField):
    """Tokens that are looked up, not scored."""

    scorable = False


def field_name(text: str, kind: str) -> str:
    """Return the name of the Whoosh field that holds one kind of tokens of one text."""
    return f"{text}_{kind}"


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return the schema."""
    tokens = {field_name(text.name, kind): TokenField() for text in FIELDS for kind in KINDS}
    return Schema(
        key=ID(unique=True), doors=LabelField(), names=LabelField(), entry=STORED(), **tokens
    )


def fields_of(document: Document) -> dict[str, Any]:
    """Return what Whoosh is given of a document."""
    texts = {
        "title": document.title,
        "companion": document.companion,
        "tags": "\n".join(document.tags),
        "words": document.words,
        "seen": document.seen_text,
        "author": document.author_name,
    }
    fields: dict[str, Any] = {
        "key": document.key,
        "doors": document.doors
        or doors_of(document.visibility, document.group_id, document.author_id),
        "names": [f"{letters(name)}\t{name}" for name in _names(document)],
        "entry": _entry(document, texts),
    }
    for text in FIELDS:
        found = tokens_of(texts[text.name], short=text.short)
        for kind in KINDS:
            if tokens := getattr(found, kind):
                fields[field_name(text.name, kind)] = tokens
    return fields


def letters(text: str) -> str:
    """Return a text as it is typed in pinyin; what has no sound stays as it is."""
    return "".join((readings(char) or (char,))[0] for char in bare(text))


def _names(document: Document) -> set[str]:
    return {name for name in (document.title, document.companion, *document.tags) if bare(name)}


def _entry(document: Document, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "key": document.key,
        "digest": document.digest,
        "texts": {name: found for name, text in texts.items() if (found := bare(text))},
        "latin": {name: found for name, text in texts.items() if (found := latin_words(text))},
        "names": (document.title, document.companion, *document.tags),
        "companion": document.companion,
        "author": document.author_name,
        "month": f"{document.day:%Y-%m}",
    }
