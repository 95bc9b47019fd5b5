"""The doorkeeper: looks at what came, asks people, tells QQ what was decided, minds the time.

Every step is a row first, so that after a crash it goes on where it stood; telling QQ twice of one
decision does no harm.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain, now_ms
from liudeng.entrance.acquaintance import NOBODY_KNOWN, Acquaintance, acquaintance_of
from liudeng.entrance.blocks import Blocks
from liudeng.entrance.choice import choice_of
from liudeng.entrance.judging import Decision, Surroundings, Verdict, judge
from liudeng.entrance.letters import Letters
from liudeng.entrance.request import (
    OPEN,
    KeptRequest,
    Kind,
    State,
    change,
    count_since,
    find,
    in_states,
)
from liudeng.entrance.texts import failed
from liudeng.entrance.waiting import WaitingRoom
from liudeng.moderation import Entry, record
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.roster import Roster
from liudeng.tasks import end

log = logging.getLogger(__name__)

WAVE = 10
"""So many who ask within a minute are no coincidence: nobody comes in by themselves."""
WAVE_MS = 60_000
_TICK_S = 15.0
_RETRY_S = 2.0
_LOOK_UP_S = 5.0
_TRIES = 3
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the doorkeeper works with."""

    database: Database
    gateway: Gateway
    roster: Roster
    letters: Letters
    blocks: Blocks
    in_raid: Callable[[int], bool]


class Doorkeeper:
    """Owns the task at the door."""

    def __init__(
        self,
        neighbours: Neighbours,
        on_posted: Callable[[], None] = lambda: None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._at = neighbours
        self._database = neighbours.database
        self._clock = clock
        self._waiting = WaitingRoom(
            neighbours.database, neighbours.letters, neighbours.in_raid, clock
        )
        self.on_posted = on_posted
        self._wake = asyncio.Event()
        self._moved = asyncio.Condition()
        self._tries: Counter[int] = Counter()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; what was under way goes on."""
        self._task = asyncio.create_task(self._run(), name="entrance")

    async def close(self) -> None:
        """Stop; everything goes on after the next start."""
        await end(self._task)

    def wake(self) -> None:
        """Tell that there is something to do."""
        self._wake.set()

    async def outcome(self, number: int, within_s: float) -> KeptRequest | None:
        """Wait until QQ has taken a decision or not; after `within_s` return it as it stands."""
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._moved:
                while (found := await self._find(number)) is not None and found.state in OPEN:
                    await self._moved.wait()
                return found
        return await self._find(number)

    async def pass_once(self) -> bool:
        """Do all that is to be done now; returns whether anything was."""
        acted = False
        if self._at.gateway.connected:
            async with self._database.read() as connection:
                new = await in_states(connection, (State.NEW,), _BATCH)
                decided = await in_states(connection, (State.ADMITTING, State.REFUSING), _BATCH)
            for request in new:
                await self._look_at(request)
            for request in decided:
                acted |= await self._tell_qq(request)
            if new:  # only when all were looked at are people told, of all of them at once
                return True
        told, decided_by_time = await self._waiting.pass_once()
        if told or acted:
            self.on_posted()
        return acted or decided_by_time

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _TICK_S
            try:
                if await self.pass_once():
                    continue
            except Exception as error:
                log.error("入群申请暂停处理：%s", explain(error).advice)
                log.debug("entrance failed", exc_info=error)
                pause = _RETRY_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _find(self, number: int) -> KeptRequest | None:
        async with self._database.read() as connection:
            return await find(connection, number)

    async def _look_at(self, request: KeptRequest) -> None:
        now = await self._surroundings(request)
        async with self._database.write() as connection:
            choice = await choice_of(connection, request.group_id)
            still = await find(connection, request.id)
            if still is None or still.state is not State.NEW:
                return
            verdict = judge(still, choice, now)
            if request.kind is Kind.INVITED:
                verdict = Verdict(Decision.ASK, "")
            await self._keep_verdict(connection, request, verdict, now.acquaintance)

    async def _keep_verdict(
        self,
        connection: AsyncConnection,
        request: KeptRequest,
        verdict: Verdict,
        known: Acquaintance,
    ) -> None:
        about = "，".join(filter(None, (known.name, known.in_words())))
        state = _STATES[verdict.decision].value
        values = {"state": state, "why": verdict.why, "reply": verdict.reply, "about": about}
        by_itself = {} if verdict.decision is Decision.ASK else {"decided_by": 0}
        await change(connection, [request.id], **values, **by_itself)
        if request.kind is Kind.JOIN:
            detail = (("request", str(request.id)), ("why", verdict.why))
            event = _EVENTS[verdict.decision]
            entry = Entry(request.group_id, 0, event, request.user_id, 0, detail)
            await record(connection, entry)

    async def _surroundings(self, request: KeptRequest) -> Surroundings:
        """Find out what counts; in a wave nobody is looked up, for nobody comes in by it."""
        group_id, user_id = request.group_id, request.user_id
        async with self._database.read() as connection:
            since = self._clock() - WAVE_MS
            wave = await count_since(connection, group_id, since) >= WAVE
            blocked = await self._at.blocks.has(connection, group_id, user_id)
        raid = wave or self._at.in_raid(group_id)
        known = NOBODY_KNOWN if raid or blocked else await self._acquaintance(request)
        return Surroundings(blocked, raid, known)

    async def _acquaintance(self, request: KeptRequest) -> Acquaintance:
        if not request.user_id:
            return NOBODY_KNOWN
        try:
            async with asyncio.timeout(_LOOK_UP_S):
                answer = await self._at.gateway.call("get_stranger_info", user_id=request.user_id)
        except (NotConnected, Refused, OutcomeUnknown, TimeoutError):
            return NOBODY_KNOWN
        return acquaintance_of(answer, self._clock())

    async def _tell_qq(self, request: KeptRequest) -> bool:
        """Tell QQ a decision; False when it is to be tried again later."""
        approve = request.state is State.ADMITTING
        try:
            await self._at.gateway.call(
                "set_group_add_request",
                flag=request.flag,
                sub_type="invite" if request.kind is Kind.INVITED else "add",
                approve=approve,
                reason="" if approve else request.reply,
            )
        except NotConnected:
            return False
        except OutcomeUnknown:
            self._tries[request.id] += 1
            if self._tries[request.id] < _TRIES:
                return False
            await self._settle(request, State.FAILED, "没有等到 QQ 的答复")
        except Refused as refused:
            if refused.by_risk_control and self._tries[request.id] < _TRIES:
                self._tries[request.id] += 1
                return False
            if approve and self._at.roster.role_of(request.group_id, request.user_id):
                await self._settle(request, State.ADMITTED, None)
            else:
                why = refused.reason[:60] or str(refused.retcode)
                await self._settle(request, State.FAILED, f"QQ 没有答应（{why}）")
        else:
            await self._settle(request, State.ADMITTED if approve else State.REFUSED, None)
        return True

    async def _settle(self, request: KeptRequest, state: State, trouble: str | None) -> None:
        self._tries.pop(request.id, None)
        async with self._database.write() as connection:
            values = {"state": state.value, "trouble": trouble, "settled_ms": self._clock()}
            await change(connection, [request.id], **values)
            detail = (("request", str(request.id)), ("state", state.value))
            actor = request.decided_by or 0
            entry = Entry(request.group_id, actor, "join_outcome", request.user_id, 0, detail)
            await record(connection, entry)
            if state is State.FAILED and not actor and request.kind is Kind.JOIN:
                group = self._at.roster.group_name(request.group_id)
                words = failed(group, request.model_copy(update={"trouble": trouble}))
                key = f"failed:{request.id}"
                await self._at.letters.to_those_on_call(connection, request.group_id, key, words)
        async with self._moved:
            self._moved.notify_all()


_STATES = {
    Decision.ASK: State.WAITING,
    Decision.ADMIT: State.ADMITTING,
    Decision.REFUSE: State.REFUSING,
}
_EVENTS = {
    Decision.ASK: "join_asked",
    Decision.ADMIT: "join_admit",
    Decision.REFUSE: "join_refuse",
}
