"""Notices: what is kept and why, told to a group at the beginning and to each new member once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain, now_ms
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.privacy.consent import Mode
from liudeng.privacy.register import Register
from liudeng.privacy.tables import greetings
from liudeng.privacy.wording import Facts, Wording
from liudeng.roster import Roster
from liudeng.tasks import end

log = logging.getLogger(__name__)

GATHER_S = 60.0
"""New members of so long are greeted together: what the bot may say is limited."""
_LIFETIME_MS = 6 * 3600_000
_MOST_WAITING = 500
_PRIVATELY = 5
"""So many at a time are greeted privately; a crowd is greeted in the group, in one sentence."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the groups of this bot, as far as the settings tell."""

    days_of: Callable[[int], int]
    """For how many days a group's messages are kept; 0 for ever."""
    wipe_hours: int


class Hosts(Protocol):
    """Who knows what a group itself says to newcomers, and when it is no time to greet."""

    def waits(self, group_id: int) -> bool:
        """Whether nobody is to be greeted now."""
        ...

    async def words_for(self, connection: AsyncConnection, group_id: int) -> tuple[str, str]:
        """Return the group's own welcome, or nothing, and what stands below the notice."""
        ...


class Notices:
    """Owns the task that greets new members."""

    def __init__(
        self,
        database: Database,
        register: Register,
        roster: Roster,
        wording: Wording,
        terms: Terms,
        on_posted: Callable[[], None],
        gather_s: float = GATHER_S,
    ) -> None:
        self._database = database
        self._register = register
        self._roster = roster
        self._wording = wording
        self._terms = terms
        self._on_posted = on_posted
        self._gather_s = gather_s
        self._hosts: Hosts | None = None
        self._waiting: dict[tuple[int, int], None] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def greet_with(self, hosts: Hosts) -> None:
        """Say what the group itself says in the same message: nobody is greeted twice."""
        self._hosts = hosts

    def about(self, group_id: int | None) -> str:
        """Return 隐私: what is kept, why, for how long, and how to say no."""
        return self._wording.about.format(**self._facts(group_id).filled)

    async def joined_group(self, group_id: int, at_ms: int) -> None:
        """The bot itself has come into a group: say so there, once."""
        mode = self._register.book.mode(group_id)
        if mode is Mode.OFF:
            return
        words = self._wording.joined_asked if mode is Mode.ASKED else self._wording.joined
        text = words.format(**self._facts(group_id).filled)
        async with self._database.write() as connection:
            await post(connection, _letter(Target.GROUP, group_id, f"{group_id}:{at_ms}", text))
        self._on_posted()

    def member_joined(self, group_id: int, user_id: int) -> None:
        """A member has come: greet them with those who come within the next minute."""
        if len(self._waiting) >= _MOST_WAITING:
            return
        self._waiting[group_id, user_id] = None
        self._wake.set()

    async def start(self) -> None:
        """Begin to greet."""
        self._task = asyncio.create_task(self._run(), name="privacy-notices")

    async def close(self) -> None:
        """Stop; who was not greeted yet can ask with 隐私."""
        await end(self._task)
        self._task = None

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(self._gather_s)
            try:
                await self._greet()
            except Exception as error:
                log.warning("新成员还没有告知，稍后再试：%s", explain(error).advice)
                self._wake.set()

    async def _greet(self) -> None:
        by_group: dict[int, list[int]] = {}
        for group_id, user_id in list(self._waiting):
            by_group.setdefault(group_id, []).append(user_id)
        for group_id, user_ids in by_group.items():
            if self._hosts is not None and self._hosts.waits(group_id):
                self._wake.set()  # another minute, and then whoever is still there
                continue
            async with self._database.write() as connection:
                there = [one for one in user_ids if self._is_there(group_id, one)]
                new = await self._not_greeted(connection, group_id, there)
                await self._tell(connection, group_id, new)
            for user_id in user_ids:
                self._waiting.pop((group_id, user_id), None)
        self._on_posted()

    def _is_there(self, group_id: int, user_id: int) -> bool:
        known = self._roster.lists(group_id)
        return not known or self._roster.role_of(group_id, user_id) is not None

    async def _not_greeted(
        self, connection: AsyncConnection, group_id: int, user_ids: Sequence[int]
    ) -> list[int]:
        persons = {self._register.person(str(user_id)): user_id for user_id in user_ids}
        query = select(greetings.c.person).where(
            greetings.c.group_id == group_id, greetings.c.person.in_(persons)
        )
        greeted = set(await connection.scalars(query))
        new = [person for person in persons if person not in greeted]
        if new:
            rows = [{"group_id": group_id, "person": person} for person in new]
            await connection.execute(insert(greetings), rows)
        return [persons[person] for person in new]

    async def _tell(
        self, connection: AsyncConnection, group_id: int, user_ids: Sequence[int]
    ) -> None:
        if not user_ids:
            return
        own, below = "", ""
        if self._hosts is not None:
            own, below = await self._hosts.words_for(connection, group_id)
        if self._register.book.mode(group_id) is Mode.OFF and not own:
            return  # nothing is kept, and the group itself says nothing
        friends = [one for one in user_ids if self._roster.is_friend(one)][:_PRIVATELY]
        for user_id in friends:
            key = f"{group_id}:{self._register.person(str(user_id))[:16]}"
            text = self._greeting(group_id, own, below, private=True)
            await post(connection, _letter(Target.PRIVATE, user_id, key, text))
        if len(user_ids) > len(friends):
            text = self._greeting(group_id, own, below, private=False)
            key = f"{group_id}:{now_ms()}"
            await post(connection, _letter(Target.GROUP, group_id, key, text))

    def _greeting(self, group_id: int, own: str, below: str, *, private: bool) -> str:
        """One message: the welcome, what is kept of them, what the group adds."""
        words = self._wording
        asked, by_choice = (
            (words.greeting_asked, words.greeting)
            if private
            else (words.greeting_in_group_asked, words.greeting_in_group)
        )
        consent = {Mode.OPEN: by_choice, Mode.ASKED: asked, Mode.OFF: ""}
        parts = (
            "" if own else words.welcome if private else words.welcome_in_group,
            consent[self._register.book.mode(group_id)],
        )
        filled = self._facts(group_id).filled
        notice = "".join(part.format(**filled) for part in parts)
        return "\n".join(filter(None, (own, notice, below)))

    def _facts(self, group_id: int | None) -> Facts:
        return Facts(
            group=self._roster.group_name(group_id) if group_id else "",
            days=self._terms.days_of(group_id or 0),
            wipe_hours=self._terms.wipe_hours,
        )


def _letter(target: Target, target_id: int, key: str, text: str) -> Letter:
    return Letter(
        key=f"privacy:notice:{target.value}:{key}",
        kind=Kind.NOTICE,
        target=target,
        target_id=target_id,
        segments=(text_segment(text),),
        lifetime_ms=_LIFETIME_MS,
    )
