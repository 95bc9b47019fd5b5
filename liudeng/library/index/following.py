"""What the index is derived from: the kept entries, and the row of their changes."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.library.entries import chunks, is_kept
from liudeng.library.entry import Farewell
from liudeng.library.farewells import farewells_by_id
from liudeng.library.index.document import Document, Kind, document_of
from liudeng.library.showing import Showing
from liudeng.library.tables import farewells, library_changes


@dataclass(frozen=True, slots=True)
class Changes:
    """The next changes, each entry once."""

    ids: frozenset[int]
    seq: int
    """The number of the last of them."""


async def newest_change(connection: AsyncConnection) -> int:
    """Return the number of the newest change; 0 when there was none."""
    return (await connection.execute(select(func.max(library_changes.c.seq)))).scalar() or 0


async def changes_after(connection: AsyncConnection, seq: int, limit: int) -> Changes | None:
    """Return what changed after a change; None when nothing did."""
    query = (
        select(library_changes.c.seq, library_changes.c.kind, library_changes.c.entry_id)
        .where(library_changes.c.seq > seq)
        .order_by(library_changes.c.seq)
        .limit(limit)
    )
    rows = (await connection.execute(query)).all()
    if not rows:
        return None
    ids = frozenset(row.entry_id for row in rows if row.kind == Kind.FAREWELL.value)
    return Changes(ids, rows[-1].seq)


async def all_documents(database: Database, showing: Showing) -> AsyncGenerator[Document, None]:
    """Yield every kept entry as it is shown, as of one moment, with memory for a few at a time."""
    async with database.read() as connection:
        ids = list(await connection.scalars(select(farewells.c.id).where(is_kept())))
        for chunk in chunks(ids):
            for entry in (await farewells_by_id(connection, chunk)).values():
                yield document_of(await showing.of(entry))


async def each(entries: Iterable[Farewell], showing: Showing) -> AsyncGenerator[Document, None]:
    """Yield these entries as documents: what is covered is not found either."""
    for entry in entries:
        yield document_of(await showing.of(entry))
