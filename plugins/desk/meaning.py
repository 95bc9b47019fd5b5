"""What a moderator means: which case, which colleague."""

from nonebot.adapters.onebot.v11 import MessageEvent

from liudeng.desk import Reporter
from plugins.commands import Asker
from plugins.recorder import house

from .case_number import split_case_number, without_number


async def case_meant(asker: Asker) -> tuple[int | None, str]:
    """Return the case that was typed or whose alert was quoted, and the text behind it.

    Behind a quoted alert a number may be a telephone's: only the case's own is left out.
    """
    typed, rest = split_case_number(asker.rest)
    if asker.quoted is None:
        return typed, rest
    quoted = await house.desk.case_quoted(
        asker.quoted, user_id=asker.user_id, group_id=asker.group_id
    )
    if quoted is None or (typed not in (None, quoted) and not rest):
        return typed, rest
    return quoted, without_number(asker.rest, quoted)


async def ask_which(asker: Asker, command: str, *, may_be_talk: bool = False) -> None:
    """Ask for the number; in the staff group 备注 一下这个 may be talk and is left alone."""
    if may_be_talk and asker.group_id is not None and asker.rest:
        return
    await asker.answer(
        f"要处理哪一件？写上编号，例如：{command} 12；或者回复那条警报。发「案件」看未完结的。"
    )


def colleague_meant(event: MessageEvent, asker: Asker, text: str) -> int | None:
    """Return the colleague who is mentioned, or whose number or name was typed."""
    mentioned = _mentioned(event)
    if mentioned is not None:
        return mentioned
    name = text.split(maxsplit=1)[0].lstrip("@＠") if text.split() else ""
    if name.isdecimal():
        return int(name)
    return house.desk.colleague(asker.user_id, name)


def reporter_of(asker: Asker) -> Reporter:
    """Return who tells the desk something, as the desk sees them."""
    return Reporter(user_id=asker.user_id, groups=asker.groups)


def _mentioned(event: MessageEvent) -> int | None:
    """Return the last who is mentioned behind the command's text."""
    spoken, found = False, None
    for segment in event.original_message:
        if segment.type == "text" and str(segment.data.get("text", "")).strip():
            spoken = True
        elif segment.type == "at" and spoken and str(segment.data.get("qq", "")).isdecimal():
            found = int(segment.data["qq"])
    return found
