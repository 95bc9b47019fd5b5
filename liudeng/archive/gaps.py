"""Gaps: the times in which messages may be missing, kept until they are known to be closed."""

from collections.abc import Collection

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import gaps, groups
from liudeng.db import now_ms

OPEN, CLOSED, UNCLOSED = "open", "closed", "unclosed"


async def open_gaps(
    connection: AsyncConnection, group_ids: Collection[int], mark_seq: int
) -> dict[int, int]:
    """Note that messages after `mark_seq` may be missing; return each group's oldest open mark.

    A gap that an earlier connection left open keeps its mark: what has come in since then lies
    on this side of the hole.
    """
    query = (
        select(gaps.c.group_id, func.min(gaps.c.mark_seq))
        .where(gaps.c.state == OPEN, gaps.c.group_id.in_(group_ids))
        .group_by(gaps.c.group_id)
    )
    marks = {row[0]: row[1] for row in await connection.execute(query)}
    new = [group_id for group_id in group_ids if group_id not in marks]
    if new:
        await connection.execute(
            insert(gaps),
            [
                {
                    "group_id": group_id,
                    "mark_seq": mark_seq,
                    "opened_ms": now_ms(),
                    "state": OPEN,
                    "recovered": 0,
                }
                for group_id in new
            ],
        )
    return {group_id: marks.get(group_id, mark_seq) for group_id in group_ids}


async def open_known_gaps(connection: AsyncConnection, mark_seq: int) -> None:
    """Note for every group the bot has met that messages after `mark_seq` may be missing.

    Written when nobody listens any more: once the next connection has stored something, the last
    number committed no longer tells where the silence began.
    """
    known = list(await connection.scalars(select(groups.c.group_id)))
    if known:
        await open_gaps(connection, known, mark_seq)


async def end_gap(
    connection: AsyncConnection, group_id: int, recovered: int, *, closed: bool
) -> None:
    """Record how a group's open gap ended."""
    await connection.execute(
        update(gaps)
        .where(gaps.c.group_id == group_id, gaps.c.state == OPEN)
        .values(state=CLOSED if closed else UNCLOSED, ended_ms=now_ms(), recovered=recovered)
    )


async def has_open_gap(connection: AsyncConnection, group_id: int) -> bool:
    """Tell whether messages of a group may still be missing that are yet to be fetched."""
    query = select(gaps.c.id).where(gaps.c.group_id == group_id, gaps.c.state == OPEN).limit(1)
    return (await connection.execute(query)).first() is not None


async def count_gaps(connection: AsyncConnection) -> dict[str, int]:
    """Return the number of gaps by state."""
    query = select(gaps.c.state, func.count()).group_by(gaps.c.state)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def meet_groups(
    connection: AsyncConnection, names: dict[int, str], at_ms: int
) -> dict[int, int]:
    """Note the groups the bot is in; return when it met each for the first time."""
    query = select(groups.c.group_id, groups.c.first_seen_ms).where(groups.c.group_id.in_(names))
    known = {row[0]: row[1] for row in await connection.execute(query)}
    new = set(names) - set(known)
    if new:
        await connection.execute(
            insert(groups),
            [
                {"group_id": group_id, "name": names[group_id], "first_seen_ms": at_ms}
                for group_id in new
            ],
        )
    for group_id in known:
        await connection.execute(
            update(groups).where(groups.c.group_id == group_id).values(name=names[group_id])
        )
    return {group_id: known.get(group_id, at_ms) for group_id in names}
