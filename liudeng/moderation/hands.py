"""The hands: carry planned actions out in QQ, one after the other, and keep what became of them."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from liudeng.db import Database, explain, now_ms
from liudeng.moderation.action import KeptAction, Kind, State, find, in_state, move
from liudeng.moderation.audit import Entry, record
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.tasks import end

log = logging.getLogger(__name__)

INTERVAL_S = 0.2
"""Between two actions: QQ throttles an account that does too much at once."""
HURRY_S = 0.03
"""The same while many wait: in a raid a mute that comes a minute later stops nothing."""
_MANY = 5
_TOGETHER = 10
_CAREFUL_S = 60.0
"""After QQ has throttled the account nothing is hurried for so long."""
_LIFETIME_MS = 10 * 60_000
"""What rules planned and nobody could do for so long is done no more."""
_IDLE_S = 5.0
_RETRY_S = 2.0
_TRIES = 3
_BATCH = 20
Failed = Callable[[KeptAction, str], Awaitable[None]]


class Hands:
    """Owns the task that acts."""

    def __init__(
        self, database: Database, gateway: Gateway, interval_s: float = INTERVAL_S
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._interval_s = interval_s
        self._wake = asyncio.Event()
        self._moved = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._tries: dict[int, int] = {}
        self._careful_until = 0.0
        self._failed: Failed | None = None

    def on_failed(self, callback: Failed) -> None:
        """Call this with what could not be done, and why."""
        self._failed = callback

    async def start(self) -> None:
        """Begin to act. What was under way when the process died is done again: all of it may be.

        Muting or recalling twice changes nothing.
        """
        async with self._database.write() as connection:
            for action in await in_state(connection, (State.DOING,), 1_000):
                await move(connection, action.id, State.PLANNED)
        self._task = asyncio.create_task(self._run(), name="moderation-hands")

    async def close(self) -> None:
        """Stop; what is planned is done after the next start, unless it is too old by then."""
        await end(self._task)

    def wake(self) -> None:
        """Tell that something was planned."""
        self._wake.set()

    async def outcome(self, number: int, within_s: float) -> KeptAction | None:
        """Wait until an action is done or has failed; after `within_s` return it as it stands."""
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._moved:
                while (action := await self._find(number)) is not None and _is_open(action):
                    await self._moved.wait()
                return action
        return await self._find(number)

    async def _find(self, number: int) -> KeptAction | None:
        async with self._database.read() as connection:
            return await find(connection, number)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                acted = await self._act_upon_planned()
            except Exception as error:
                log.error("群管暂停：%s", explain(error).advice)
                log.debug("hands failed", exc_info=error)
                acted = False
                await asyncio.sleep(_RETRY_S)
            if not acted:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_IDLE_S):
                        await self._wake.wait()

    async def _act_upon_planned(self) -> bool:
        if not self._gateway.connected:
            return False
        async with self._database.read() as connection:
            planned = await in_state(connection, (State.PLANNED,), _BATCH)
        pause_s, together = self._pace(len(planned))
        for start in range(0, len(planned), together):
            await self._carry_out(planned[start : start + together], pause_s)
        return bool(planned)

    def _pace(self, waiting: int) -> tuple[float, int]:
        """The pause between two actions, and how many are written down together.

        Each transaction waits for the disk; one by one, two hundred mutes took a minute.
        """
        if waiting >= _MANY and monotonic() >= self._careful_until:
            return min(HURRY_S, self._interval_s), _TOGETHER
        return self._interval_s, 1

    async def _carry_out(self, planned: Sequence[KeptAction], pause_s: float) -> None:
        begun = await self._begin(planned)
        outcomes: list[_Outcome] = []
        try:
            for action in begun:
                outcomes.append(await self._do(action))
                await asyncio.sleep(pause_s)
        finally:
            undone = begun[len(outcomes) :]
            outcomes += [_Outcome(action, State.PLANNED) for action in undone]
            await self._settle(outcomes)

    async def _do(self, action: KeptAction) -> "_Outcome":
        call, parameters = _call_for(action)
        try:
            await self._gateway.call(call, **parameters)
        except NotConnected:
            return _Outcome(action, State.PLANNED)
        except OutcomeUnknown:
            return self._again_or(action, State.UNKNOWN, "没有等到 QQ 的答复")
        except Refused as refused:
            if not refused.by_risk_control:
                return _Outcome(action, State.REFUSED, _why(refused))
            self._careful_until = monotonic() + _CAREFUL_S
            return self._again_or(action, State.REFUSED, "被 QQ 限流了")
        return _Outcome(action, State.DONE)

    async def _begin(self, planned: Sequence[KeptAction]) -> list[KeptAction]:
        """Mark what is still planned as under way; what is too old by now is done no more."""
        old, begun = list[_Outcome](), list[KeptAction]()
        async with self._database.write() as connection:
            for action in planned:
                now = await find(connection, action.id)
                if now is None or now.state is not State.PLANNED:
                    continue  # it was called off meanwhile
                if _is_too_old(action):
                    old.append(_Outcome(action, State.CANCELLED, "太久没连上，不做了"))
                else:
                    begun.append(action)
                    await move(connection, action.id, State.DOING)
        await self._settle(old)
        return begun

    def _again_or(self, action: KeptAction, state: State, trouble: str) -> "_Outcome":
        tries = self._tries[action.id] = self._tries.get(action.id, 0) + 1
        return _Outcome(action, State.PLANNED if tries < _TRIES else state, trouble)

    async def _settle(self, outcomes: Sequence["_Outcome"]) -> None:
        if not outcomes:
            return
        over = [one for one in outcomes if one.state is not State.PLANNED]
        async with self._database.write() as connection:
            for one in outcomes:
                trouble = one.trouble if one in over else None
                now = await find(connection, one.action.id)
                if now is not None and now.state is not State.UNDONE:  # undone meanwhile stays so
                    await move(connection, one.action.id, one.state, trouble=trouble)
            await record(connection, *(_entry(one) for one in over))
        for one in over:
            self._tries.pop(one.action.id, None)
            if one.state in (State.REFUSED, State.UNKNOWN) and self._failed is not None:
                await self._failed(one.action, one.trouble or "")
        async with self._moved:
            self._moved.notify_all()


@dataclass(frozen=True, slots=True)
class _Outcome:
    action: KeptAction
    state: State
    trouble: str | None = None


def _entry(outcome: _Outcome) -> Entry:
    action = outcome.action
    told = (("state", outcome.state.value), ("kind", action.kind.value))
    return Entry(action.group_id, action.actor, "outcome", action.user_id, action.id, told)


def _is_too_old(action: KeptAction) -> bool:
    """Whether what rules planned is over by now; a mute of everybody must end however late."""
    if action.actor or action.kind is Kind.WHOLE_UNMUTE:
        return False
    return now_ms() - action.created_ms > _LIFETIME_MS


def _is_open(action: KeptAction) -> bool:
    return action.state in (State.PLANNED, State.DOING)


def _call_for(action: KeptAction) -> tuple[str, dict[str, Any]]:
    here = {"group_id": action.group_id}
    member = {**here, "user_id": action.user_id}
    match action.kind:
        case Kind.RECALL:
            number = action.message_id or ""
            return "delete_msg", {
                "message_id": int(number) if number.lstrip("-").isdigit() else number
            }
        case Kind.MUTE:
            return "set_group_ban", {**member, "duration": action.seconds}
        case Kind.UNMUTE:
            return "set_group_ban", {**member, "duration": 0}
        case Kind.KICK:
            return "set_group_kick", {**member, "reject_add_request": False}
        case Kind.WHOLE_MUTE | Kind.WHOLE_UNMUTE:
            return "set_group_whole_ban", {**here, "enable": action.kind is Kind.WHOLE_MUTE}
        case Kind.WARN | Kind.NOTE:
            raise ValueError(f"{action.kind} is nothing to call")


def _why(refused: Refused) -> str:
    """What the implementation said, in as few words as it allows."""
    return f"QQ 拒绝了（{refused.reason[:60] or refused.retcode}）"
