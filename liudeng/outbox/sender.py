"""The sender: takes letters from the outbox to QQ, each exactly once as far as can be known."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from liudeng.archive import PayloadRefused, parse_segments
from liudeng.db import Database, explain, now_ms
from liudeng.outbox.enclosures import Enclosures, has_enclosure, in_words
from liudeng.outbox.gateway import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.outbox.ledger import Ledger
from liudeng.outbox.letter import (
    Kind,
    Letter,
    PostedLetter,
    State,
    Target,
    plain_text,
    text_segment,
)
from liudeng.outbox.pace import Pace

log = logging.getLogger(__name__)

Router = Callable[[PostedLetter], Awaitable[Sequence[Letter] | None]]
"""Finds the letters that a letter to a group's moderators becomes.

None: it is not known yet who they are. Empty: nobody can be reached.
"""
Fallback = Callable[[PostedLetter], Awaitable[Sequence[Letter] | None]]
"""Finds the letters to send instead of one that was refused.

Empty: others have been told or are about to be. None: nobody has.
"""

_RETRY_S = (2.0, 5.0, 15.0, 60.0, 300.0)
_UNREACHABLE_RETRY_MS = 30_000
_UNREACHABLE_MOST_MS = 120_000
_SAY_EVERY = 30
"""Tries after which it is said again that nobody can be reached."""
_ROSTER_RETRY_MS = 500
_LOOK_UPS = 3
_MOST_SENDS = 5
_HISTORY_COUNT = 50
_IDLE_S = 5.0
_FORGET_EVERY_S = 6 * 3600.0
_PROMPT_S, _LATE_S = 0.9, 10.0
"""Seconds after the event until which an alert is prompt, and from which it is late anyway."""
_CONFIRM_WITHIN_S = 2.0
_CONFIRM_PAUSE_S = 60.0
_NO_SUCH_ACTION = 1404
"""As OneBot's HTTP answers are numbered; an implementation without `get_msg` says so."""
_AGAIN = ":again"
_IN_WORDS = ":words"
_ALERTS = (Kind.ALERT,)
_TALK = (Kind.REPLY, Kind.NOTICE)
_KIND_NAMES = {Kind.ALERT: "警报", Kind.REPLY: "回复", Kind.NOTICE: "通知"}


class _Lane:
    """One queue at the counter: an answer that is slow to send must not hold up an alert."""

    def __init__(self, kinds: tuple[Kind, ...], pace: Pace) -> None:
        self.kinds = kinds
        self.pace = pace
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Sender:
    """Owns the tasks that empty the outbox: one for alerts, one for everything else."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        pace: Pace,
        router: Router,
        fallback: Fallback,
        alert_pace: Pace | None = None,
        enclosures: Enclosures | None = None,
    ) -> None:
        self._enclosures = enclosures
        self._ledger = Ledger(database, enclosures)
        self._gateway = gateway
        self._router = router
        self._fallback = fallback
        self._lanes = (_Lane(_ALERTS, alert_pace or pace), _Lane(_TALK, pace))
        self._forget_at = 0.0
        self._confirm_again_at = 0.0
        self._knows_its_own = False
        """Whether the implementation has ever shown what the account sent."""
        self._shows_nothing = False
        """Whether it has shown neither a message nor its repetition: then an "ok" must do."""
        self._doubted: set[int] = set()
        """Letters that were answered "ok" and are unknown to an implementation not known yet."""

    async def start(self) -> None:
        """Begin to send. What was on its way when the process died is looked up first."""
        for lane in self._lanes:
            lane.task = asyncio.create_task(self._run(lane), name=f"outbox-{lane.kinds[0]}")

    async def close(self) -> None:
        """Stop sending; what is left goes out after the next start."""
        tasks = [lane.task for lane in self._lanes if lane.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self) -> None:
        """Tell that a letter was posted or an account has connected."""
        for lane in self._lanes:
            lane.wake.set()

    async def say(self, letter: Letter) -> None:
        """Post a letter in a transaction of its own and send it soon."""
        await self._ledger.post_all([letter])
        self.wake()

    async def _run(self, lane: _Lane) -> None:
        while True:
            lane.wake.clear()
            try:
                await self._forget_old_now_and_then()
                pause = await self._send_next(lane)
            except Exception as error:
                log.error("发送队列暂停：%s", explain(error).advice)
                log.debug("sender failed", exc_info=error)
                pause = _RETRY_S[0]
            if pause:
                # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await lane.wake.wait()

    async def _send_next(self, lane: _Lane) -> float:
        """Move one letter on; return the seconds to wait before the next."""
        if not self._gateway.connected:
            return _IDLE_S
        if pause := lane.pace.wait_s():
            return pause  # and choose afterwards: something more urgent may have come
        letter = await self._ledger.next_due(lane.kinds)
        if letter is None:
            return await self._until_next_due(lane)
        if letter.expires_ms is not None and letter.expires_ms < now_ms():
            await self._ledger.move(letter, State.EXPIRED)
        elif letter.state is State.UNKNOWN:
            await self._look_up(letter)
        elif letter.target is Target.MODERATORS:
            await self._route(letter)
        else:
            lane.pace.spend()
            await self._send(letter)
        return 0.0

    async def _until_next_due(self, lane: _Lane) -> float:
        due = await self._ledger.next_due_ms(lane.kinds)
        if due is None:
            return _IDLE_S
        return min(_IDLE_S, max(0.01, (due - now_ms()) / 1000))

    async def _forget_old_now_and_then(self) -> None:
        if monotonic() >= self._forget_at:
            self._forget_at = monotonic() + _FORGET_EVERY_S
            await self._ledger.forget_old()
            if self._enclosures is not None:
                await self._enclosures.discard_leftovers()

    async def _send(self, letter: PostedLetter) -> None:
        sends = letter.attempts + 1
        await self._ledger.move(letter, State.SENDING, attempts=sends, handed_ms=now_ms())
        try:
            answer = await self._call(letter)
        except NotConnected:
            await self._ledger.move(letter, State.PENDING, attempts=letter.attempts)
        except OutcomeUnknown as unknown:
            await self._later(letter, State.UNKNOWN, str(unknown))
        except Refused as refused:
            await self._refused(letter, refused)
        except Exception as error:  # handed over or not: nobody can tell
            log.warning("发送时出错，稍后核对是否已送达：%s", type(error).__name__)
            log.debug("send failed", exc_info=error)
            await self._later(letter, State.UNKNOWN, type(error).__name__)
        else:
            message_id = answer.get("message_id") if isinstance(answer, dict) else None
            if message_id:
                await self._ledger.move(letter, State.DONE, sent_message_id=str(message_id))
                if letter.kind is Kind.ALERT:
                    await self._confirm(letter, message_id)
            else:  # an "ok" without a message is no proof
                await self._later(letter, State.UNKNOWN, "ok without a message_id")

    async def _confirm(self, letter: PostedLetter, message_id: Any) -> None:
        """An "ok" is sometimes none: an alert that the implementation does not know was not sent.

        Unless it cannot look up what the account itself has said: some cannot, or not every way.
        """
        if monotonic() < self._confirm_again_at:
            return
        try:
            async with asyncio.timeout(_CONFIRM_WITHIN_S):
                found = await self._gateway.call("get_msg", message_id=message_id)
        except Refused as refused:
            if self._shows_nothing or refused.retcode == _NO_SUCH_ACTION:
                return
            if not self._knows_its_own:
                self._doubted.add(letter.id)
            await self._later(letter, State.UNKNOWN, "ok, but there is no such message")
        except (NotConnected, OutcomeUnknown, TimeoutError):
            # The answer to the sending itself still stands; the next alert must not wait for this.
            self._confirm_again_at = monotonic() + _CONFIRM_PAUSE_S
        else:
            if isinstance(found, dict) and found.get("message_id"):
                self._knows_its_own = True

    async def _call(self, letter: PostedLetter) -> Any:
        """Send with one id alone: with both, a private letter could end up in the group."""
        segments = list(letter.segments)
        if self._enclosures is not None:
            segments = await self._enclosures.unfold(segments, _time_left_s(letter))
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
            await self._later(letter, State.PENDING, str(refused))
            return
        log.warning("一条%s被拒绝：retcode %d", _KIND_NAMES[letter.kind], refused.retcode)
        instead = await self._instead_of(letter)
        if instead is None:
            log.error("警报还没有送到任何人手里，会一直重试：请检查管理是否加了机器人为好友。")
            await self._later(letter, State.PENDING, str(refused))
            return
        await self._ledger.replace(letter, State.REFUSED, instead, last_error=str(refused)[:200])
        self.wake()

    async def _instead_of(self, letter: PostedLetter) -> Sequence[Letter] | None:
        if has_enclosure(letter.segments):  # a picture may be refused where words are not
            changes = {"key": letter.key + _IN_WORDS, "segments": in_words(letter.segments)}
            worded = letter.model_copy(update=changes)
            return [Letter(**worded.model_dump(include=set(Letter.model_fields)))]
        return await self._fallback(letter) if letter.kind is Kind.ALERT else ()

    async def _look_up(self, letter: PostedLetter) -> None:
        """Find out whether a letter of unknown fate was sent, before it is sent again."""
        if letter.kind is not Kind.ALERT:
            # A stale answer is worth less than the risk of saying it twice.
            await self._ledger.move(letter, State.EXPIRED, last_error="outcome unknown")
            return
        try:
            sent = await self._find_sent(letter)
        except (Refused, OutcomeUnknown, NotConnected) as error:
            if letter.attempts < _LOOK_UPS:
                tries = letter.attempts + 1
                await self._later(letter, State.UNKNOWN, str(error), attempts=tries)
            else:
                await self._send_again(letter)
            return
        doubted = letter.id in self._doubted
        self._doubted.discard(letter.id)
        if sent is not None:
            self._knows_its_own = True
            await self._ledger.move(letter, State.DONE, sent_message_id=sent)
        elif doubted and not self._knows_its_own:
            await self._doubt(letter)
        elif letter.attempts < _MOST_SENDS:
            await self._ledger.move(letter, State.PENDING)
        else:
            await self._give_up(letter)

    async def _doubt(self, letter: PostedLetter) -> None:
        """It was answered "ok" and is nowhere: repeat it once, and after that believe."""
        if letter.key.endswith(_AGAIN):
            self._shows_nothing = True
            log.warning("这个 OneBot 实现查不到自己发出的消息：送达只能以它的回答为准。")
            await self._ledger.move(letter, State.DONE)
        else:
            await self._send_again(letter)

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
        # With its picture or with the words that stand for it: either may have been sent.
        texts = (letter.text, plain_text(in_words(letter.segments)))
        wanted = {_without_space(text) for text in texts}
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and _without_space(_text_of(entry)) in wanted:
                return str(entry.get("message_id", ""))
        return None

    async def _send_again(self, letter: PostedLetter) -> None:
        """Nobody can tell whether an alert arrived: better twice than never, and say so; once."""
        if letter.key.endswith(_AGAIN):
            await self._give_up(letter)
            return
        note = text_segment("（网络不稳，这条可能已经发过一次）\n")
        again = letter.model_copy(
            update={"key": letter.key + _AGAIN, "segments": (note, *letter.segments)}
        )
        repeated = Letter(**again.model_dump(include=set(Letter.model_fields)))
        unknown = {"last_error": "outcome unknown"}
        await self._ledger.replace(letter, State.EXPIRED, [repeated], **unknown)

    async def _give_up(self, letter: PostedLetter) -> None:
        """It was sent, perhaps more than once, and never seen: tell others instead."""
        log.error("一条警报发过几次都无法确认送达，改走别的路：请检查机器人的账号是否被限制。")
        instead = await self._fallback(letter) or ()
        await self._ledger.replace(letter, State.EXPIRED, instead, last_error="never confirmed")

    async def _route(self, letter: PostedLetter) -> None:
        letters = await self._router(letter)
        if letters is None:
            due = now_ms() + _ROSTER_RETRY_MS
            await self._ledger.move(letter, State.PENDING, due_ms=due)
            return
        if not letters:
            await self._nobody_there(letter)
            return
        await self._ledger.replace(letter, State.ROUTED, letters)

    async def _nobody_there(self, letter: PostedLetter) -> None:
        if letter.attempts % _SAY_EVERY == 0:
            log.error(
                "警报送不出去：没有一位管理是机器人的好友，也没有可用的 STAFF_GROUP。"
                "请让管理加机器人为好友。"
            )
        pause = min(_UNREACHABLE_RETRY_MS * (letter.attempts + 1), _UNREACHABLE_MOST_MS)
        values = {"due_ms": now_ms() + pause, "attempts": letter.attempts + 1}
        await self._ledger.move(letter, State.PENDING, **values)

    async def _later(self, letter: PostedLetter, state: State, error: str, **values: Any) -> None:
        pause = _RETRY_S[min(letter.attempts, len(_RETRY_S) - 1)]
        due = now_ms() + int(pause * 1000)
        await self._ledger.move(letter, state, due_ms=due, last_error=error[:200], **values)


def _time_left_s(letter: PostedLetter) -> float | None:
    """How long a picture may take: a busy machine's alerts go out in words, and in time."""
    if letter.origin_ms is None:
        return None
    age_s = (now_ms() - letter.origin_ms) / 1000
    return max(0.0, _PROMPT_S - age_s) if age_s < _LATE_S else None


def _text_of(entry: dict[str, Any]) -> str:
    """Return the text of a message in a history, in whichever format it comes."""
    try:
        return plain_text(parse_segments(entry.get("message")))
    except PayloadRefused:
        return ""


def _without_space(text: str) -> str:
    """Implementations change line ends and trim; the words are the proof."""
    return "".join(text.split())
