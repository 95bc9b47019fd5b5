"""Alerting: what an alert says of a case, posted with the timer that watches over it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id, neighbours
from liudeng.desk import texts
from liudeng.desk.case import Case, EventKind, Signal
from liudeng.desk.escalation import Escalation, key_of_alert
from liudeng.desk.office import Office
from liudeng.desk.texts import AlertContext, alert_text
from liudeng.outbox import Kind, Letter, Target, post, text_segment

CONTEXT_BEFORE = 5
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

    async def again(self, connection: AsyncConnection, case: Case, why: str, level: int) -> Case:
        """Alert once more because a person wants it, with the last signal's words."""
        case = await self._office.casebook.count_alert(connection, case, level)
        signals = await self._office.casebook.signals(connection, case.id)
        rows = [signal.message_row for signal in signals if signal.message_row is not None]
        found = await messages_by_id(connection, rows[-1:])
        message = next((one for one in found if one.recalled_ms is None), None)
        reasons = [reason for signal in signals[-1:] for reason in signal.detail.split("；")]
        context = AlertContext(
            group=self._office.names(case).group,
            reasons=(why, *reasons),
            message=message,
            around=await _before(connection, message),
            history=await self._history(connection, case),
            time_ms=message.time_ms if message else case.opened_ms,
        )
        await self._post(connection, case, context, None)
        return case

    async def _post(
        self, connection: AsyncConnection, case: Case, context: AlertContext, origin: int | None
    ) -> None:
        letter = Letter(
            key=key_of_alert(case),
            kind=Kind.ALERT,
            target=Target.MODERATORS,
            target_id=case.group_id,
            segments=(text_segment(alert_text(case, context, self._office.zone)),),
            case_id=case.id,
            origin_ms=origin,
        )
        await post(connection, letter)
        await self._office.casebook.note(connection, case.id, EventKind.ALERT, actor="liudeng")
        await self._escalation.watch_over(connection, case)

    async def _history(self, connection: AsyncConnection, case: Case) -> list[str]:
        """What was before: how often lately, and what came of it the last time."""
        lines = []
        if case.outcome:
            lines.append(f"这件之前完结过，结果是：{case.outcome}。现在又有动静。")
        for earlier in (await self._office.casebook.earlier(connection, case))[:1]:
            when = texts.clock(earlier.opened_ms, self._office.zone)
            lines.append(f"上一次是 {when}（案件 {earlier.id}）：{earlier.outcome or '还没完结'}")
        since = self._office.now() - _TREND_MS
        times = await self._office.casebook.signals_since(connection, case, since)
        return [*lines, f"最近 7 天里是第 {times} 次。"] if times > 1 else lines


async def _before(
    connection: AsyncConnection, message: StoredMessage | None
) -> Sequence[StoredMessage]:
    if message is None:
        return ()
    return await neighbours(connection, message, before=CONTEXT_BEFORE, after=0)
