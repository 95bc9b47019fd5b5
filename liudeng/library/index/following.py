"""What the index is derived from: the entries on its shelves, and the row of their changes."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.library.entries import chunks
from liudeng.library.index.document import Document
from liudeng.library.index.shelf import Source
from liudeng.library.tables import library_changes


@dataclass(frozen=True, slots=True)
class Changes:
    """The next changes, each entry once."""

    entries: frozenset[tuple[str, int]]
    """Kind and number."""
    seq: int
    """The number of the last of them."""

    def of_kind(self, kind: str) -> list[int]:
        """Return the numbers of what changed on one shelf."""
        return sorted(number for changed, number in self.entries if changed == kind)


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
    return Changes(frozenset((row.kind, row.entry_id) for row in rows), rows[-1].seq)


async def changed_documents(
    connection: AsyncConnection, sources: Sequence[Source], changes: Changes
) -> tuple[list[Document], tuple[str, ...]]:
    """Return what changed as it is now, and the keys of what is gone."""
    kept: list[Document] = []
    gone: list[str] = []
    for source in sources:
        ids = changes.of_kind(source.kind.value)
        documents = await source.documents(connection, ids) if ids else {}
        kept += documents.values()
        gone += (f"{source.kind.value}:{number}" for number in ids if number not in documents)
    return kept, tuple(gone)


async def all_documents(
    database: Database, sources: Sequence[Source]
) -> AsyncGenerator[Document, None]:
    """Yield every entry, as of one moment; memory is taken for a few at a time."""
    async with database.read() as connection:
        for source in sources:
            for chunk in chunks(await source.ids(connection)):
                for document in (await source.documents(connection, chunk)).values():
                    yield document


async def each(documents: Iterable[Document]) -> AsyncGenerator[Document, None]:
    """Yield these documents."""
    for document in documents:
        yield document
