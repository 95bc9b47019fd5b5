"""Asking without a bot: the seed, or the entries of an archive."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError

from liudeng.db import Database, explain
from liudeng.faq.book import askable
from liudeng.faq.entry import Entry, State
from liudeng.faq.matching import (
    Askable,
    Lore,
    Matcher,
    SentenceVectors,
    SynonymsProblem,
    installed,
)
from liudeng.faq.seed import SeedProblem, seed_entries
from liudeng.faq.store import counts_for, entries_where
from liudeng.faq.tables import faq_entries
from liudeng.settings import DATA_ROOT, SettingsProblem, get_settings

LORE = DATA_ROOT / "faq"


class OfflineProblem(Exception):
    """Nothing can be asked; the text is one Chinese sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Book:
    """Entries that can be asked, by their names."""

    matcher: Matcher
    names: Sequence[str]

    def ask(self, text: str) -> dict[str, Any]:
        """Return what the bot would make of a message, with the names of entries."""
        match = self.matcher.match(text)
        return {
            "text": text,
            "answer": self._name(match.answer),
            "suggestions": [self._name(number) for number in match.suggestions],
            "unasked": match.answer is not None and match.unasked == match.answer,
        }

    def _name(self, number: int | None) -> str | None:
        return None if number is None else self.names[number]


def open_book(group: int | None, *, vectors: bool) -> Book:
    """Return the seed as a book, or a group's entries from the archive.

    Raises:
        OfflineProblem: there is nothing to ask, or the synonyms do not load.
    """
    try:
        lore = Lore.load(LORE)
        if group is None:
            seed = seed_entries()
            names = [entry.id for entry in seed]
            asked = [(entry.asked, entry.matched_answer) for entry in seed]
        else:
            kept = asyncio.run(_kept(group))
            names = [entry.code or str(entry.id) for entry in kept]
            asked = [_asked(entry) for entry in kept]
    except (SynonymsProblem, SeedProblem, SettingsProblem) as problem:
        raise OfflineProblem(str(problem)) from problem
    except DBAPIError as error:
        raise OfflineProblem(explain(error).advice) from error
    askables = [Askable(n, phrasings, answer) for n, (phrasings, answer) in enumerate(asked)]
    encoder = SentenceVectors() if vectors and installed() else None
    return Book(Matcher(askables, lore, encoder), names)


def _asked(entry: Entry) -> tuple[tuple[str, ...], str]:
    known = askable(entry)
    return known.phrasings, known.answer


async def _kept(group: int) -> list[Entry]:
    settings = get_settings()
    if not settings.database_path.is_file():
        raise OfflineProblem(f"还没有存档（{settings.database_path}）：先运行机器人。")
    database = Database(settings.database_path)
    try:
        async with database.read() as connection:
            live = faq_entries.c.state == State.LIVE.value
            return await entries_where(connection, counts_for([group]), live)
    finally:
        await database.close()
