"""群管：规则、处置、撤销、申诉。"""

from time import monotonic

from nonebot import require
from nonebot.adapters.onebot.v11 import MessageEvent
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.moderation import Order, leading_duration
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

from . import commands
from .meaning import number_meant, order_meant

__plugin_meta__ = PluginMetadata(
    name="群管",
    description="按管理选定的规则处置消息，每一步都说明理由、可以撤销、可以申诉",
    usage="规则｜警告 @某人 理由｜禁言 @某人 10分钟｜撤回｜踢 @某人｜撤销 编号｜申诉 编号",
    type="application",
    supported_adapters={"~onebot.v11"},
)

from . import rules as rules

CONFIRM_S = 120.0
DEFAULT_MUTE_S = 600
LONGEST_MUTE_S = 30 * 86_400
_kicks: dict[tuple[int, int], tuple[Order, float]] = {}

warn = on_chat_command(commands.WARN)
mute = on_chat_command(commands.MUTE)
unmute = on_chat_command(commands.UNMUTE)
recall = on_chat_command(commands.RECALL)
kick = on_chat_command(commands.KICK)
confirm_kick = on_chat_command(commands.CONFIRM_KICK)
record = on_chat_command(commands.RECORD)
note = on_chat_command(commands.NOTE)
undo = on_chat_command(commands.UNDO)
appeal = on_chat_command(commands.APPEAL)


@warn.handle()
async def _warn(asker: Asked, event: MessageEvent) -> None:
    meant = order_meant(event, asker, commands.WARN.usage)
    if meant.order is None:
        await asker.answer(meant.unclear)
        return
    await asker.answer(await house.moderation.by_hand.warn(meant.order))
    house.sender.wake()


@mute.handle()
async def _mute(asker: Asked, event: MessageEvent) -> None:
    meant = order_meant(event, asker, commands.MUTE.usage)
    if meant.order is None:
        await asker.answer(meant.unclear)
        return
    seconds, reason = leading_duration(meant.rest)
    seconds = DEFAULT_MUTE_S if seconds is None else seconds
    if not 1 <= seconds <= LONGEST_MUTE_S:
        await asker.answer("时长写一秒到 30 天；要解除，发「解禁」。")
        return
    order = Order(meant.order.group_id, asker.user_id, meant.order.user_id, reason)
    await asker.answer(await house.moderation.by_hand.mute(order, seconds))
    house.sender.wake()


@unmute.handle()
async def _unmute(asker: Asked, event: MessageEvent) -> None:
    meant = order_meant(event, asker, commands.UNMUTE.usage)
    if meant.order is None:
        await asker.answer(meant.unclear)
        return
    await asker.answer(await house.moderation.by_hand.unmute(meant.order))
    house.sender.wake()


@recall.handle()
async def _recall(asker: Asked, event: MessageEvent) -> None:
    by_hand = house.moderation.by_hand
    if asker.quoted is not None and asker.group_id is not None:
        order = Order(asker.group_id, asker.user_id, 0, asker.rest)
        await asker.answer(await by_hand.recall_quoted(order, asker.quoted))
    else:
        meant = order_meant(event, asker, "撤回 @某人 3（或回复那条消息发「撤回」）")
        if meant.order is None:
            await asker.answer(meant.unclear)
            return
        head, _, reason = meant.rest.partition(" ")
        count = int(head) if head.isdecimal() and len(head) < 4 else 1
        order = Order(meant.order.group_id, asker.user_id, meant.order.user_id, reason)
        await asker.answer(await by_hand.recall_last(order, count))
    house.sender.wake()


@kick.handle()
async def _kick(asker: Asked, event: MessageEvent) -> None:
    meant = order_meant(event, asker, commands.KICK.usage)
    if meant.order is None:
        await asker.answer(meant.unclear)
        return
    _kicks.clear() if len(_kicks) > 100 else None
    _kicks[asker.place] = (meant.order, monotonic())
    name = house.roster.member_name(meant.order.group_id, meant.order.user_id)
    await asker.answer(f"要移出 {name} 吗？两分钟内回「确认踢」。移出以后我撤销不了。")


@confirm_kick.handle()
async def _confirm_kick(asker: Asked) -> None:
    order, at = _kicks.pop(asker.place, (None, 0.0))
    if order is None or monotonic() - at > CONFIRM_S:
        await asker.answer("没有等着确认的移出。先发「踢 @某人 理由」。")
        return
    await asker.answer(await house.moderation.by_hand.kick(order))
    house.sender.wake()


@record.handle()
async def _record(asker: Asked, event: MessageEvent) -> None:
    meant = order_meant(event, asker, commands.RECORD.usage)
    if meant.order is None:
        await asker.answer(meant.unclear)
        return
    order = meant.order
    await asker.answer(await house.moderation.by_hand.record_of(order.group_id, order.user_id))


@note.handle()
async def _note(asker: Asked, event: MessageEvent) -> None:
    meant = order_meant(event, asker, commands.NOTE.usage)
    if meant.order is None:
        await asker.answer(meant.unclear)
    else:
        await asker.answer(await house.moderation.by_hand.note(meant.order))


@undo.handle()
async def _undo(asker: Asked) -> None:
    number = number_meant(asker.rest)
    if number is None:
        await asker.answer("要撤销哪一次？写上编号，例如：撤销 12。编号在「审计」里。")
        return
    await asker.answer(await house.moderation.by_hand.undo(asker.user_id, number))
    house.sender.wake()


@appeal.handle()
async def _appeal(asker: Asked) -> None:
    head, _, words = asker.rest.partition(" ")
    number = int(head) if head.isdecimal() and len(head) <= 9 else None
    answer = await house.moderation.appeals.appeal(asker.user_id, number, words)
    await asker.answer(answer)
    house.sender.wake()
