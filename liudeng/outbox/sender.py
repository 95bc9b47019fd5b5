"""The sender: takes letters from the outbox to QQ, each exactly once as far as can be known."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from sqlalchemy import delete, func, select, update

from liudeng.archive import PayloadRefused, parse_segments
from liudeng.db import Database, explain, now_ms
from liudeng.outbox.gateway import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.outbox.letter import (
    Kind,
    Letter,
    PostedLetter,
    State,
    Target,
    plain_text,
    post,
    posted_letter,
    text_segment,
)
from liudeng.outbox.pace import Pace
from liudeng.outbox.tables import outbox

log = logging.getLogger(__name__)

Router = Callable[[PostedLetter], Awaitable[Sequence[Letter] | None]]
"""Finds the letters that a letter to a group's moderators becomes.

None: it is not known yet who they are. Empty: nobody can be reached.
"""
Fallback = Callable[[PostedLetter], Awaitable[Sequence[Letter]]]
"""Finds the letters to send instead of one that was refused."""

_RETRY_S = (2.0, 5.0, 15.0, 60.0, 300.0)
_UNREACHABLE_RETRY_MS = 30_000
_ROSTER_RETRY_MS = 500
_LOOK_UPS = 3
_HISTORY_COUNT = 50
_IDLE_S = 5.0
_KEEP_DONE_MS = 30 * 24 * 3600 * 1000
_FORGET_EVERY_S = 6 * 3600.0


class Sender:
    """Owns the task that empties the outbox."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        pace: Pace,
        router: Router,
        fallback: Fallback,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._pace = pace
        self._router = router
        self._fallback = fallback
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget_at = 0.0

    async def start(self) -> None:
        """Begin to send. What was on its way when the process died is now unknown."""
        async with self._database.write() as connection:
            await connection.execute(
                update(outbox)
                .where(outbox.c.state == State.SENDING.value)
                .values(state=State.UNKNOWN.value)
            )
        self._task = asyncio.create_task(self._run(), name="outbox-sender")

    async def close(self) -> None:
        """Stop sending; what is left goes out after the next start."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Tell that a letter was posted or an account has connected."""
        self._wake.set()

    async def say(self, letter: Letter) -> None:
        """Post a letter in a transaction of its own and send it soon."""
        async with self._database.write() as connection:
            await post(connection, letter)
        self.wake()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._forget_old_now_and_then()
                pause = await self._send_next()
            except Exception as error:
                log.error("发送队列暂停：%s", explain(error).advice)
                log.debug("sender failed", exc_info=error)
                pause = _RETRY_S[0]
            if pause:
                # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()

    async def _send_next(self) -> float:
        """Move one letter on; return the seconds to wait before the next."""
        if not self._gateway.connected:
            return _IDLE_S
        letter = await self._next_due()
        if letter is None:
            return await self._until_next_due()
        if letter.expires_ms is not None and letter.expires_ms < now_ms():
            await self._set(letter, State.EXPIRED, done_ms=now_ms())
        elif letter.state is State.UNKNOWN:
            await self._look_up(letter)
        elif letter.target is Target.MODERATORS:
            await self._route(letter)
        else:
            if pause := self._pace.wait_s():
                await asyncio.sleep(pause)
            self._pace.spend()
            await self._send(letter)
        return 0.0

    async def _forget_old_now_and_then(self) -> None:
        """What was said is in the chat; here it need not outlive the time to look it up."""
        if monotonic() < self._forget_at:
            return
        self._forget_at = monotonic() + _FORGET_EVERY_S
        async with self._database.write() as connection:
            await connection.execute(
                delete(outbox).where(outbox.c.done_ms < now_ms() - _KEEP_DONE_MS)
            )

    async def _next_due(self) -> PostedLetter | None:
        query = (
            select(outbox)
            .where(
                outbox.c.state.in_((State.PENDING.value, State.UNKNOWN.value)),
                outbox.c.due_ms <= now_ms(),
            )
            .order_by(outbox.c.priority, outbox.c.id)
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return posted_letter(row) if row else None

    async def _until_next_due(self) -> float:
        query = select(func.min(outbox.c.due_ms)).where(
            outbox.c.state.in_((State.PENDING.value, State.UNKNOWN.value))
        )
        async with self._database.read() as connection:
            due = (await connection.execute(query)).scalar()
        if due is None:
            return _IDLE_S
        return min(_IDLE_S, max(0.01, (due - now_ms()) / 1000))

    async def _send(self, letter: PostedLetter) -> None:
        await self._set(letter, State.SENDING, attempts=letter.attempts + 1, handed_ms=now_ms())
        try:
            answer = await self._call(letter)
        except NotConnected:
            await self._set(letter, State.PENDING, attempts=letter.attempts)
        except OutcomeUnknown as unknown:
            await self._retry(letter, State.UNKNOWN, str(unknown))
        except Refused as refused:
            await self._refused(letter, refused)
        except Exception as error:  # handed over or not: nobody can tell
            log.warning("发送时出错，稍后核对是否已送达：%s", type(error).__name__)
            log.debug("send failed", exc_info=error)
            await self._retry(letter, State.UNKNOWN, type(error).__name__)
        else:
            message_id = answer.get("message_id") if isinstance(answer, dict) else None
            if message_id:
                await self._done(letter, str(message_id))
            else:  # an "ok" without a message is no proof
                await self._retry(letter, State.UNKNOWN, "ok without a message_id")

    async def _call(self, letter: PostedLetter) -> Any:
        """Send with one id alone: with both, a private letter could end up in the group."""
        segments = list(letter.segments)
        if letter.target is Target.PRIVATE:
            return await self._gateway.call(
                "send_private_msg", user_id=letter.target_id, message=segments
            )
        return await self._gateway.call(
            "send_group_msg", group_id=letter.target_id, message=segments
        )

    async def _refused(self, letter: PostedLetter, refused: Refused) -> None:
        if refused.by_risk_control and letter.attempts + 1 < len(_RETRY_S):
            log.warning("平台限制了发送，稍后再试（第 %d 次）。", letter.attempts + 1)
            await self._retry(letter, State.PENDING, str(refused))
            return
        log.warning("一条%s被拒绝：retcode %d", _KIND_NAMES[letter.kind], refused.retcode)
        instead = await self._fallback(letter) if letter.kind is Kind.ALERT else ()
        await self._replace(letter, State.REFUSED, instead, str(refused))

    async def _look_up(self, letter: PostedLetter) -> None:
        """Find out whether a letter of unknown fate was sent, before it is sent again."""
        if letter.kind is not Kind.ALERT:
            # A stale answer is worth less than the risk of saying it twice.
            await self._set(letter, State.EXPIRED, last_error="outcome unknown", done_ms=now_ms())
            return
        try:
            sent = await self._find_sent(letter)
        except (Refused, OutcomeUnknown, NotConnected) as error:
            if letter.attempts < _LOOK_UPS:
                await self._retry(letter, State.UNKNOWN, str(error), attempts=letter.attempts + 1)
                return
            await self._send_again(letter)
            return
        if sent is None:
            await self._set(letter, State.PENDING)
        else:
            await self._done(letter, sent)

    async def _find_sent(self, letter: PostedLetter) -> str | None:
        if letter.target is Target.PRIVATE:
            answer = await self._gateway.call(
                "get_friend_msg_history", user_id=letter.target_id, count=_HISTORY_COUNT
            )
        else:
            answer = await self._gateway.call(
                "get_group_msg_history", group_id=letter.target_id, count=_HISTORY_COUNT
            )
        entries = answer.get("messages") if isinstance(answer, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and _text_of(entry) == letter.text:
                return str(entry.get("message_id", ""))
        return None

    async def _send_again(self, letter: PostedLetter) -> None:
        """Nobody can tell whether an alert arrived: better twice than never, and say so."""
        note = text_segment("（网络不稳，这条可能已经发过一次）\n")
        again = letter.model_copy(
            update={"key": f"{letter.key}:again", "segments": (note, *letter.segments)}
        )
        repeated = Letter(**again.model_dump(include=set(Letter.model_fields)))
        await self._replace(letter, State.EXPIRED, [repeated], "outcome unknown")

    async def _route(self, letter: PostedLetter) -> None:
        letters = await self._router(letter)
        if letters is None:
            await self._set(letter, State.PENDING, due_ms=now_ms() + _ROSTER_RETRY_MS)
            return
        if not letters:
            log.error(
                "警报送不出去：没有一位管理是机器人的好友，也没有可用的 STAFF_GROUP。"
                "请让管理加机器人为好友。"
            )
            await self._set(letter, State.PENDING, due_ms=now_ms() + _UNREACHABLE_RETRY_MS)
            return
        await self._replace(letter, State.ROUTED, letters)

    async def _replace(
        self,
        letter: PostedLetter,
        state: State,
        letters: Sequence[Letter],
        error: str | None = None,
    ) -> None:
        """End a letter and post what takes its place, in one transaction: never one alone."""
        async with self._database.write() as connection:
            for instead in letters:
                await post(connection, instead)
            await connection.execute(
                update(outbox)
                .where(outbox.c.id == letter.id)
                .values(state=state.value, last_error=error and error[:200], done_ms=now_ms())
            )

    async def _retry(
        self, letter: PostedLetter, state: State, error: str, attempts: int | None = None
    ) -> None:
        pause = _RETRY_S[min(letter.attempts, len(_RETRY_S) - 1)]
        values: dict[str, Any] = {"due_ms": now_ms() + int(pause * 1000), "last_error": error[:200]}
        if attempts is not None:
            values["attempts"] = attempts
        await self._set(letter, state, **values)

    async def _done(self, letter: PostedLetter, message_id: str) -> None:
        # What a reply quoted from the archive must not outlive its delivery.
        wiped = {} if letter.kind is Kind.ALERT else {"body": "[]"}
        await self._set(letter, State.DONE, sent_message_id=message_id, done_ms=now_ms(), **wiped)

    async def _set(self, letter: PostedLetter, state: State, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(outbox).where(outbox.c.id == letter.id).values(state=state.value, **values)
            )


def _text_of(entry: dict[str, Any]) -> str | None:
    """Return the text of a message in a history, in whichever format it comes."""
    try:
        return plain_text(parse_segments(entry.get("message")))
    except PayloadRefused:
        return None


_KIND_NAMES = {Kind.ALERT: "警报", Kind.REPLY: "回复", Kind.NOTICE: "通知"}


async def count_letters(database: Database) -> dict[str, int]:
    """Return the number of letters by state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    async with database.read() as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


async def others_on_their_way(database: Database, letter: PostedLetter, prefix: str) -> bool:
    """Tell whether another letter whose key begins with `prefix` was not refused."""
    query = select(func.count()).where(
        outbox.c.key.startswith(prefix, autoescape=True),
        outbox.c.id != letter.id,
        outbox.c.state != State.REFUSED.value,
    )
    async with database.read() as connection:
        return bool((await connection.execute(query)).scalar())
