"""The register: consents and tombstones in the database, and the book of them in memory."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.privacy.consent import (
    EVERYWHERE,
    Choice,
    ConsentBook,
    Keeping,
    Mode,
    ModeChange,
    Standing,
    Watching,
)
from liudeng.privacy.journal import Entry, Journal
from liudeng.privacy.marks import all_marks, set_mark
from liudeng.privacy.pseudonyms import PrivacyKeyProblem, Pseudonyms
from liudeng.privacy.tables import consents, group_modes, privacy_marks, tombstones
from liudeng.privacy.taking_over import take_over

_VERSION, _KEY = "version", "key"
_KEY_LOST = (
    "隐私密钥和数据对不上（privacy.key 丢了或换了）：谁说过不要存都认不出来了。"
    "请从备份恢复 DATA_DIR/privacy.key，或把 PRIVACY_KEY 改回原来的。"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a member wants from now on; None is what they did not speak of."""

    user_id: str
    group_id: int
    at_ms: int
    keeping: Keeping | None = None
    watching: Watching | None = None


class Register:
    """Reads and writes consents. The book changes in the moment in which they are committed."""

    def __init__(
        self,
        database: Database,
        pseudonyms: Pseudonyms,
        default: Mode = Mode.OPEN,
        journal: Journal | None = None,
    ) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._default = default
        self._journal = journal
        self._version = ""
        self.book = ConsentBook(default=default)

    def person(self, user_id: str) -> str:
        """Return somebody's pseudonym."""
        return self._pseudonyms.of(user_id)

    def standing(self, group_id: int, user_id: str) -> Standing:
        """Return how a member stands in a group now."""
        return self.book.standing(group_id, self._pseudonyms.of(user_id))

    def watches_fully(self, group_id: int, user_id: str) -> bool:
        """Tell whether the watcher may look at somebody's days, and judge by its model."""
        standing = self.standing(group_id, user_id)
        return standing.keeping is Keeping.ALL and standing.watching is Watching.FULL

    def is_refusers(self, group_id: int, digits: str) -> bool:
        """Tell whether digits in a text are the number of somebody who refuses to be kept."""
        person = self._pseudonyms.once(digits)
        return self.book.knows(person) and self.book.standing(group_id, person).refused

    async def open(self) -> None:
        """Read everything; note the key's mark where there is none.

        Raises:
            PrivacyKeyProblem: the key is none, or not the one that was used so far.
            OSError: it can be neither read nor made.
        """
        self._pseudonyms.unlock()
        async with self._database.write() as connection:
            marks = await all_marks(connection)
            if marks.setdefault(_KEY, self._pseudonyms.check) != self._pseudonyms.check:
                raise PrivacyKeyProblem(_KEY_LOST)
            await set_mark(connection, _KEY, marks[_KEY])
            if self._journal is not None:
                noted = await asyncio.to_thread(self._journal.read)
                if await take_over(connection, noted):
                    await self._changed(connection)
            await self.refresh(connection)

    async def refresh(self, connection: AsyncConnection) -> None:
        """Read what another process has changed; one short query when it has not."""
        query = select(privacy_marks.c.value).where(privacy_marks.c.name == _VERSION)
        version = (await connection.execute(query)).scalar() or ""
        if version != self._version:
            self.book = await self._read(connection)
            self._version = version

    async def say(self, said: Said) -> bool:
        """Note what a member wants; it holds when this returns.

        Returns:
            False when it is an old 存我 that is heard again after a later refusal: implementations
            repeat events, and no repetition lets anybody in.
        """
        async with self._database.write() as connection:
            last = await self._last_choice_ms(connection, said.user_id)
            if said.keeping is Keeping.ALL and said.at_ms < last:
                return False
            await self._add_choice(connection, said)
            await self._changed(connection)
        return True

    async def set_mode(self, group_id: int, mode: Mode, at_ms: int) -> None:
        """Note whom a group keeps; it holds when this returns."""
        async with self._database.write() as connection:
            query = (
                select(group_modes.c.at_ms)
                .where(group_modes.c.group_id == group_id)
                .order_by(group_modes.c.seq.desc())
            )
            last = (await connection.execute(query.limit(1))).scalar() or 0
            values = {"group_id": group_id, "at_ms": max(at_ms, last), "mode": mode.value}
            await self._note(Entry(kind="mode", **values))
            await connection.execute(insert(group_modes).values(**values))
            await self._changed(connection)

    async def bury(self, user_id: str, erased_ms: int) -> None:
        """Let nothing come back that somebody said up to then, nor keep what they say after it."""
        person, sealed = self._pseudonyms.of(user_id), self._pseudonyms.seal(user_id)
        async with self._database.write() as connection:
            mine = tombstones.c.person == person
            known = (await connection.execute(select(tombstones).where(mine))).first()
            await self._note(Entry(kind="erased", person=person, at_ms=erased_ms))
            if known is None:
                values = {"person": person, "erased_ms": erased_ms, "sealed": sealed}
                await connection.execute(insert(tombstones).values(**values))
            else:
                latest = max(known.erased_ms, erased_ms)
                again = update(tombstones).where(mine)
                values = {"erased_ms": latest, "done_ms": None, "sealed": sealed}
                await connection.execute(again.values(**values))
            await self._add_choice(
                connection, Said(user_id, EVERYWHERE, erased_ms, keeping=Keeping.NONE)
            )
            await self._changed(connection)

    async def note_done(self, user_id: str, now_ms: int) -> None:
        """Note that nothing of somebody is left, and forget the number that was needed for it."""
        mine = tombstones.c.person == self._pseudonyms.of(user_id)
        async with self._database.write() as connection:
            await connection.execute(
                update(tombstones).where(mine).values(done_ms=now_ms, sealed=None)
            )

    async def under_way(self) -> list[str]:
        """Return the numbers of those whose erasure has not come to its end."""
        query = select(tombstones.c.sealed).where(
            tombstones.c.done_ms.is_(None), tombstones.c.sealed.is_not(None)
        )
        async with self._database.read() as connection:
            return [self._pseudonyms.unseal(sealed) for sealed in await connection.scalars(query)]

    async def nameless(self) -> dict[str, int]:
        """Return the pseudonyms of those whose erasure an older copy of the database undid."""
        query = select(tombstones.c.person, tombstones.c.erased_ms).where(
            tombstones.c.done_ms.is_(None), tombstones.c.sealed.is_(None)
        )
        async with self._database.read() as connection:
            return {row.person: row.erased_ms for row in await connection.execute(query)}

    async def note_nobody_left(self, persons: Iterable[str], now_ms: int) -> None:
        """Note that nothing of these people was there to be erased again."""
        async with self._database.write() as connection:
            gone = update(tombstones).where(tombstones.c.person.in_(list(persons)))
            await connection.execute(gone.values(done_ms=now_ms))

    async def are_erased(self, user_ids: Iterable[str]) -> list[str]:
        """Return those of these people who were erased."""
        async with self._database.read() as connection:
            gone = set(await connection.scalars(select(tombstones.c.person)))
        return [user_id for user_id in user_ids if self._pseudonyms.of(user_id) in gone]

    async def forget_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Forget what was said about one group, when its archive is erased."""
        for table in (consents, group_modes):
            await connection.execute(table.delete().where(table.c.group_id == group_id))
        await self._changed(connection)

    async def _add_choice(self, connection: AsyncConnection, said: Said) -> None:
        last = await self._last_choice_ms(connection, said.user_id)
        values = {
            "person": self._pseudonyms.of(said.user_id),
            "group_id": said.group_id,
            # Clocks of two connections may differ; what was said later holds later.
            "at_ms": max(said.at_ms, last),
            "keeping": said.keeping.value if said.keeping else None,
            "watching": said.watching.value if said.watching else None,
        }
        await self._note(Entry(kind="choice", **values))
        await connection.execute(insert(consents).values(**values))

    async def _note(self, entry: Entry) -> None:
        if self._journal is not None:
            await asyncio.to_thread(self._journal.append, entry)

    async def _last_choice_ms(self, connection: AsyncConnection, user_id: str) -> int:
        query = select(func.max(consents.c.at_ms)).where(
            consents.c.person == self._pseudonyms.of(user_id)
        )
        return (await connection.execute(query)).scalar() or 0

    async def _changed(self, connection: AsyncConnection) -> None:
        """Count the change, and read the book anew before anybody can store by the old one.

        Should the transaction fail after this, the book is ahead of the tables for as long as it
        takes to read them again: it is read before the next message is stored.
        """
        marks = await all_marks(connection)
        self._version = ""
        await set_mark(connection, _VERSION, str(int(marks.get(_VERSION, "0")) + 1))
        self.book = await self._read(connection)

    async def _read(self, connection: AsyncConnection) -> ConsentBook:
        choices = [
            Choice(
                row.person,
                row.group_id,
                row.at_ms,
                Keeping(row.keeping) if row.keeping else None,
                Watching(row.watching) if row.watching else None,
            )
            for row in await connection.execute(select(consents).order_by(consents.c.seq))
        ]
        modes = [
            ModeChange(row.group_id, row.at_ms, Mode(row.mode))
            for row in await connection.execute(select(group_modes).order_by(group_modes.c.seq))
        ]
        erased = await connection.execute(select(tombstones.c.person, tombstones.c.erased_ms))
        return ConsentBook(
            choices, modes, [(row.person, row.erased_ms) for row in erased], self._default
        )
