"""The same screenshot posted twice: copies that were scaled or compressed anew look alike."""

import asyncio
from collections.abc import Mapping
from itertools import chain

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.entry import Farewell
from liudeng.library.tables import farewell_pictures, farewells
from liudeng.library.visible import Viewer, visible_to
from liudeng.media import looks_of, near_copies


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
    if not holders or not entry.pictures:
        return ()
    looks = await looks_of(connection, {*holders, *entry.pictures})
    return await asyncio.to_thread(_compared, entry, holders, looks)


def _compared(
    entry: Farewell, holders: Mapping[str, set[int]], looks: Mapping[str, str]
) -> tuple[int, ...]:
    copies = chain.from_iterable(near_copies(one, looks, holders) for one in entry.pictures)
    return tuple(sorted(set().union(*(holders[copy] for copy in copies))))
