"""规则、停手、纪念模式、审计：管理在私聊或值班群里。"""

from collections.abc import Awaitable, Callable

from liudeng.moderation import HOW_TO_ADD, HOW_TO_SHOW, Arming
from plugins.commands import Asked, Asker, on_chat_command
from plugins.recorder import house

from . import commands
from .meaning import WHICH_GROUP, group_meant

_STATES = {"启用": Arming.DRY, "试运行": Arming.DRY, "生效": Arming.ARMED, "停用": None}
_UNKNOWN = (
    "没看懂。可以发：规则、规则 启用 名字、规则 生效 名字、规则 停用 名字、"
    "规则 测试 一句话、规则 看 名字、规则 新增 …、规则 删 名字、规则 图片 名字 #128"
)
_ALLOW = "自动全员禁言"

rules = on_chat_command(commands.RULES)
stop = on_chat_command(commands.STOP)
resume = on_chat_command(commands.RESUME)
memorial = on_chat_command(commands.MEMORIAL)
audit = on_chat_command(commands.AUDIT)
block_picture = on_chat_command(commands.BLOCK_PICTURE)
whole_mute = on_chat_command(commands.WHOLE_MUTE)
whole_unmute = on_chat_command(commands.WHOLE_UNMUTE)


@rules.handle()
async def _rules(asker: Asked) -> None:
    group_id, rest = group_meant(asker)
    if group_id is None:
        await asker.answer(WHICH_GROUP.format(usage="规则 群号 启用 防诈骗"))
        return
    await asker.answer(await _about_rules(asker, group_id, rest))


async def _about_rules(asker: Asker, group_id: int, rest: str) -> str:
    book, actor = house.moderation.rulebook, asker.user_id
    word, _, tail = rest.partition(" ")
    tail = tail.strip()
    if not word:
        return book.overview(group_id)
    if word == "测试" and tail:
        return await book.test(group_id, tail)
    if word in ("新增", "删除", "删", "看", "图片"):
        return await _about_own(group_id, word, tail, actor)
    if word in _STATES and tail == _ALLOW:
        allowed = _STATES[word] is not None
        return await book.allow_whole_mute(group_id, actor, allowed=allowed)
    if word in _STATES and tail:
        return await book.set_state(group_id, tail, _STATES[word], actor)
    return _UNKNOWN


async def _about_own(group_id: int, word: str, tail: str, actor: int) -> str:
    writing = house.moderation.writing
    if word == "图片":
        return await writing.add_picture(group_id, tail, actor)
    if not tail:
        return HOW_TO_ADD if word == "新增" else f"写上规则的名字，例如：规则 {word} 防诈骗"
    if word == "新增":
        return await writing.add(group_id, tail, actor)
    if word == "看":
        return await writing.show(group_id, tail)
    return await writing.remove(group_id, tail, actor)


async def _in_group(asker: Asker, usage: str, do: Callable[[int, str], Awaitable[str]]) -> None:
    group_id, rest = group_meant(asker)
    if group_id is None:
        await asker.answer(WHICH_GROUP.format(usage=usage))
    else:
        await asker.answer(await do(group_id, rest))


@stop.handle()
async def _stop(asker: Asked) -> None:
    book = house.moderation.rulebook
    await _in_group(asker, "停手 群号", lambda group, _: book.stop(group, asker.user_id))


@resume.handle()
async def _resume(asker: Asked) -> None:
    book = house.moderation.rulebook
    await _in_group(asker, "开始群管 群号", lambda group, _: book.resume(group, asker.user_id))


@memorial.handle()
async def _memorial(asker: Asked) -> None:
    book = house.moderation.rulebook
    await _in_group(
        asker,
        "纪念模式 群号 8小时",
        lambda group, rest: book.memorial(group, rest, asker.user_id),
    )


@audit.handle()
async def _audit(asker: Asked) -> None:
    book = house.moderation.rulebook

    async def tell(group_id: int, rest: str) -> str:
        return await (book.dry_of(group_id) if "试运行" in rest else book.audit_of(group_id))

    await _in_group(asker, "审计 群号", tell)


@block_picture.handle()
async def _block_picture(asker: Asked) -> None:
    if asker.quoted is None or asker.group_id is None:
        await asker.answer(HOW_TO_SHOW)
        return
    name = (asker.rest.split() or [""])[0]
    writing = house.moderation.writing
    told = await writing.add_quoted_picture(asker.group_id, name, asker.quoted, asker.user_id)
    await asker.answer(told)


@whole_mute.handle()
async def _whole_mute(asker: Asked) -> None:
    await _switch_whole_mute(asker, enable=True)


@whole_unmute.handle()
async def _whole_unmute(asker: Asked) -> None:
    await _switch_whole_mute(asker, enable=False)


async def _switch_whole_mute(asker: Asker, *, enable: bool) -> None:
    by_hand = house.moderation.by_hand
    await _in_group(
        asker,
        "全员禁言 群号",
        lambda group, _: by_hand.whole_mute(group, asker.user_id, enable=enable),
    )
