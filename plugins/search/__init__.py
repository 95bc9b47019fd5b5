"""搜索 · 下一页 · 上下文 · 导出：在群聊存档里找回说过的话。"""

from functools import partial

from nonebot import require
from nonebot.adapters.onebot.v11 import MessageEvent
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.commands import Command
from liudeng.search import Answer, By, typed_query
from liudeng.search.export import MEMBERS_LIMIT, MODERATORS_LIMIT
from plugins.commands import Asked, Asker, on_chat_command, quoted_words
from plugins.recorder import house

__plugin_meta__ = PluginMetadata(
    name="搜索",
    description="在群聊存档里找回说过的话",
    usage="搜 关键词｜下一页｜上下文 编号｜只看图｜按人｜按月｜导出搜索 关键词",
    type="application",
    supported_adapters={"~onebot.v11"},
)

_TOPIC = "搜索"

search = on_chat_command(
    Command(
        name="搜",
        topic=_TOPIC,
        aliases=("搜索", "search"),
        usage="搜 关键词",
        summary="找说过的话；“短语”整句找，-词 排除，OR 任一，发送者:名字 日期:昨天 有:图",
        takes_text=True,
    )
)
next_page = on_chat_command(
    Command(
        name="下一页", topic=_TOPIC, aliases=("next",), usage="下一页", summary="接着看更早的结果"
    )
)
context = on_chat_command(
    Command(
        name="上下文",
        topic=_TOPIC,
        aliases=("context",),
        usage="上下文 编号",
        summary="看一条消息的前后各五条",
        takes_text=True,
    )
)
only_pictures = on_chat_command(
    Command(name="只看图", topic=_TOPIC, usage="只看图", summary="刚才的搜索里只留有图的")
)
by_person = on_chat_command(
    Command(name="按人", topic=_TOPIC, usage="按人", summary="刚才搜到的，每人说了多少")
)
by_month = on_chat_command(
    Command(name="按月", topic=_TOPIC, usage="按月", summary="刚才搜到的，每月有多少")
)

export = on_chat_command(
    Command(
        name="导出搜索",
        topic=_TOPIC,
        usage="导出搜索 关键词",
        summary="把搜到的做成文件私聊发给你；格式:json 或 格式:网页",
        takes_text=True,
    )
)


@search.handle()
async def _search(asker: Asked, event: MessageEvent) -> None:
    query = _typed(asker, event)
    await _show(asker, await house.search.chat.find(asker.place, query, asker.groups))


@next_page.handle()
async def _next_page(asker: Asked, event: MessageEvent) -> None:
    answer = await house.search.chat.next_page(asker.place, asker.groups, quoted_words(event))
    await _show(asker, answer)


@context.handle()
async def _context(asker: Asked) -> None:
    answer = await house.search.chat.context(asker.place, asker.rest, asker.groups)
    said = answer.message
    here = said is not None and said.group_id == asker.group_id
    # A touch on the quotation leads to the message itself.
    await asker.answer(answer.text, quoting=said.message_id if said and here else None)


@only_pictures.handle()
async def _only_pictures(asker: Asked, event: MessageEvent) -> None:
    answer = await house.search.chat.only_pictures(asker.place, asker.groups, quoted_words(event))
    await _show(asker, answer)


@by_person.handle()
async def _by_person(asker: Asked, event: MessageEvent) -> None:
    await _count(asker, By.PERSON, event)


@by_month.handle()
async def _by_month(asker: Asked, event: MessageEvent) -> None:
    await _count(asker, By.MONTH, event)


@export.handle()
async def _export(asker: Asked, event: MessageEvent) -> None:
    limits = MODERATORS_LIMIT if asker.is_moderator else MEMBERS_LIMIT
    query = _typed(asker, event)
    await asker.answer(await house.search.export.export(asker.place, query, asker.groups, limits))


async def _count(asker: Asker, by: By, event: MessageEvent) -> None:
    answer = await house.search.chat.count(asker.place, by, asker.groups, quoted_words(event))
    await _show(asker, answer)


async def _show(asker: Asker, answer: Answer) -> None:
    """Answer in words, or with a picture where that reads better."""
    if answer.shown is None or not house.settings.search_cards:
        await asker.answer(answer.text)
        return
    draw = partial(house.search.cards.draw, answer)
    await asker.show(draw, answer.below, answer.listing, answer.above)


def _typed(asker: Asker, event: MessageEvent) -> str:
    segments = [{"type": part.type, "data": part.data} for part in event.original_message]
    return typed_query(asker.rest, segments)
