"""入群申请、黑名单、欢迎和群规。"""

from nonebot import on_request, require
from nonebot.adapters.onebot.v11 import RequestEvent
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")
require("moderation")

from plugins.commands import Asked, Asker, on_chat_command
from plugins.moderation.meaning import WHICH_GROUP, group_meant
from plugins.recorder import house

from . import commands

__plugin_meta__ = PluginMetadata(
    name="入群",
    description="有人申请入群时照群里定的放行或请管理看；新人进群说一次欢迎和群规",
    usage="入群｜放行 编号｜婉拒 编号 理由｜欢迎 内容｜群规",
    type="application",
    supported_adapters={"~onebot.v11"},
)
NO_RULES = "这个群还没有写群规。"

request = on_request(priority=10, block=False)
entrance = on_chat_command(commands.ENTRANCE)
admit = on_chat_command(commands.ADMIT)
refuse = on_chat_command(commands.REFUSE)
welcome = on_chat_command(commands.WELCOME)
rules = on_chat_command(commands.RULES)
accept = on_chat_command(commands.ACCEPT)
decline = on_chat_command(commands.DECLINE)


@request.handle()
async def _requested(event: RequestEvent) -> None:
    await house.entrance.asked(event.model_dump())


@entrance.handle()
async def _entrance(asker: Asked) -> None:
    group_id, rest = group_meant(asker)
    if group_id is None:
        await asker.answer(WHICH_GROUP.format(usage="入群 群号 待办"))
        return
    await asker.answer(await house.entrance.board.answer(group_id, rest, asker.user_id))


@admit.handle()
async def _admit(asker: Asked) -> None:
    await asker.answer(await house.entrance.answers.admit(asker.user_id, asker.rest))


@refuse.handle()
async def _refuse(asker: Asked) -> None:
    await asker.answer(await house.entrance.answers.refuse(asker.user_id, asker.rest))


@welcome.handle()
async def _welcome(asker: Asked) -> None:
    group_id, rest = group_meant(asker)
    if group_id is None:
        await asker.answer(WHICH_GROUP.format(usage="欢迎 群号 内容"))
    elif not rest:
        await asker.answer("新人先听到什么？例如：欢迎 来了就是家人；不要了发「欢迎 清空」")
    else:
        await asker.answer(await house.entrance.board.welcome(group_id, rest, asker.user_id))


@rules.handle()
async def _rules(asker: Asked) -> None:
    if asker.rest and asker.group_id is None and asker.is_moderator:
        await asker.answer(await _new_rules(asker))
        return
    groups = asker.groups
    told = [await house.entrance.board.rules_of(group_id) for group_id in groups]
    named = [
        f"「{house.roster.group_name(group_id)}」的群规：\n{words}"
        for group_id, words in zip(groups, told, strict=True)
        if words
    ]
    if named or asker.group_id is None:  # in a group without any the word is only talk
        await asker.answer("\n\n".join(named) or NO_RULES)


async def _new_rules(asker: Asker) -> str:
    group_id, rest = group_meant(asker)
    if group_id is None:
        return WHICH_GROUP.format(usage="群规 群号 内容")
    if not rest:
        return await house.entrance.board.rules_of(group_id) or NO_RULES
    return await house.entrance.board.set_rules(group_id, rest, asker.user_id)


@accept.handle()
async def _accept(asker: Asked) -> None:
    answers = house.entrance.answers
    await asker.answer(await answers.accept_invitation(asker.user_id, asker.rest, accept=True))


@decline.handle()
async def _decline(asker: Asked) -> None:
    answers = house.entrance.answers
    await asker.answer(await answers.accept_invitation(asker.user_id, asker.rest, accept=False))
