"""那年今日: a private letter to an author about what they kept on this day in earlier years.

Only those who asked for it get one, and nobody while moderators look after them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, extract, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import CaseState
from liudeng.desk.tables import cases
from liudeng.library.entries import is_kept, load
from liudeng.library.entry import Farewell
from liudeng.library.month_day import kept_on
from liudeng.library.tables import farewells, remembrances
from liudeng.outbox import Kind, Letter, Target, post, text_segment

_SHOWN = 5
_LIFETIME_MS = 12 * 3600_000


async def set_remembrance(connection: AsyncConnection, user_id: str, *, active: bool) -> None:
    """Let a person have 那年今日, or no longer."""
    mine = remembrances.c.user_id == user_id
    changed = await connection.execute(update(remembrances).where(mine).values(active=active))
    if not changed.rowcount:
        await connection.execute(insert(remembrances).values(user_id=user_id, active=active))


async def is_remembering(connection: AsyncConnection, user_id: str) -> bool:
    """Tell whether a person asked for 那年今日."""
    query = select(remembrances.c.active).where(remembrances.c.user_id == user_id)
    return bool((await connection.execute(query)).scalar())


async def remind_of_that_day(connection: AsyncConnection, today: date) -> int:
    """Post a letter to each author who asked for it and has entries of this day; note the day.

    Inside the caller's transaction: either both or neither. Return the number of letters.
    """
    posted = 0
    for author_id, entries in (await _remembered(connection, today)).items():
        if not author_id.isdecimal():
            continue
        posted += await post(connection, _letter(int(author_id), entries, today))
        await connection.execute(
            update(remembrances)
            .where(remembrances.c.user_id == author_id)
            .values(reminded_on=today)
        )
    return posted


async def _remembered(connection: AsyncConnection, today: date) -> dict[str, list[Farewell]]:
    looked_after = select(cases.c.subject_id).where(cases.c.state != CaseState.CLOSED.value)
    that_day = [
        and_(extract("month", farewells.c.day) == kept.month,
             extract("day", farewells.c.day) == kept.day)
        for kept in kept_on(today)
    ]  # fmt: skip
    query = (
        select(farewells)
        .join(remembrances, remembrances.c.user_id == farewells.c.author_id)
        .where(
            remembrances.c.active.is_(True),
            or_(remembrances.c.reminded_on.is_(None), remembrances.c.reminded_on < today),
            farewells.c.author_id.not_in(looked_after),
            farewells.c.day < date(today.year, 1, 1),
            or_(*that_day),
            is_kept(),
        )
        .order_by(farewells.c.day.desc(), farewells.c.id)
    )
    found: dict[str, list[Farewell]] = defaultdict(list)
    for entry in await load(connection, query):
        found[entry.author_id].append(entry)
    return found


def _letter(author_id: int, entries: Sequence[Farewell], today: date) -> Letter:
    lines = ["那年今日，你留下过："]
    lines += [_line(entry, today) for entry in entries[:_SHOWN]]
    if len(entries) > _SHOWN:
        lines.append(f"……还有 {len(entries) - _SHOWN} 封")
    lines.append(f"想看就发「看 {entries[0].id}」。不想再收到，发「那年今日 关」。")
    return Letter(
        key=f"remembrance:{author_id}:{today.isoformat()}",
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=author_id,
        segments=(text_segment("\n".join(lines)),),
        lifetime_ms=_LIFETIME_MS,
    )


def _line(entry: Farewell, today: date) -> str:
    years = today.year - entry.day.year
    companion = f" · {entry.companion}" if entry.companion else ""
    return f"{years} 年前 · {entry.id} 号《{entry.title}》{companion}"
