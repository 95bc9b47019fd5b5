"""存档 · 告别墙 · 看 · 纪念日 · 那年今日：把想留住的放在一面墙上。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

from .commands import (
    ACCEPT,
    ANNIVERSARY,
    COVER,
    DECLINE,
    FORGET_ANNIVERSARY,
    KEEP,
    LOOK,
    RANDOM,
    REMEMBER,
    RETITLE,
    VISIBILITY,
    WALL,
    WITHDRAW,
)
from .showing import asker_of, quoted_message, quoted_to_keep, show, show_change

__plugin_meta__ = PluginMetadata(
    name="告别墙",
    description="把告别的截图和话留在墙上，随时能看，随时能撤",
    usage="回复图片发「存档 标题」｜告别墙｜看 编号｜随机一封｜纪念日 06-06 和小暖的婚礼",
    type="application",
    supported_adapters={"~onebot.v11"},
)

keep = on_chat_command(KEEP)
accept = on_chat_command(ACCEPT)
decline = on_chat_command(DECLINE)
retitle = on_chat_command(RETITLE)
visibility = on_chat_command(VISIBILITY)
withdraw = on_chat_command(WITHDRAW)
wall = on_chat_command(WALL)
look = on_chat_command(LOOK)
random = on_chat_command(RANDOM)
cover = on_chat_command(COVER)
anniversary = on_chat_command(ANNIVERSARY)
forget_anniversary = on_chat_command(FORGET_ANNIVERSARY)
remember = on_chat_command(REMEMBER)


@keep.handle()
async def _keep(asker: Asked) -> None:
    message = await quoted_to_keep(asker)
    await show_change(
        asker, await house.library.farewells.keep(asker_of(asker), message, asker.rest)
    )


@accept.handle()
async def _accept(asker: Asked) -> None:
    await show_change(asker, await house.library.farewells.accept(asker_of(asker), asker.rest))


@decline.handle()
async def _decline(asker: Asked) -> None:
    await show_change(asker, await house.library.farewells.decline(asker_of(asker), asker.rest))


@retitle.handle()
async def _retitle(asker: Asked) -> None:
    await show_change(asker, await house.library.farewells.retitle(asker_of(asker), asker.rest))


@visibility.handle()
async def _visibility(asker: Asked) -> None:
    await show_change(asker, await house.library.farewells.visibility(asker_of(asker), asker.rest))


@withdraw.handle()
async def _withdraw(asker: Asked) -> None:
    await show_change(asker, await house.library.farewells.withdraw(asker_of(asker), asker.rest))


@wall.handle()
async def _wall(asker: Asked) -> None:
    await show(asker, await house.library.farewells.wall(asker_of(asker), asker.rest))


@look.handle()
async def _look(asker: Asked) -> None:
    await show(asker, await house.library.farewells.look(asker_of(asker), asker.rest))


@random.handle()
async def _random(asker: Asked) -> None:
    await show(asker, await house.library.farewells.random(asker_of(asker)))


@cover.handle()
async def _cover(asker: Asked) -> None:
    message = await quoted_message(asker)
    copy = await house.library.covered_copies.copy_of(asker_of(asker), message, asker.rest)
    if copy.draw is None:
        await asker.answer(copy.text)
    else:
        await asker.show(copy.draw, copy.text)


@anniversary.handle()
async def _anniversary(asker: Asked) -> None:
    await show(asker, await house.library.dates.anniversary(asker_of(asker), asker.rest))


@forget_anniversary.handle()
async def _forget_anniversary(asker: Asked) -> None:
    await show(asker, await house.library.dates.forget_anniversary(asker_of(asker), asker.rest))


@remember.handle()
async def _remember(asker: Asked) -> None:
    await show(asker, await house.library.dates.remember(asker_of(asker), asker.rest))
