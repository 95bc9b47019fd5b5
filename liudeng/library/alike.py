"""The same screenshot posted twice: copies that were scaled or compressed anew look alike."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.entry import Farewell
from liudeng.library.tables import farewell_pictures, farewells
from liudeng.library.visible import Viewer, visible_to
from liudeng.media import near_copies


async def entries_alike(
    connection: AsyncConnection, viewer: Viewer, entry: Farewell
) -> tuple[int, ...]:
    """Return other entries the viewer may see that show one of this entry's pictures, by number."""
    shown = (
        select(farewell_pictures.c.farewell_id, farewell_pictures.c.sha256)
        .join(farewells, farewells.c.id == farewell_pictures.c.farewell_id)
        .where(farewells.c.id != entry.id, visible_to(viewer))
    )
    holders: dict[str, set[int]] = {}
    for row in await connection.execute(shown):
        holders.setdefault(row.sha256, set()).add(row.farewell_id)
    found: set[int] = set()
    for sha256 in entry.pictures:
        for copy in await near_copies(connection, sha256, holders.keys()):
            found |= holders[copy]
    return tuple(sorted(found))
