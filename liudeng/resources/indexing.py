"""Listed links on the library's index, so that 搜 finds them, too."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library import Viewer, Visibility
from liudeng.library.index import Document, Kind
from liudeng.resources.entry import SHARED, Resource, State
from liudeng.resources.ledger import resource_of, seen_in, with_health
from liudeng.resources.tables import resources

_NO_DAY = date(1970, 1, 1)


async def documents(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Document]:
    """Return those of these links that are listed, as the index knows them."""
    query = with_health().where(resources.c.id.in_(ids), resources.c.state == State.LISTED.value)
    rows = (await connection.execute(query)).mappings()
    return {row["id"]: document_of(resource_of(row)) for row in rows}


def document_of(entry: Resource) -> Document:
    """Return a link as it is indexed."""
    return Document(
        kind=Kind.RESOURCE,
        id=entry.id,
        group_id=entry.group_id,
        author_id="",
        author_name="",
        visibility=Visibility.GROUP,
        title=entry.name,
        companion="",
        words=f"{entry.summary}\n{entry.category}\n{entry.host}",
        seen_text="",
        tags=entry.tags,
        day=entry.verified_on or _NO_DAY,
        doors=(_door(entry.group_id),),
    )


class ResourceShelf:
    """The ledger, lent to the library's index."""

    kind = Kind.RESOURCE

    async def ids(self, connection: AsyncConnection) -> Sequence[int]:
        """Return every listed link."""
        query = select(resources.c.id).where(resources.c.state == State.LISTED.value)
        return list(await connection.scalars(query))

    async def documents(
        self, connection: AsyncConnection, ids: Collection[int]
    ) -> Mapping[int, Document]:
        """Return those of these links that are listed."""
        return await documents(connection, ids)

    def doors(self, viewer: Viewer) -> frozenset[str]:
        """Return the doors of the viewer's groups here, and the one of what is shared."""
        return frozenset(map(_door, (SHARED, *viewer.reach)))

    async def lines(
        self, connection: AsyncConnection, viewer: Viewer, ids: Collection[int]
    ) -> Mapping[int, str]:
        """Return a line for each that these groups have and that is listed at this moment."""
        query = with_health().where(
            resources.c.id.in_(ids),
            resources.c.state == State.LISTED.value,
            seen_in(viewer.reach),
        )
        found = map(resource_of, (await connection.execute(query)).mappings())
        return {entry.id: f"资源：{entry.name}　资源 {entry.id}" for entry in found}


def _door(group_id: int) -> str:
    return f"resource:{group_id}"
