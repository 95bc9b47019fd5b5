"""What else one would search a log with: each holds the same messages and answers the same asks.

Every rival returns the newest or best 20 messages of one group and, where it can, their number.
Whoosh and tantivy get the same bigrams as the log index. Whoosh's AND of bigrams is not checked
against the text, which flatters it.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy  # pyright: ignore[reportMissingImports] - only the bench group has it
from whoosh import fields, index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.query import And, NumericRange, Term

from benchmarks.load import GROUP
from benchmarks.search_queries import Ask
from liudeng.archive import Message
from liudeng.text import fold, phrase_tokens, tokens

_LIMIT = 20
_BATCH = 2_000
_TRIGRAM = 3


class Rival(ABC):
    """An engine over the whole log."""

    name: str

    @abstractmethod
    def __init__(self, folder: Path, coming: Iterable[Message]) -> None:
        """Index all messages in a folder of its own."""

    @abstractmethod
    def find(self, ask: Ask) -> int:
        """Find the first messages, newest first or by relevance, and return how many there are.

        Raises:
            NotImplementedError: it has no such order.
        """


class Like(Rival):
    """SQL LIKE over a plain table with an index on group and id."""

    name = "LIKE"
    _schema = "CREATE TABLE log(id INTEGER PRIMARY KEY, grp, sender, image, text)"

    def __init__(self, folder: Path, coming: Iterable[Message]) -> None:
        self._base = sqlite3.connect(folder / f"{self.name}.sqlite3")
        self._base.execute(self._schema)
        self._base.execute("CREATE INDEX by_group ON log(grp, id)")
        for batch in _batches(coming):
            rows = [
                (_id(m), m.group_id, m.user_id, int(_has_image(m)), fold(m.text)) for m in batch
            ]
            self._base.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows)
            self._added(rows)
        self._base.commit()

    def _added(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows were stored."""

    def find(self, ask: Ask) -> int:
        if ask.by_relevance:
            raise NotImplementedError
        said = [("text LIKE ?", f"%{fold(word)}%") for word in ask.words]
        return self._ask("log", [("grp = ?", GROUP), *said, *_conditions(ask)], "id DESC")

    def _ask(self, source: str, conditions: list[tuple[str, Any]], order: str) -> int:
        where = " AND ".join(condition for condition, _ in conditions)
        values = [value for _, value in conditions]
        found = f"SELECT * FROM {source} WHERE {where} ORDER BY {order} LIMIT {_LIMIT}"
        self._base.execute(found, values).fetchall()
        count = f"SELECT count(*) FROM {source} WHERE {where}"
        return self._base.execute(count, values).fetchone()[0]


class Trigram(Like):
    """FTS5 with its trigram tokenizer; what is shorter than three characters it must scan for."""

    name = "FTS5 trigram"
    _fts = "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='trigram')"

    def _added(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._base.execute(self._fts.replace("TABLE", "TABLE IF NOT EXISTS"))
        indexed = [(row[0], row[-1]) for row in rows]
        self._base.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", indexed)

    def find(self, ask: Ask) -> int:
        if any(len(fold(word)) < _TRIGRAM for word in ask.words):
            return super().find(ask)
        phrases = " AND ".join(f'"{fold(word)}"' for word in ask.words)
        conditions = [("words MATCH ?", phrases), ("grp = ?", GROUP), *_conditions(ask)]
        order = "bm25(words)" if ask.by_relevance else "words.rowid DESC"
        return self._ask("words CROSS JOIN log ON log.id = words.rowid", conditions, order)


class Whoosh(Rival):
    """Whoosh over the whole log: every character and every pair of characters is a term."""

    name = "Whoosh"

    def __init__(self, folder: Path, coming: Iterable[Message]) -> None:
        schema = fields.Schema(
            text=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
            id=fields.NUMERIC(int, bits=64, stored=True, sortable=True),
            grp=fields.ID,
            sender=fields.ID,
            image=fields.ID,
        )
        place = folder / "whoosh"
        place.mkdir()
        created = index.create_in(place, schema)
        writer = created.writer(limitmb=128)
        for message in coming:
            writer.add_document(
                text=f"{' '.join(fold(message.text))} {tokens(message.text)}",
                id=_id(message),
                grp=str(message.group_id),
                sender=message.user_id,
                image=str(int(_has_image(message))),
            )
        writer.commit()
        self._searcher = created.searcher()

    def find(self, ask: Ask) -> int:
        terms = [Term("text", term) for word in ask.words for term in phrase_tokens(word)]
        narrowed: list[Any] = [Term("grp", str(GROUP))]
        narrowed += [Term("sender", str(ask.sender))] if ask.sender else []
        narrowed += [Term("image", "1")] if ask.image else []
        if ask.span_ms:
            since, before = ask.span_ms
            narrowed.append(NumericRange("id", since << 20, before << 20, endexcl=True))
        newest = {} if ask.by_relevance else {"sortedby": "id", "reverse": True}
        found = self._searcher.search(And([*terms, *narrowed]), limit=_LIMIT, **newest)
        return len([hit["id"] for hit in found]) and len(found)


class Tantivy(Rival):
    """tantivy over the whole log, a phrase of pairs of characters."""

    name = "tantivy"

    def __init__(self, folder: Path, coming: Iterable[Message]) -> None:
        build = tantivy.SchemaBuilder()
        build.add_text_field("text", tokenizer_name="spaces")
        build.add_unsigned_field("id", stored=True, indexed=True, fast=True)
        for name in ("grp", "sender", "image"):
            build.add_text_field(name, tokenizer_name="raw", index_option="basic")
        self._schema = build.build()
        place = folder / "tantivy"
        place.mkdir()
        self._index = tantivy.Index(self._schema, path=str(place))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("spaces", spaces)
        writer = self._index.writer(64_000_000, 1)
        for message in coming:
            document = {
                "text": f"{tokens(message.text)} {' '.join(fold(message.text))}",
                "id": _id(message),
                "grp": str(message.group_id),
                "sender": message.user_id,
                "image": str(int(_has_image(message))),
            }
            writer.add_document(tantivy.Document.from_dict(document, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, ask: Ask) -> int:
        must = [self._said(word) for word in ask.words]
        must.append(self._term("grp", str(GROUP)))
        must += [self._term("sender", str(ask.sender))] if ask.sender else []
        must += [self._term("image", "1")] if ask.image else []
        if ask.span_ms:
            since, before = (moment << 20 for moment in ask.span_ms)
            unsigned = tantivy.FieldType.Unsigned
            must.append(
                tantivy.Query.range_query(self._schema, "id", unsigned, since, before, True, False)
            )
        all_of = tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in must])
        order = None if ask.by_relevance else "id"
        # Its stubs do not know `count`.
        found: Any = self._searcher.search(all_of, _LIMIT, order_by_field=order)
        shown = [self._searcher.doc(address)["id"] for _, address in found.hits]
        return found.count or len(shown)

    def _said(self, word: str) -> Any:
        parts: list[Any] = list(phrase_tokens(word))
        if len(parts) == 1:
            return self._term("text", parts[0])
        return tantivy.Query.phrase_query(self._schema, "text", parts)

    def _term(self, field: str, value: str) -> Any:
        return tantivy.Query.term_query(self._schema, field, value)


RIVALS: tuple[type[Rival], ...] = (Like, Trigram, Tantivy, Whoosh)


def _conditions(ask: Ask) -> list[tuple[str, Any]]:
    conditions: list[tuple[str, Any]] = []
    if ask.sender:
        conditions.append(("sender = ?", str(ask.sender)))
    if ask.image:
        conditions.append(("image = ?", 1))
    if ask.span_ms:
        since, before = ask.span_ms
        conditions += [("id >= ?", since << 20), ("id < ?", before << 20)]
    return conditions


def _id(message: Message) -> int:
    return message.time_ms << 20 | message.platform_seq & 0xFFFFF


def _has_image(message: Message) -> bool:
    return any(segment["type"] == "image" for segment in message.segments)


def _batches(coming: Iterable[Message]) -> Iterable[list[Message]]:
    left = iter(coming)
    while batch := list(islice(left, _BATCH)):
        yield batch
