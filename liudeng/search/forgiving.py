"""When the words themselves find little: what they sound like, and what may have been meant."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from liudeng.db import Database
from liudeng.db.driver import Row, fetch
from liudeng.search.engine import LogSearch
from liudeng.search.query import AllOf, AnyOf, Node, Not, Query, Word
from liudeng.search.vocabulary import Vocabulary
from liudeng.text import fold
from liudeng.text.words import words as words_of

LITTLE = 3
"""Fewer hits than this, and other readings of the words are tried."""
_LEARNED_FROM = 20_000
"""The newest messages of a group whose words are known: reading them takes half a second."""
_READ = 500
"""Characters of a message that are read: long pastes are no vocabulary."""
_KNOWN_GROUPS = 4
"""A group's words take up to some 20 MB."""
_READ_AT_ONCE = 3
"""Groups whose words are read for one question."""
_TRIED = 4
"""Readings of a word that are looked for."""

_FRESH = (
    f"SELECT id, substr(text, 1, {_READ}), substr(seen_text, 1, {_READ}) FROM messages "
    "WHERE group_id = ? AND id > ? AND recalled_ms IS NULL AND NOT addressed "
    f"ORDER BY id DESC LIMIT {_LEARNED_FROM}"
)
_NAMES = f"SELECT folded FROM speakers WHERE group_id = ? LIMIT {_LEARNED_FROM}"

Known = Sequence[Vocabulary]
Readings = Mapping[str, Sequence[str]]
"""For words of a query, those that may stand for them, the likeliest first."""


@dataclass
class _Learned:
    """What is known of one group's words."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    last_id: int = 0


class Forgiveness:
    """Knows the words of the groups that are searched; learns them when first asked.

    What it knows may have been recalled or erased since. So nothing it thinks of is told before
    the index has been asked whether that still stands in some message.
    """

    def __init__(self, database: Database, search: LogSearch) -> None:
        self._database = database
        self._search = search
        self._groups: OrderedDict[int, _Learned] = OrderedDict()
        self._thinking = asyncio.Lock()

    async def forget(self) -> None:
        """Forget all words: some belong to messages that were erased."""
        async with self._thinking:
            self._groups.clear()

    async def by_sound(self, query: Query, groups: Collection[int]) -> Query | None:
        """Return the query with its Latin words read as pinyin or initials, if any can be."""
        latin = [word for word in query.words if _is_latin(word)]
        readings = await self._readings(latin, groups, _sounding)

        def either(word: Word) -> Node:
            alike = tuple(map(Word, readings.get(word.text, ())))
            return AnyOf(alike) if len(alike) > 1 else alike[0] if alike else word

        return _changed(query, either)

    async def meant(self, query: Query, groups: Collection[int]) -> Query | None:
        """Return the query with words that nobody uses replaced by like ones, if there are any."""
        readings = await self._readings(query.words, groups, _corrected)

        def likeliest(word: Word) -> Node:
            return next(map(Word, readings.get(word.text, ())), word)

        return _changed(query, likeliest)

    async def _readings(
        self,
        words: Sequence[str],
        groups: Collection[int],
        read: Callable[[str, Known], list[str]],
    ) -> Readings:
        """Return the readings of words that occur in what can be found now."""
        if not words:
            return {}
        async with self._thinking:
            known = await self._known(groups)
            thought_of = await asyncio.to_thread(
                lambda: {word: read(word, known)[:_TRIED] for word in words}
            )
        candidates = {word for readings in thought_of.values() for word in readings}
        there = await self._search.occurring(candidates, groups)
        return {
            word: [reading for reading in readings if reading in there]
            for word, readings in thought_of.items()
        }

    async def _known(self, groups: Collection[int]) -> Known:
        """Return the vocabularies of groups, brought up to date."""
        found = []
        for group_id in list(groups)[:_READ_AT_ONCE]:
            known = self._groups.setdefault(group_id, _Learned())
            self._groups.move_to_end(group_id)
            await self._learn(group_id, known)
            found.append(known.vocabulary)
        while len(self._groups) > _KNOWN_GROUPS:
            self._groups.popitem(last=False)
        return found

    async def _learn(self, group_id: int, known: _Learned) -> None:
        """Read what was said in a group since it was last asked about."""
        names: list[Row] = []
        async with self._database.read() as connection:
            rows = await fetch(connection, _FRESH, (group_id, known.last_id))
            if not known.last_id:
                names = await fetch(connection, _NAMES, (group_id,))
        if rows:
            texts = [f"{said}\n{seen}" for _, said, seen in rows]
            await asyncio.to_thread(known.vocabulary.learn, texts, [name for (name,) in names])
            known.last_id = rows[0][0]


def either_word(query: Query) -> Query | None:
    """Return the query for any of several words that nobody said together."""
    words = [clause for clause in query.clauses if isinstance(clause, Word)]
    if len(words) < 2 or len(words) < len(query.clauses):
        return None
    return replace(query, clauses=(AnyOf(tuple(words)),))


def _sounding(text: str, known: Known) -> list[str]:
    """Return the words that are spelt so in pinyin or initials."""
    return list(dict.fromkeys(found for each in known for found in each.sounding(text)))


def _corrected(text: str, known: Known) -> list[str]:
    """Return what a text may be a slip of, by sound or spelling; nothing if it is a known word."""
    folded = fold(text)
    near: list[str] = []
    for vocabulary in known:
        if folded in vocabulary:
            return []
        near += vocabulary.near(folded)
    pieced = folded
    for part in words_of(text):
        pieced = pieced.replace(part, _corrected_part(part, known))
    return list(dict.fromkeys([*near, *([pieced] if pieced != folded else [])]))


def _corrected_part(part: str, known: Known) -> str:
    for vocabulary in known:
        if part in vocabulary or len(part) < 2:
            return part
        if near := vocabulary.near(part, 1):
            return near[0]
    return part


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
