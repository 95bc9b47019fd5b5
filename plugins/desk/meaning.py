"""What a moderator means: which case, which colleague."""

from collections.abc import Callable

from nonebot.adapters.onebot.v11 import MessageEvent

from liudeng.desk import Reporter, parse_span
from plugins.commands import Asker
from plugins.recorder import house

from .case_number import Typed, read_typed

IsCase = Callable[[Typed], bool]
"""Tells whether a bare number behind a quoted alert is another case's."""
_SHORTEST_QQ = 10_000


def always_a_case(_typed: Typed) -> bool:
    """For commands that take a case and nothing else: 接手 12."""
    return True


def never_a_case(_typed: Typed) -> bool:
    """For commands that take words: 备注 3 个朋友陪着, 完结 110 来过了."""
    return False


def before_a_span(typed: Typed) -> bool:
    """For 回访: 24 alone is a time, in 5 24h the first number is a case's."""
    return parse_span(typed.rest) is not None


async def case_meant(asker: Asker, is_case: IsCase = always_a_case) -> tuple[int | None, str]:
    """Return the case that was typed or whose alert was quoted, and the text behind it.

    Behind a quoted alert a number may be a colleague's, a time or a telephone's: `is_case` tells.
    """
    typed = read_typed(asker.rest)
    if asker.quoted is None:
        return typed.number, typed.rest
    quoted = await house.desk.case_quoted(
        asker.quoted, user_id=asker.user_id, group_id=asker.group_id
    )
    if quoted is None or typed.number == quoted or typed.marked:
        return typed.number, typed.rest
    if typed.number is not None and is_case(typed):
        return typed.number, typed.rest
    return quoted, typed.text


async def handing_meant(event: MessageEvent, asker: Asker) -> tuple[int | None, int | None, str]:
    """Return what 转交 means: the case, the heir, and the words for the heir."""
    mentioned = mentioned_in(event)

    def names_an_heir(typed: Typed) -> bool:
        return mentioned is not None or colleague_named(asker, typed.rest) is not None

    number, rest = await case_meant(asker, names_an_heir)
    if mentioned is not None:
        return number, mentioned, rest
    if asker.quoted is None and not rest and (number or 0) >= _SHORTEST_QQ:
        return None, None, ""  # that is whom to hand it to, and nothing says which case
    _, _, words = rest.partition(" ")
    return number, colleague_named(asker, rest), words


async def ask_which(asker: Asker, command: str, *, may_be_talk: bool = False) -> None:
    """Ask for the number; in the staff group 备注 一下这个 may be talk and is left alone."""
    if may_be_talk and asker.group_id is not None and asker.rest:
        return
    await asker.answer(
        f"要处理哪一件？写上编号，例如：{command} 12；或者回复那条警报。发「案件」看未完结的。"
    )


def colleague_named(asker: Asker, text: str) -> int | None:
    """Return the colleague whose number or name a text begins with."""
    name = text.split(maxsplit=1)[0].lstrip("@＠") if text.split() else ""
    if name.isdecimal():
        return int(name)
    return house.desk.colleague(asker.user_id, name)


def reporter_of(asker: Asker) -> Reporter:
    """Return who tells the desk something, as the desk sees them."""
    return Reporter(user_id=asker.user_id, groups=asker.groups)


def mentioned_in(event: MessageEvent) -> int | None:
    """Return the last who is mentioned behind the command's text."""
    spoken, found = False, None
    for segment in event.original_message:
        if segment.type == "text" and str(segment.data.get("text", "")).strip():
            spoken = True
        elif segment.type == "at" and spoken and str(segment.data.get("qq", "")).isdecimal():
            found = int(segment.data["qq"])
    return found
