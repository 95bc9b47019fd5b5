"""Those who wait: people are told of them, reminded once, and after that it is over."""

from collections.abc import Callable, Iterable

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.entrance.choice import Silence, choice_of
from liudeng.entrance.letters import Letters
from liudeng.entrance.request import KeptRequest, Kind, State, change, groups_with, open_in
from liudeng.entrance.tables import requests
from liudeng.moderation import Entry, record

KEPT_MS = 30 * 86_400_000
"""After so long nothing is kept of a request but that there was one."""
_FORGET_EVERY_MS = 3_600_000


class WaitingRoom:
    """Looks after requests that people are to decide."""

    def __init__(
        self,
        database: Database,
        letters: Letters,
        in_raid: Callable[[int], bool],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._letters = letters
        self._in_raid = in_raid
        self._clock = clock
        self._forget_at = 0

    async def pass_once(self) -> tuple[bool, bool]:
        """Tell, remind, end; returns whether letters were posted, and whether anybody is let in."""
        async with self._database.read() as connection:
            groups = await groups_with(connection, State.WAITING)
        if not groups and self._clock() < self._forget_at:
            return False, False
        acted = admitted = False
        for group_id in groups:  # one after another: a full group keeps nobody else's waiting
            async with self._database.write() as connection:
                waiting = await open_in(connection, group_id, (State.WAITING,))
                told = await self._tell(connection, waiting)
                ended, let_in = await self._mind_the_time(connection, waiting)
            acted |= told or ended
            admitted |= let_in
        if self._clock() >= self._forget_at:
            self._forget_at = self._clock() + _FORGET_EVERY_MS
            async with self._database.write() as connection:
                await self._forget_old(connection)
        return acted, admitted

    async def _tell(self, connection: AsyncConnection, waiting: list[KeptRequest]) -> bool:
        told = False
        untold = [one for one in waiting if one.told_ms is None]
        for request in untold:
            if request.kind is Kind.INVITED:
                told |= await self._letters.invitation(connection, request)
                await change(connection, [request.id], told_ms=self._clock())
        for group_id, new in _by_group(untold).items():
            choice = await choice_of(connection, group_id)
            told |= await self._letters.waiting(connection, choice, new, self._clock())
        return told

    async def _mind_the_time(
        self, connection: AsyncConnection, waiting: list[KeptRequest]
    ) -> tuple[bool, bool]:
        acted, admitted, now = False, False, self._clock()
        for group_id, mine in _by_group(one for one in waiting if one.told_ms is not None).items():
            choice = await choice_of(connection, group_id)
            late = [one for one in mine if _is_late(one, now - choice.wait_ms)]
            over = [one for one in mine if _is_over(one, now - choice.wait_ms)]
            if late:
                await self._letters.reminder(connection, choice, late)
                await change(connection, [one.id for one in late], reminded_ms=now)
            if over:
                admits = choice.on_silence is Silence.ADMIT and not self._in_raid(group_id)
                await self._end(connection, group_id, over, admits=admits)
                admitted |= admits
            acted |= bool(late or over)
        return acted, admitted

    async def _end(
        self, connection: AsyncConnection, group_id: int, over: list[KeptRequest], *, admits: bool
    ) -> None:
        numbers = [one.id for one in over]
        if admits:
            await change(connection, numbers, state=State.ADMITTING.value, decided_by=0)
        else:
            gone = {"state": State.LEFT.value, "settled_ms": self._clock()}
            await change(connection, numbers, **gone)
        for one in over:
            detail = (("request", str(one.id)), ("state", "admit" if admits else "left"))
            await record(connection, Entry(group_id, 0, "join_over", one.user_id, 0, detail))
        await self._letters.over(connection, group_id, over, admitted=admits)

    async def _forget_old(self, connection: AsyncConnection) -> None:
        """Blank what applicants wrote and who they were, once it is long over."""
        old = requests.c.settled_ms < self._clock() - KEPT_MS
        told = or_(requests.c.user_id != 0, requests.c.comment != "")
        blank = {"comment": "", "about": "", "user_id": 0, "reply": ""}
        await connection.execute(update(requests).where(old, told).values(**blank))


def _is_late(request: KeptRequest, since_ms: int) -> bool:
    return request.reminded_ms is None and request.created_ms <= since_ms


def _is_over(request: KeptRequest, since_ms: int) -> bool:
    return request.reminded_ms is not None and request.reminded_ms <= since_ms


def _by_group(waiting: Iterable[KeptRequest]) -> dict[int, list[KeptRequest]]:
    found: dict[int, list[KeptRequest]] = {}
    for request in waiting:
        if request.kind is Kind.JOIN:
            found.setdefault(request.group_id, []).append(request)
    return found
