"""The wall: the entries that a viewer may see, newest first; one of them by chance; the album's."""

from random import randrange

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.entries import is_kept, load
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.tables import farewells
from liudeng.library.visible import Viewer, visible_to
from liudeng.text import fold

WALL_PAGE = 12


class WallPage(BaseModel):
    """Some entries of the wall."""

    model_config = ConfigDict(frozen=True)

    entries: tuple[Farewell, ...]
    """Newest first."""
    total: int
    """All entries that the viewer may see, with the same companion if one was asked for."""
    companion: str = ""
    """As it was asked for; empty for all."""
    searched: str = ""
    """What was searched for instead: no companion is called so."""
    meant: str = ""
    """What was probably meant, where nothing says literally what was searched for."""
    companions: tuple[tuple[str, int], ...] = ()
    """Of what was searched for: whose farewells it is, and how many of each."""
    page: int = 1
    pages: int = 1

    @property
    def asked(self) -> str:
        """What was typed behind 告别墙, without the page."""
        return self.companion or self.searched


async def wall(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    companion: str = "",
    page: int = 1,
    limit: int = WALL_PAGE,
) -> WallPage:
    """Return a page of the wall. `page` counts from 1."""
    conditions = [visible_to(viewer)]
    if companion:
        conditions.append(await _with_companion(connection, viewer, companion))
    count = select(func.count()).select_from(farewells).where(*conditions)
    total = (await connection.execute(count)).scalar_one()
    query = select(farewells).where(*conditions).order_by(farewells.c.id.desc())
    found = await load(connection, query.offset((page - 1) * limit).limit(limit))
    return WallPage(
        entries=tuple(found),
        total=total,
        companion=companion,
        page=page,
        pages=max(1, -(-total // limit)),
    )


async def random_farewell(connection: AsyncConnection, viewer: Viewer) -> Farewell | None:
    """Return one of the entries that the viewer may see; None when there is none."""
    query = select(farewells).where(visible_to(viewer)).order_by(farewells.c.id)
    count = select(func.count()).select_from(query.subquery())
    total = (await connection.execute(count)).scalar_one()
    if not total:
        return None
    [found] = await load(connection, query.offset(randrange(total)).limit(1))
    return found


async def public_farewells(connection: AsyncConnection, group_id: int) -> list[Farewell]:
    """Return what a group's album shows, oldest first: only what its authors made public."""
    query = (
        select(farewells)
        .where(
            farewells.c.group_id == group_id,
            farewells.c.visibility == Visibility.PUBLIC.value,
            is_kept(),
        )
        .order_by(farewells.c.day, farewells.c.id)
    )
    return await load(connection, query)


async def _with_companion(
    connection: AsyncConnection, viewer: Viewer, companion: str
) -> ColumnElement[bool]:
    """Names that read the same are the same; failing that, names that contain the one asked for."""
    query = select(farewells.c.companion).where(visible_to(viewer)).distinct()
    wanted = fold(companion)
    known = {name: fold(name) for name in await connection.scalars(query)}
    same = [name for name, folded in known.items() if folded == wanted]
    alike = [name for name, folded in known.items() if wanted and wanted in folded]
    return farewells.c.companion.in_(same or alike)
