"""What a moderator means: whom, in which group, for how long, and why."""

import re
from dataclasses import dataclass

from nonebot.adapters.onebot.v11 import MessageEvent

from liudeng.moderation import Order
from plugins.commands import Asker
from plugins.recorder import house

WHICH_GROUP = "你管着好几个群，写上群号：{usage}"
WHOM = "要对谁？@ TA，或写上 QQ 号，例如：{usage}"


@dataclass(frozen=True, slots=True)
class Meant:
    """An order as it was typed; what is missing is said in `unclear`."""

    order: Order | None
    rest: str = ""
    unclear: str = ""


def order_meant(event: MessageEvent, asker: Asker, usage: str) -> Meant:
    """Read a mention or a number, then the group it is about."""
    user_id, rest = _whom(event, asker.rest)
    if user_id is None:
        return Meant(None, unclear=WHOM.format(usage=usage))
    group_id, rest = _group_of(asker, user_id, rest)
    if group_id is None:
        return Meant(None, unclear=WHICH_GROUP.format(usage=usage.replace("@某人", "QQ号 群号")))
    return Meant(Order(group_id, asker.user_id, user_id, rest), rest)


def number_meant(typed: str) -> int | None:
    """Read the number of an action; behind a slash anything may have been typed."""
    match = re.fullmatch(r"[#＃]?\s*(\d{1,9})\s*", typed.strip())
    return int(match[1]) if match else None


def group_meant(asker: Asker) -> tuple[int | None, str]:
    """Return the group that was typed first, or the only one the asker moderates."""
    head, _, tail = asker.rest.partition(" ")
    moderated = _moderated(asker)
    if head.isdecimal() and int(head) in moderated:
        return int(head), tail.strip()
    return (moderated[0] if len(moderated) == 1 else None), asker.rest


def _group_of(asker: Asker, user_id: int, rest: str) -> tuple[int | None, str]:
    if asker.group_id is not None and asker.group_id != house.settings.staff_group:
        return asker.group_id, rest
    moderated = _moderated(asker)
    head, _, tail = rest.partition(" ")
    if head.isdecimal() and int(head) in moderated:
        return int(head), tail.strip()
    theirs = [group for group in moderated if group in house.roster.groups_of(user_id)]
    shared = theirs or moderated
    return (shared[0] if len(shared) == 1 else None), rest


def _moderated(asker: Asker) -> list[int]:
    groups = house.roster.moderated_by(asker.user_id)
    return sorted(group for group in groups if house.settings.archives(group))


def _whom(event: MessageEvent, rest: str) -> tuple[int | None, str]:
    mentioned = _mentioned(event)
    if mentioned is not None:
        return mentioned, _said_after(event)
    head, _, tail = rest.partition(" ")
    match = re.fullmatch(r"[@＠]*(\d{5,12})", head)
    return (int(match[1]), tail.strip()) if match else (None, rest)


def _mentioned(event: MessageEvent) -> int | None:
    """Return the first who is mentioned behind the command's word."""
    spoken = False
    for segment in event.original_message:
        if segment.type == "text" and str(segment.data.get("text", "")).strip():
            spoken = True
        elif segment.type == "at" and spoken and str(segment.data.get("qq", "")).isdecimal():
            return int(segment.data["qq"])
    return None


def _said_after(event: MessageEvent) -> str:
    """Return the text behind the first mention that follows the command's word."""
    spoken, behind, words = False, False, list[str]()
    for segment in event.original_message:
        if segment.type == "at" and spoken:
            behind = True
        elif segment.type == "text":
            text = str(segment.data.get("text", ""))
            spoken = spoken or bool(text.strip())
            if behind:
                words.append(text)
    return "".join(words).strip()
