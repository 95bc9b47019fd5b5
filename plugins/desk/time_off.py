"""值班 · 离岗 · 到岗 · 免打扰 · 组长 · 我需要休息：管理安排自己的时间。"""

from nonebot.adapters.onebot.v11 import MessageEvent

from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

from . import commands
from .meaning import colleague_named, mentioned_in

shift = on_chat_command(commands.SHIFT)
away = on_chat_command(commands.AWAY)
back = on_chat_command(commands.BACK)
quiet = on_chat_command(commands.QUIET)
lead = on_chat_command(commands.LEAD)
rest = on_chat_command(commands.REST)


@shift.handle()
async def _shift(asker: Asked) -> None:
    await asker.answer(await house.desk.duty.shift(asker.user_id, asker.rest))


@away.handle()
async def _away(asker: Asked) -> None:
    await asker.answer(await house.desk.duty.away(asker.user_id, asker.rest))


@back.handle()
async def _back(asker: Asked) -> None:
    await asker.answer(await house.desk.duty.back(asker.user_id))


@quiet.handle()
async def _quiet(asker: Asked) -> None:
    await asker.answer(await house.desk.duty.quiet(asker.user_id, asker.rest))


@lead.handle()
async def _lead(asker: Asked, event: MessageEvent) -> None:
    text = asker.rest.removeprefix("取消").strip()
    leads = not asker.rest.startswith("取消")
    member = mentioned_in(event) or colleague_named(asker, text)
    await asker.answer(await house.desk.duty.lead(asker.user_id, member, leads=leads))


@rest.handle()
async def _rest(asker: Asked) -> None:
    await asker.answer(await house.desk.duty.rest(asker.user_id))
