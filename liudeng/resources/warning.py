"""One calm sentence in the group about a look-alike, once per host and half a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.outbox import Kind, Letter, Target, post, reply_segment, text_segment
from liudeng.resources.entry import SHARED
from liudeng.resources.ledger import listed_hosts
from liudeng.resources.lookalike import Trick, Verdict
from liudeng.resources.tables import link_warnings

AGAIN_AFTER_MS = 12 * 3600_000
_FRESH_MS = 10 * 60_000
"""A warning about what was said longer ago comes too late to be one."""
_MOST_IN_A_WHILE, _WHILE_MS = 4, 10 * 60_000
"""Whoever floods a group with look-alikes does not make the bot flood it, too."""
_KEPT_MS = 30 * 24 * 3600_000
_SHOWN = 48


@dataclass(frozen=True, slots=True)
class Doubt:
    """A look-alike in a message."""

    message: StoredMessage
    host: str
    """ASCII."""
    verdict: Verdict


def may_warn(message: StoredMessage, now_ms: int) -> bool:
    """Tell whether a message was said just now."""
    told = message.source in (Source.LIVE, Source.BACKFILL)
    return told and now_ms - message.time_ms < _FRESH_MS


async def warn(connection: AsyncConnection, doubts: Sequence[Doubt], now_ms: int) -> int:
    """Post a warning for each look-alike a group was not warned of lately; return how many.

    A host under which moderators have listed something is no look-alike to that group.
    """
    posted = 0
    for doubt in doubts:
        group_id = doubt.message.group_id
        vouched = await listed_hosts(connection, [doubt.host], (group_id, SHARED))
        if not vouched and await _is_due(connection, group_id, doubt.host, now_ms):
            posted += await post(connection, warning_letter(doubt))
    return posted


def warning_letter(doubt: Doubt) -> Letter:
    """Return the sentence, as an answer to the message with the link."""
    message = doubt.message
    return Letter(
        key=f"lookalike:{message.group_id}:{message.id}:{doubt.host}"[:200],
        kind=Kind.NOTICE,
        target=Target.GROUP,
        target_id=message.group_id,
        segments=(reply_segment(message.message_id), text_segment(warning_text(doubt.verdict))),
        lifetime_ms=_FRESH_MS,
    )


def warning_text(verdict: Verdict) -> str:
    """Return the warning. The host is written so that nobody can tap it."""
    host = verdict.host if len(verdict.host) <= _SHOWN else f"…{verdict.host[-_SHOWN:]}"
    host = host.replace(".", "[.]")
    official = verdict.home and verdict.trick not in (Trick.GLYPHS, Trick.TYPO)
    home = f"，官方是 {verdict.home}" if official else ""
    return f"提醒一下：{host} {verdict.reason}{home}。先别登录、别付款，拿不准就问管理。"


async def _is_due(connection: AsyncConnection, group_id: int, host: str, now_ms: int) -> bool:
    """Note that a group is being warned; False if it was warned of this host, or much, lately."""
    here = link_warnings.c.group_id == group_id
    this = here & (link_warnings.c.host == host)
    warned_ms = (await connection.execute(select(link_warnings.c.warned_ms).where(this))).scalar()
    if warned_ms is not None and now_ms - warned_ms < AGAIN_AFTER_MS:
        return False
    lately = select(func.count()).where(here, link_warnings.c.warned_ms > now_ms - _WHILE_MS)
    if (await connection.execute(lately)).scalar_one() >= _MOST_IN_A_WHILE:
        return False
    await connection.execute(
        delete(link_warnings).where(this | (link_warnings.c.warned_ms < now_ms - _KEPT_MS))
    )
    await connection.execute(
        insert(link_warnings).values(group_id=group_id, host=host, warned_ms=now_ms)
    )
    return True
