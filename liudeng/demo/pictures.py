"""Whether the evening's screenshots were kept, read, and can be found by the words inside."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, select

from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.media import State
from liudeng.media.tables import attachments
from liudeng.ocr.tables import seen_pictures
from liudeng.search import LogSearch, parse_query

_WORDS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{4,}|[A-Za-z']{4,}(?: [A-Za-z']+)+")
_REMEMBERED = 8
"""Characters of a line that somebody remembers and types."""
_TRIES = 3
_HITS = 50

Key = tuple[int, str, int]


class Pictures(BaseModel):
    """What became of the screenshots that were posted and not recalled."""

    model_config = ConfigDict(frozen=True)

    posted: int
    kept: int
    read: int
    found: int
    """Found in the chat's own search by words that stand in the picture alone."""

    @property
    def all_kept(self) -> bool:
        """Whether none was lost."""
        return self.kept == self.posted

    @property
    def all_found(self) -> bool:
        """Whether each is found by the words inside."""
        return self.found == self.posted


def key_of(entry: dict[str, Any]) -> Key:
    """Return what the simulator's truth and the archive both know a message by."""
    return (int(entry["group_id"]), str(entry["message_id"]), int(entry["time"]))


def drawn_pictures(truth: Iterable[dict[str, Any]]) -> dict[Key, Sequence[str]]:
    """Return what is said in each screenshot that was posted and not recalled."""
    return {
        key_of(entry): entry["drawn"]
        for entry in truth
        if entry["drawn"] and not entry["recalled"] and not entry["self"]
    }


async def count_read(database: Database, drawn: Mapping[Key, Sequence[str]]) -> int:
    """Return how many of these screenshots have been read."""
    rows = [shown.row for shown in await _archived(database, drawn)]
    async with database.read() as connection:
        return len(set(await connection.scalars(_with_words(rows))))


async def judge_pictures(database: Database, drawn: Mapping[Key, Sequence[str]]) -> Pictures:
    """Look for every drawn screenshot: `drawn` holds what is said in each message's picture."""
    posted = await _archived(database, drawn)
    rows = [shown.row for shown in posted]
    async with database.read() as connection:
        kept = set(await connection.scalars(_with_file(rows)))
        read = set(await connection.scalars(_with_words(rows)))
    search = LogSearch(database)
    found = [shown for shown in posted if shown.row in read and await _is_found(search, shown)]
    return Pictures(posted=len(drawn), kept=len(kept), read=len(read), found=len(found))


@dataclass(frozen=True, slots=True)
class _Shown:
    row: int
    group_id: int
    words: Sequence[str]


async def _archived(database: Database, drawn: Mapping[Key, Sequence[str]]) -> list[_Shown]:
    columns = messages.c
    query = select(columns.id, columns.group_id, columns.message_id, columns.time_ms)
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
    keyed = {(row.group_id, row.message_id, row.time_ms // 1000): row for row in rows}
    return [
        _Shown(row.id, row.group_id, words)
        for key, words in drawn.items()
        if (row := keyed.get(key)) is not None
    ]


def _with_file(rows: Sequence[int]) -> Select[tuple[int]]:
    return (
        select(attachments.c.message_row)
        .where(attachments.c.message_row.in_(rows), attachments.c.state == State.STORED.value)
        .distinct()
    )


def _with_words(rows: Sequence[int]) -> Select[tuple[int]]:
    query = select(seen_pictures.c.message_row).where(seen_pictures.c.message_row.in_(rows))
    return query.distinct()


async def _is_found(search: LogSearch, shown: _Shown) -> bool:
    """Search as somebody would who remembers one line of it, or another."""
    phrases = [phrase for line in shown.words for phrase in _WORDS.findall(line)]
    for phrase in sorted(phrases, key=len, reverse=True)[:_TRIES]:
        remembered = phrase if phrase.isascii() else phrase[:_REMEMBERED]
        page = await search.search(parse_query(f'"{remembered}"'), [shown.group_id], _HITS)
        if any(hit.id == shown.row for hit in page.hits):
            return True
    return False
