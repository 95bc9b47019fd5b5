"""值班台：管理在私聊和值班群里处理警报，成员私下告诉管理有人需要帮忙。"""

from nonebot import require
from nonebot.adapters.onebot.v11 import MessageEvent
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.desk import parse_span
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

from . import commands
from .meaning import ask_which, before_a_span, case_meant, handing_meant, never_a_case
from .showing import show

__plugin_meta__ = PluginMetadata(
    name="值班台",
    description="管理接手、转交、完结案件，排班，成员举报和转告担心",
    usage="案件｜接手 编号｜误报 编号｜完结 编号 结果｜值班 20:00-02:00｜我担心 QQ号 发生了什么",
    type="application",
    supported_adapters={"~onebot.v11"},
)

from . import members, time_off

__all__ = ["members", "time_off"]

cases = on_chat_command(commands.CASES)
mine = on_chat_command(commands.MINE)
context = on_chat_command(commands.CONTEXT)
summary = on_chat_command(commands.SUMMARY)
claim = on_chat_command(commands.CLAIM)
hand_over = on_chat_command(commands.HAND_OVER)
note = on_chat_command(commands.NOTE)
escalate = on_chat_command(commands.ESCALATE)
dismiss = on_chat_command(commands.DISMISS)
confirm = on_chat_command(commands.CONFIRM)
check_in = on_chat_command(commands.CHECK_IN)
resolve = on_chat_command(commands.RESOLVE)
resources = on_chat_command(commands.RESOURCES)
send_draft = on_chat_command(commands.SEND_DRAFT)


@cases.handle()
async def _cases(asker: Asked) -> None:
    number, _ = await case_meant(asker)
    if number is None:
        await asker.answer(await house.desk.viewing.overview(asker.user_id))
    else:
        await show(asker, await house.desk.viewing.show(number, asker.user_id))


@mine.handle()
async def _mine(asker: Asked) -> None:
    await asker.answer(await house.desk.viewing.mine(asker.user_id))


@summary.handle()
async def _summary(asker: Asked) -> None:
    await show(asker, await house.desk.summary(asker.user_id))


@context.handle()
async def _context(asker: Asked) -> None:
    number, _ = await case_meant(asker)
    if number is None:
        await ask_which(asker, "前后文")
    else:
        await show(asker, await house.desk.viewing.context(number, asker.user_id))


@claim.handle()
async def _claim(asker: Asked) -> None:
    number, _ = await case_meant(asker)
    if number is None:
        await ask_which(asker, "接手")
    else:
        await asker.answer(await house.desk.handling.claim(number, asker.user_id))


@hand_over.handle()
async def _hand_over(asker: Asked, event: MessageEvent) -> None:
    number, heir, words = await handing_meant(event, asker)
    if number is None:
        await ask_which(asker, "转交")
    else:
        await asker.answer(await house.desk.handing.hand_over(number, asker.user_id, heir, words))


@note.handle()
async def _note(asker: Asked) -> None:
    number, words = await case_meant(asker, never_a_case)
    if number is None:
        await ask_which(asker, "备注", may_be_talk=True)
    else:
        await asker.answer(await house.desk.handling.note(number, asker.user_id, words))


@escalate.handle()
async def _escalate(asker: Asked) -> None:
    number, words = await case_meant(asker, never_a_case)
    if number is None:
        await ask_which(asker, "升级", may_be_talk=True)
    else:
        await asker.answer(await house.desk.handling.escalate(number, asker.user_id, words))


@dismiss.handle()
async def _dismiss(asker: Asked) -> None:
    number, _ = await case_meant(asker)
    if number is None:
        await ask_which(asker, "误报")
    else:
        await asker.answer(await house.desk.handling.dismiss(number, asker.user_id))


@confirm.handle()
async def _confirm(asker: Asked) -> None:
    number, _ = await case_meant(asker)
    if number is None:
        await ask_which(asker, "属实")
    else:
        await asker.answer(await house.desk.handling.confirm(number, asker.user_id))


@check_in.handle()
async def _check_in(asker: Asked) -> None:
    number, delay = await case_meant(asker, before_a_span)
    if number is None or (asker.quoted is None and delay and parse_span(asker.rest)):
        await ask_which(asker, "回访")  # 回访 24h: nothing says which case
    else:
        await asker.answer(await house.desk.handling.check_in(number, asker.user_id, delay))


@resolve.handle()
async def _resolve(asker: Asked) -> None:
    number, outcome = await case_meant(asker, never_a_case)
    if number is None:
        await ask_which(asker, "完结", may_be_talk=True)
    else:
        await asker.answer(await house.desk.handling.resolve(number, asker.user_id, outcome))


@resources.handle()
async def _resources(asker: Asked) -> None:
    number, _ = await case_meant(asker)
    if number is None:
        await ask_which(asker, "送上资源")
    else:
        await asker.answer(await house.desk.resources.draft(number, asker.user_id))


@send_draft.handle()
async def _send_draft(asker: Asked) -> None:
    await asker.answer(await house.desk.resources.confirm(asker.user_id))
