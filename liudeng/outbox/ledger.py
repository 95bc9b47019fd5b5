"""The outbox's rows: which letter is next, and where each one goes from here."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, now_ms
from liudeng.outbox.enclosures import Enclosures
from liudeng.outbox.letter import Kind, Letter, PostedLetter, State, Target, post, posted_letter
from liudeng.outbox.tables import outbox

_KEEP_DONE_MS = 30 * 24 * 3600 * 1000
_WAITING = (State.PENDING.value, State.UNKNOWN.value, State.SENDING.value)
_ENDED = (State.DONE, State.REFUSED, State.EXPIRED, State.ROUTED)


class Ledger:
    """Reads and moves letters. Each lane of the sender is the only one to move its kinds."""

    def __init__(self, database: Database, enclosures: Enclosures | None = None) -> None:
        self._database = database
        self._enclosures = enclosures

    async def post_all(self, letters: Sequence[Letter]) -> None:
        """Post letters in a transaction of their own."""
        async with self._database.write() as connection:
            for letter in letters:
                await post(connection, letter)

    async def next_due(self, kinds: Collection[Kind]) -> PostedLetter | None:
        """Return the letter of these kinds that is due, the most urgent first.

        Nobody else sends, so one that is still marked as being sent was left so by a crash or by
        a database that would not take the outcome: its fate is unknown.
        """
        query = (
            select(outbox)
            .where(
                outbox.c.kind.in_([kind.value for kind in kinds]),
                outbox.c.state.in_(_WAITING),
                outbox.c.due_ms <= now_ms(),
            )
            .order_by(outbox.c.priority, outbox.c.id)
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        letter = posted_letter(row)
        if letter.state is State.SENDING:
            return letter.model_copy(update={"state": State.UNKNOWN})
        return letter

    async def next_due_ms(self, kinds: Collection[Kind]) -> int | None:
        """Return when the next letter of these kinds is due; None when none waits."""
        query = select(func.min(outbox.c.due_ms)).where(
            outbox.c.kind.in_([kind.value for kind in kinds]), outbox.c.state.in_(_WAITING)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar()

    async def move(self, letter: PostedLetter, state: State, **values: Any) -> None:
        """Note where a letter stands. What an ended answer quoted does not outlive it."""
        await self.replace(letter, state, (), **values)

    async def replace(
        self, letter: PostedLetter, state: State, instead: Sequence[Letter], **values: Any
    ) -> None:
        """Move a letter and post what takes its place, in one transaction: never one alone."""
        if state in _ENDED:
            values.setdefault("done_ms", now_ms())
            if letter.kind is not Kind.ALERT:
                values["body"] = "[]"
        async with self._database.write() as connection:
            for other in instead:
                await post(connection, other)
            await connection.execute(
                update(outbox).where(outbox.c.id == letter.id).values(state=state.value, **values)
            )
        if state in _ENDED and self._enclosures is not None:
            await self._enclosures.discard(letter.segments)

    async def forget_old(self) -> None:
        """What was said is in the chat; here it need not outlive the time to look it up."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(outbox).where(outbox.c.done_ms < now_ms() - _KEEP_DONE_MS)
            )


async def count_letters(database: Database) -> dict[str, int]:
    """Return the number of letters by state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    async with database.read() as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


async def others_on_their_way(database: Database, letter: PostedLetter, prefix: str) -> bool:
    """Tell whether another letter whose key begins with `prefix` has arrived, or still may.

    One that was given up does not count: it may never have been seen.
    """
    query = select(func.count()).where(
        outbox.c.key.startswith(prefix, autoescape=True),
        outbox.c.id != letter.id,
        outbox.c.state.in_((State.DONE.value, *_WAITING)),
    )
    async with database.read() as connection:
        return bool((await connection.execute(query)).scalar())


async def told_privately(connection: AsyncConnection, case_id: int) -> list[int]:
    """Return whom a case's alerts have reached privately."""
    query = (
        select(outbox.c.target_id)
        .where(
            outbox.c.case_id == case_id,
            outbox.c.kind == Kind.ALERT.value,
            outbox.c.target == Target.PRIVATE.value,
            outbox.c.state == State.DONE.value,
        )
        .distinct()
    )
    return list(await connection.scalars(query))


async def last_refused(connection: AsyncConnection, people: Collection[int]) -> set[int]:
    """Return to whom of these people the last private letter was refused."""
    latest = (
        select(outbox.c.target_id, func.max(outbox.c.id).label("id"))
        .where(
            outbox.c.target == Target.PRIVATE.value,
            outbox.c.target_id.in_(people),
            outbox.c.state.in_((State.DONE.value, State.REFUSED.value)),
        )
        .group_by(outbox.c.target_id)
        .subquery()
    )
    query = (
        select(outbox.c.target_id)
        .join(latest, latest.c.id == outbox.c.id)
        .where(outbox.c.state == State.REFUSED.value)
    )
    return set(await connection.scalars(query))


async def alerts_told_since(connection: AsyncConnection, since_ms: int) -> dict[int, int]:
    """Return how many alerts each person got privately since then."""
    query = (
        select(outbox.c.target_id, func.count())
        .where(
            outbox.c.kind == Kind.ALERT.value,
            outbox.c.target == Target.PRIVATE.value,
            outbox.c.state == State.DONE.value,
            outbox.c.done_ms >= since_ms,
        )
        .group_by(outbox.c.target_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def letters_under(connection: AsyncConnection, prefix: str) -> list[PostedLetter]:
    """Return the letters whose keys begin with `prefix`, oldest first."""
    beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)  # a range: LIKE would look at every key
    query = (
        select(outbox).where(outbox.c.key >= prefix, outbox.c.key < beyond).order_by(outbox.c.id)
    )
    return [posted_letter(row) for row in await connection.execute(query)]


async def case_of_sent(
    connection: AsyncConnection, message_id: str, target: Target, target_id: int
) -> int | None:
    """Return the case that a message of the bot in this chat was about, if any."""
    query = (
        select(outbox.c.case_id)
        .where(
            outbox.c.sent_message_id == message_id,
            outbox.c.target == target.value,
            outbox.c.target_id == target_id,
            outbox.c.case_id.is_not(None),
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    return (await connection.execute(query)).scalar()
