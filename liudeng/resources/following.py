"""What becomes of a short link once it is known where it leads."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import messages_by_id
from liudeng.resources.canonical import Link
from liudeng.resources.entry import State
from liudeng.resources.finding import is_worth_keeping
from liudeng.resources.ledger import folded
from liudeng.resources.lookalike import judge
from liudeng.resources.sightings import move_sightings
from liudeng.resources.tables import link_sightings, resources
from liudeng.resources.warning import Doubt, may_warn, warn

_MOST_MESSAGES = 50


async def follow(connection: AsyncConnection, short: Link, target: Link, now_ms: int) -> int:
    """Let the candidates behind a short link be what it leads to; warn if that is a look-alike.

    Returns:
        How many warnings were posted.
    """
    query = select(resources).where(
        resources.c.key == short.key, resources.c.state == State.CANDIDATE.value
    )
    rows = [dict(row) for row in (await connection.execute(query)).mappings()]
    posted = await _warn(connection, [row["id"] for row in rows], target, now_ms)
    if is_worth_keeping(target):
        for row in rows:
            await _follow_one(connection, row, target, now_ms)
    return posted


async def _follow_one(
    connection: AsyncConnection, row: dict[str, Any], target: Link, now_ms: int
) -> None:
    number = row["id"]
    same = select(resources.c.id).where(
        resources.c.group_id == row["group_id"], resources.c.key == target.key
    )
    known = (await connection.execute(same)).scalar()
    if known is not None:
        await move_sightings(connection, number, known)
        await connection.execute(delete(resources).where(resources.c.id == number))
        return
    moved = {"key": target.key, "url": target.url, "host": target.host}
    words = folded({**row, **moved})
    await connection.execute(
        update(resources)
        .where(resources.c.id == number)
        .values(**moved, folded=words, updated_ms=now_ms)
    )


async def _warn(connection: AsyncConnection, numbers: list[int], target: Link, now_ms: int) -> int:
    verdict = judge(target.host)
    if not verdict.suspicious or not numbers:
        return 0
    query = (
        select(link_sightings.c.message_row)
        .where(link_sightings.c.resource_id.in_(numbers))
        .order_by(link_sightings.c.message_row.desc())
        .limit(_MOST_MESSAGES)
    )
    carried = await messages_by_id(connection, list(await connection.scalars(query)))
    doubts = [
        Doubt(message, target.host, verdict)
        for message in carried
        if message.recalled_ms is None and may_warn(message, now_ms)
    ]
    return await warn(connection, doubts, now_ms)
