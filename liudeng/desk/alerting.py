"""Alerting: what an alert says of a case, posted with the timer that watches over it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id, neighbours
from liudeng.desk import texts
from liudeng.desk.alert_page import AlertContext, alert_page
from liudeng.desk.case import Alarm, Case, EventKind, Signal
from liudeng.desk.escalation import UNANSWERED, Escalation, key_of_alert
from liudeng.desk.office import Office
from liudeng.desk.withheld import as_told_now
from liudeng.outbox import (
    Kind,
    Letter,
    PostedLetter,
    Target,
    letters_under,
    post,
    text_segment,
    told_privately,
)

CONTEXT_BEFORE = 5
_NOTICE_LIFETIME_MS = 10 * 60_000
_TREND_MS = 7 * 24 * 3600_000


class Alerting:
    """Posts alerts to a group's moderators."""

    def __init__(self, office: Office, escalation: Escalation) -> None:
        self._office = office
        self._escalation = escalation

    async def alert(
        self,
        connection: AsyncConnection,
        case: Case,
        signal: Signal,
        message: StoredMessage | None,
        alarm: Alarm,
    ) -> None:
        """Post the alert of a case for the signal that calls for it."""
        told_by = "" if signal.reporter is None else self._office.name(case, signal.reporter)
        context = AlertContext(
            group=self._office.names(case).group,
            reasons=signal.reasons,
            message=message,
            around=await _before(connection, message),
            told_by=told_by,
            room=signal.room,
            history=await self._history(connection, case),
            time_ms=signal.time_ms,
        )
        await self._post(connection, case, context, signal.received_ms)
        await self._escalation.watch_over(connection, case, alarm)

    async def again(self, connection: AsyncConnection, case: Case, why: str, level: int) -> Case:
        """Alert once more because a person wants it, with the last signal's words."""
        case = await self._office.casebook.count_alert(connection, case, level)
        signals = await self._office.casebook.signals(connection, case.id)
        rows = [signal.message_row for signal in signals if signal.message_row is not None]
        found = await messages_by_id(connection, rows[-1:])
        message = next((one for one in found if one.recalled_ms is None), None)
        last = await as_told_now(connection, case.id, signals[-1:])
        reasons = [reason for signal in last for reason in signal.detail.split("；")]
        context = AlertContext(
            group=self._office.names(case).group,
            reasons=(why, *reasons),
            message=message,
            around=await _before(connection, message),
            history=await self._history(connection, case),
            time_ms=message.time_ms if message else case.opened_ms,
        )
        await self._post(connection, case, context, None)
        await self._escalation.watch_over(connection, case, Alarm.FULL)
        return case

    async def call_off(self, connection: AsyncConnection, case: Case, taker: int) -> None:
        """Tell those who were alerted that somebody has it: nobody is contacted five times."""
        text = texts.claimed_notice(case, self._office.name(case, taker))
        for letter in await letters_under(connection, f"{key_of_alert(case)}|{Target.GROUP}:"):
            if letter.key.endswith(UNANSWERED):  # the staff group was asked for help
                await post(connection, _answer_to(letter, case, text))
        for user_id in await told_privately(connection, case.id):
            if user_id != taker:
                key = f"claimed:{case.id}:{case.alerts}:{user_id}"
                await self._office.tell(
                    connection, user_id, key, text, case.id, _NOTICE_LIFETIME_MS
                )

    async def _post(
        self, connection: AsyncConnection, case: Case, context: AlertContext, origin: int | None
    ) -> None:
        letter = Letter(
            key=key_of_alert(case),
            kind=Kind.ALERT,
            target=Target.MODERATORS,
            target_id=case.group_id,
            segments=self._office.segments(alert_page(case, context, self._office.zone)),
            case_id=case.id,
            origin_ms=origin,
        )
        await post(connection, letter)
        await self._office.casebook.note(connection, case.id, EventKind.ALERT, actor="liudeng")

    async def _history(self, connection: AsyncConnection, case: Case) -> list[str]:
        """What was before: how often lately, and what came of it the last time."""
        lines = []
        if case.outcome:
            lines.append(f"这件之前完结过，结果是：{case.outcome}。现在又有动静。")
        for earlier in (await self._office.casebook.earlier(connection, case))[:1]:
            when = texts.clock(earlier.opened_ms, self._office.zone)
            lines.append(f"上一次是 {when}（案件 {earlier.id}）：{earlier.outcome or '还没完结'}")
        trend = await self._trend(connection, case)
        return [*lines, trend] if trend else lines

    async def _trend(self, connection: AsyncConnection, case: Case) -> str:
        """How often lately, and whether it is more than it was."""
        now, count = self._office.now(), self._office.casebook.signals_since
        lately = await count(connection, case, now - _TREND_MS)
        before = await count(connection, case, now - 2 * _TREND_MS) - lately
        if lately <= 1 and not before:
            return ""
        than = f"，再往前 7 天有 {before} 次" if before else ""
        return f"最近 7 天里是第 {lately} 次{than}。"


def _answer_to(call: PostedLetter, case: Case, text: str) -> Letter:
    return Letter(
        key=f"claimed:{case.id}:{case.alerts}:staff",
        kind=Kind.NOTICE,
        target=Target.GROUP,
        target_id=call.target_id,
        segments=(text_segment(text),),
        case_id=case.id,
        lifetime_ms=_NOTICE_LIFETIME_MS,
    )


async def _before(
    connection: AsyncConnection, message: StoredMessage | None
) -> Sequence[StoredMessage]:
    if message is None:
        return ()
    return await neighbours(connection, message, before=CONTEXT_BEFORE, after=0)
