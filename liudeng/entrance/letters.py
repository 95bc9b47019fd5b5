"""Letters of the entrance: to those on call, through the staff group, to operators."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import Desk
from liudeng.entrance import texts
from liudeng.entrance.choice import Choice, Silence
from liudeng.entrance.request import KeptRequest, change, told_since
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.roster import Roster

GATHER_MS = 5 * 60_000
SINGLY = 3
"""So many requests of a group within `GATHER_MS` get a letter each; more are told together."""
_LIFETIME_MS = 24 * 3_600_000


class Letters:
    """Tells people what waits for them."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        staff_group: int | None = None,
        operators: Collection[int] = (),
    ) -> None:
        self._desk = desk
        self._roster = roster
        self._staff_group = staff_group
        self._operators = operators

    async def waiting(
        self,
        connection: AsyncConnection,
        choice: Choice,
        waiting: Sequence[KeptRequest],
        now_ms: int,
    ) -> bool:
        """Tell of requests nobody has been told of; False when it is not time yet."""
        group_id = choice.group_id
        told = await told_since(connection, group_id, now_ms - GATHER_MS)
        singly = list(waiting) if told + len(waiting) <= SINGLY else []
        if not singly and told:
            return False
        group = self._roster.group_name(group_id)
        for request in singly:
            words = texts.one(group, request, choice.wait_ms)
            await self.to_those_on_call(connection, group_id, f"one:{request.id}", words)
        if not singly:
            words = texts.many(group, list(waiting))
            await self.to_those_on_call(connection, group_id, f"many:{waiting[-1].id}", words)
        await change(connection, [request.id for request in waiting], told_ms=now_ms)
        return True

    async def reminder(
        self, connection: AsyncConnection, choice: Choice, waiting: Sequence[KeptRequest]
    ) -> None:
        """Remind every moderator of what nobody has answered."""
        group_id, admits = choice.group_id, choice.on_silence is Silence.ADMIT
        group = self._roster.group_name(group_id)
        words = texts.reminder(group, list(waiting), choice.wait_ms, admits=admits)
        key = f"remind:{waiting[-1].id}"
        everybody = sorted(self._roster.moderators(group_id))
        await self._to_all(connection, everybody, key, words)
        await self._to_the_staff_group(connection, key, words)

    async def over(
        self,
        connection: AsyncConnection,
        group_id: int,
        gone: Sequence[KeptRequest],
        *,
        admitted: bool,
    ) -> None:
        """Tell what became of requests that nobody has answered."""
        words = texts.over(self._roster.group_name(group_id), list(gone), admitted=admitted)
        await self.to_those_on_call(connection, group_id, f"over:{gone[-1].id}", words)

    async def to_those_on_call(
        self, connection: AsyncConnection, group_id: int, key: str, words: str
    ) -> None:
        """Tell those on call; nobody being a friend, the staff group."""
        called = await self._desk.on_call(connection, group_id)
        if not await self._to_all(connection, called, key, words):
            await self._to_the_staff_group(connection, key, words)

    async def invitation(self, connection: AsyncConnection, request: KeptRequest) -> bool:
        """Tell the operators that the bot is invited; False when there is nobody to tell."""
        words = texts.invitation(request)
        key = f"invited:{request.id}"
        return await self._to_all(connection, sorted(self._operators), key, words)

    async def _to_all(
        self, connection: AsyncConnection, people: Sequence[int], key: str, words: str
    ) -> bool:
        friends = [user_id for user_id in people if self._roster.is_friend(user_id)]
        for user_id in friends:
            await post(connection, _letter(Target.PRIVATE, user_id, key, words))
        return bool(friends)

    async def _to_the_staff_group(self, connection: AsyncConnection, key: str, words: str) -> None:
        if self._staff_group is not None and self._staff_group in self._roster.groups:
            await post(connection, _letter(Target.GROUP, self._staff_group, key, words))


def _letter(target: Target, target_id: int, key: str, words: str) -> Letter:
    return Letter(
        key=f"entrance:{key}:{target.value}:{target_id}",
        kind=Kind.NOTICE,
        target=target,
        target_id=target_id,
        segments=(text_segment(words),),
        lifetime_ms=_LIFETIME_MS,
    )
