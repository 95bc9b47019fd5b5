"""Which hits go into an export: the newest ones, as far as the limits allow, and what is told."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db.driver import fetch
from liudeng.search.engine import FoundIds

_LOOKUP_CHUNK = 500
_AROUND_EACH = 200
"""Bytes that a message takes besides its words: name, time, markup."""
_SIZES = (
    "SELECT id, length(CAST(text AS BLOB)) + length(CAST(seen_text AS BLOB)) "
    "FROM messages WHERE id IN ({marks})"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one export may hold."""

    messages: int
    text_bytes: int
    """Of words in UTF-8, about; the files are somewhat larger."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The hits of an export, oldest first."""

    ids: list[int]
    left_out: str = ""
    """Why older hits are not among them, to be told; empty when none was left out."""
    cut_off: bool = False


async def chosen(connection: AsyncConnection, found: FoundIds, limits: Limits) -> Chosen:
    """Return the newest hits that the limits allow."""
    ids = found.ids[: limits.messages]
    fitting = await _fitting(connection, ids, limits.text_bytes)
    left_out = ""
    if found.cut_off:
        left_out = "（没搜完就到时间了，只有最新的这些）"
    elif fitting < len(found.ids):
        left_out = "（到上限了，只有最新的这些）"
    return Chosen(ids[:fitting][::-1], left_out, found.cut_off)


async def _fitting(connection: AsyncConnection, ids: list[int], text_bytes: int) -> int:
    """Return how many messages, from the first, hold no more words than that; at least one."""
    used = 0
    for start in range(0, len(ids), _LOOKUP_CHUNK):
        chunk = ids[start : start + _LOOKUP_CHUNK]
        query = _SIZES.format(marks=", ".join("?" * len(chunk)))
        sizes = dict(await fetch(connection, query, chunk))
        for number, row_id in enumerate(chunk, start):
            used += sizes.get(row_id, 0) + _AROUND_EACH
            if used > text_bytes and number:
                return number
    return len(ids)
