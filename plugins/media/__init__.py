"""缺图：没能留下的图，请发的人方便时再发一次。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.commands import Command
from liudeng.media import MissingPictures
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

__plugin_meta__ = PluginMetadata(
    name="缺图",
    description="看看哪些图没能留下",
    usage="缺图",
    type="application",
    supported_adapters={"~onebot.v11"},
)

missing = on_chat_command(
    Command(
        name="缺图",
        aliases=("missing",),
        usage="缺图",
        summary="看看哪些图没能留下，请作者再发一次",
        topic="图片",
    )
)


@missing.handle()
async def _missing(asker: Asked) -> None:
    pictures = MissingPictures(house.database, house.settings.zone)
    await asker.answer(await pictures.answer(asker.groups))
