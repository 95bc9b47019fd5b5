"""How often entries answer, whether they help, and when the bot must hold its tongue."""

from datetime import date

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.tables import faq_groups, faq_unasked, faq_uses, faq_votes

COOLDOWN_MS = 6 * 3600_000
"""So long an entry that answered unasked keeps silent in that group."""
QUIET_MS = 30 * 24 * 3600_000
"""How long 不用答 lasts, for one entry in one group."""


async def count_use(
    connection: AsyncConnection, entry_id: int, group_id: int, day: date, *, unasked: bool = False
) -> None:
    """Count that an entry answered."""
    mine = (
        faq_uses.c.entry_id == entry_id,
        faq_uses.c.group_id == group_id,
        faq_uses.c.day == day,
    )
    column = faq_uses.c.unasked if unasked else faq_uses.c.asked
    counted = await connection.execute(update(faq_uses).where(*mine).values({column: column + 1}))
    if not counted.rowcount:
        await connection.execute(
            insert(faq_uses).values(
                entry_id=entry_id,
                group_id=group_id,
                day=day,
                asked=int(not unasked),
                unasked=int(unasked),
            )
        )


async def vote(
    connection: AsyncConnection, entry_id: int, user_id: str, now_ms: int, *, useful: bool
) -> None:
    """Note what somebody thinks of an entry; the last word counts."""
    mine = (faq_votes.c.entry_id == entry_id, faq_votes.c.user_id == user_id)
    values = {"useful": useful, "at_ms": now_ms}
    changed = await connection.execute(update(faq_votes).where(*mine).values(**values))
    if not changed.rowcount:
        await connection.execute(
            insert(faq_votes).values(entry_id=entry_id, user_id=user_id, **values)
        )


async def votes(connection: AsyncConnection, entry_id: int) -> tuple[int, int]:
    """Return how many find an entry useful, and how many do not."""
    query = select(
        func.count(case((faq_votes.c.useful, 1))), func.count(case((~faq_votes.c.useful, 1)))
    ).where(faq_votes.c.entry_id == entry_id)
    row = (await connection.execute(query)).one()
    return row[0], row[1]


async def may_speak(connection: AsyncConnection, group_id: int, entry_id: int, now_ms: int) -> bool:
    """Tell whether an entry may answer in a group though nobody asked the bot."""
    query = select(faq_unasked).where(
        faq_unasked.c.group_id == group_id, faq_unasked.c.entry_id == entry_id
    )
    row = (await connection.execute(query)).first()
    return row is None or (now_ms >= row.quiet_until_ms and now_ms - row.last_ms >= COOLDOWN_MS)


async def note_spoken(
    connection: AsyncConnection, group_id: int, entry_id: int, now_ms: int
) -> None:
    """Note that an entry answered unasked."""
    await _note(connection, group_id, entry_id, last_ms=now_ms)


async def hush(connection: AsyncConnection, group_id: int, entry_id: int, now_ms: int) -> None:
    """不用答: an entry keeps silent in a group unless it is asked."""
    await _note(connection, group_id, entry_id, quiet_until_ms=now_ms + QUIET_MS)


async def speaks_unasked(connection: AsyncConnection, group_id: int, default: bool) -> bool:
    """Tell whether a group wants to be answered unasked."""
    query = select(faq_groups.c.speaks_unasked).where(faq_groups.c.group_id == group_id)
    wanted = (await connection.execute(query)).scalar()
    return default if wanted is None else wanted


async def set_speaks_unasked(connection: AsyncConnection, group_id: int, wanted: bool) -> None:
    """Note what a group wants."""
    mine = faq_groups.c.group_id == group_id
    values = {"speaks_unasked": wanted}
    changed = await connection.execute(update(faq_groups).where(mine).values(**values))
    if not changed.rowcount:
        await connection.execute(insert(faq_groups).values(group_id=group_id, **values))


async def _note(connection: AsyncConnection, group_id: int, entry_id: int, **values: int) -> None:
    mine = (faq_unasked.c.group_id == group_id, faq_unasked.c.entry_id == entry_id)
    changed = await connection.execute(update(faq_unasked).where(*mine).values(**values))
    if not changed.rowcount:
        fresh = {"last_ms": 0, "quiet_until_ms": 0, **values}
        await connection.execute(
            insert(faq_unasked).values(group_id=group_id, entry_id=entry_id, **fresh)
        )
