"""搜索 · 上下文 · 下一页：在群聊存档里找回说过的话。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.commands import Command
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

__plugin_meta__ = PluginMetadata(
    name="搜索",
    description="在群聊存档里找回说过的话",
    usage="搜 关键词｜下一页｜上下文 编号",
    type="application",
    supported_adapters={"~onebot.v11"},
)

search = on_chat_command(
    Command(
        name="搜",
        aliases=("搜索", "search"),
        usage="搜 关键词",
        summary="找说过的话；“短语”整句找，-词 排除，OR 任一",
        takes_text=True,
    )
)
next_page = on_chat_command(
    Command(name="下一页", aliases=("next",), usage="下一页", summary="接着看更早的结果")
)
context = on_chat_command(
    Command(
        name="上下文",
        aliases=("context",),
        usage="上下文 编号",
        summary="看一条消息的前后各五条",
        takes_text=True,
    )
)


@search.handle()
async def _search(asker: Asked) -> None:
    await asker.answer(await house.search.find(asker.place, asker.rest, asker.groups))


@next_page.handle()
async def _next_page(asker: Asked) -> None:
    await asker.answer(await house.search.next_page(asker.place, asker.groups))


@context.handle()
async def _context(asker: Asked) -> None:
    await asker.answer(await house.search.context(asker.rest, asker.groups))
