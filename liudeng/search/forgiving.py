"""When the words themselves find little: what they sound like, and what may have been meant."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.search.query import AllOf, AnyOf, Node, Not, Query, Word
from liudeng.search.tables import speakers
from liudeng.search.vocabulary import Vocabulary
from liudeng.text import fold
from liudeng.text.words import words as words_of

LITTLE = 3
"""Fewer hits than this, and other readings of the words are tried."""
_LEARNED_FROM = 20_000
"""The newest messages of a group whose words are known: reading them takes half a second."""
_KNOWN_GROUPS = 16
_READ_AT_ONCE = 3
"""Groups whose words are read for one question."""


@dataclass
class _Known:
    """What is known of one group's words."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    last_id: int = 0


class Forgiveness:
    """Knows the words of the groups that are searched; learns them when first asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._groups: OrderedDict[int, _Known] = OrderedDict()
        self._learning = asyncio.Lock()

    async def by_sound(self, query: Query, groups: Collection[int]) -> Query | None:
        """Return the query with its Latin words read as pinyin or initials, if any can be."""
        if not any(_is_latin(word) for word in query.words):
            return None
        known = await self._known(groups)

        def other(word: Word) -> Node:
            sounding = [found for each in known for found in each.sounding(word.text)]
            alike = tuple(map(Word, dict.fromkeys(sounding))) if _is_latin(word.text) else ()
            return AnyOf(alike) if len(alike) > 1 else alike[0] if alike else word

        return _changed(query, other)

    async def meant(self, query: Query, groups: Collection[int]) -> Query | None:
        """Return the query with words that nobody uses replaced by like ones, if there are any."""
        if not query.words:
            return None
        known = await self._known(groups)
        return _changed(query, lambda word: Word(_corrected(word.text, known)))

    async def _known(self, groups: Collection[int]) -> list[Vocabulary]:
        """Return the vocabularies of groups, brought up to date."""
        async with self._learning:
            found = []
            for group_id in list(groups)[:_READ_AT_ONCE]:
                known = self._groups.setdefault(group_id, _Known())
                self._groups.move_to_end(group_id)
                await self._learn(group_id, known)
                found.append(known.vocabulary)
            while len(self._groups) > _KNOWN_GROUPS:
                self._groups.popitem(last=False)
            return found

    async def _learn(self, group_id: int, known: _Known) -> None:
        """Read what was said in a group since it was last asked about."""
        columns = messages.c
        fresh = (
            select(columns.id, columns.text, columns.seen_text)
            .where(columns.group_id == group_id, columns.id > known.last_id)
            .where(columns.recalled_ms.is_(None), ~columns.addressed)
            .order_by(columns.id.desc())
            .limit(_LEARNED_FROM)
        )
        names = select(speakers.c.folded).where(speakers.c.group_id == group_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(fresh)).all()
            called = list(await connection.scalars(names)) if not known.last_id else []
        if rows:
            texts = [f"{row.text}\n{row.seen_text}" for row in rows]
            await asyncio.to_thread(known.vocabulary.learn, texts, called)
            known.last_id = rows[0].id


def either_word(query: Query) -> Query | None:
    """Return the query for any of several words that nobody said together."""
    words = [clause for clause in query.clauses if isinstance(clause, Word)]
    if len(words) < 2 or len(words) < len(query.clauses):
        return None
    return replace(query, clauses=(AnyOf(tuple(words)),))


def _corrected(text: str, known: list[Vocabulary]) -> str:
    """Return a text whose unknown words are replaced by known ones of like sound or spelling."""
    folded = fold(text)
    for vocabulary in known:
        if folded in vocabulary:
            return text
        if near := vocabulary.near(folded, 1):
            return near[0]
    corrected = folded
    for part in words_of(text):
        for vocabulary in known:
            if part in vocabulary or len(part) < 2:
                break
            if near := vocabulary.near(part, 1):
                corrected = corrected.replace(part, near[0])
                break
    return text if corrected == folded else corrected


def _changed(query: Query, other: Callable[[Word], Node]) -> Query | None:
    """Return the query with other words, None when they are the same."""
    clauses = tuple(_with_words(clause, other) for clause in query.clauses)
    return replace(query, clauses=clauses) if clauses != query.clauses else None


def _with_words(node: Node, other: Callable[[Word], Node]) -> Node:
    match node:
        case Word():
            return other(node)
        case AllOf(nodes):
            return AllOf(tuple(_with_words(child, other) for child in nodes))
        case AnyOf(nodes):
            return AnyOf(tuple(_with_words(child, other) for child in nodes))
        case Not():
            return node  # what is to be absent is meant as it was typed
        case _:
            return node


def _is_latin(text: str) -> bool:
    folded = fold(text)
    return len(folded) >= 2 and folded.isascii() and folded.isalpha()
