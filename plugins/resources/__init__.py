"""资源 · 公告 · 候选 · 收录：有人核实过的链接，和等着人看的链接。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.library import Viewer
from liudeng.resources.staff import Moderator
from plugins.commands import Asked, Asker, QuotedWords, on_chat_command
from plugins.recorder import house

from . import commands

__plugin_meta__ = PluginMetadata(
    name="资源",
    description="群里核实过的链接：收录、探测、认仿冒，过期和失效的收起来",
    usage="资源｜资源 导出｜资源 12｜资源 失效 12｜公告",
    type="application",
    supported_adapters={"~onebot.v11"},
)

ask = on_chat_command(commands.ASK)
broken = on_chat_command(commands.BROKEN)
announcements = on_chat_command(commands.ANNOUNCEMENTS)
waiting = on_chat_command(commands.WAITING)
take_in = on_chat_command(commands.TAKE_IN)
reject = on_chat_command(commands.REJECT)
sort = on_chat_command(commands.SORT)
verify = on_chat_command(commands.VERIFY)
take_down = on_chat_command(commands.TAKE_DOWN)
edit = on_chat_command(commands.EDIT)
pin = on_chat_command(commands.PIN)
unpin = on_chat_command(commands.UNPIN)


def _viewer(asker: Asker) -> Viewer:
    return Viewer(str(asker.user_id), frozenset(asker.groups), asker.group_id)


def _moderator(asker: Asker) -> Moderator:
    moderated = house.roster.moderated_by(asker.user_id)
    return Moderator(str(asker.user_id), frozenset(filter(house.settings.archives, moderated)))


@ask.handle()
async def _ask(asker: Asked) -> None:
    answer = await house.resources.desk.ask(_viewer(asker), asker.rest)
    card = answer.card
    if card is None:
        await asker.answer(answer.text)
    else:
        await asker.show(lambda: house.resources.cards.draw(card), answer.text, answer.listing)


@broken.handle()
async def _broken(asker: Asked, quoted: QuotedWords) -> None:
    desk = house.resources.desk
    answer = await desk.rate(_viewer(asker), asker.rest, quoted, useful=False)
    await asker.answer(answer.text)


@announcements.handle()
async def _announcements(asker: Asked) -> None:
    answer = await house.resources.desk.announcements(_viewer(asker))
    await asker.answer(answer.text)


@waiting.handle()
async def _waiting(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.waiting(_moderator(asker), asker.rest))


@take_in.handle()
async def _take_in(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.take_in(_moderator(asker), asker.rest))


@reject.handle()
async def _reject(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.reject(_moderator(asker), asker.rest))


@sort.handle()
async def _sort(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.sort(_moderator(asker), asker.rest))


@verify.handle()
async def _verify(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.verify(_moderator(asker), asker.rest))


@take_down.handle()
async def _take_down(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.take_down(_moderator(asker), asker.rest))


@edit.handle()
async def _edit(asker: Asked) -> None:
    await asker.answer(await house.resources.staff.edit(_moderator(asker), asker.rest))


@pin.handle()
async def _pin(asker: Asked) -> None:
    await asker.answer(await house.resources.pinning.pin(_moderator(asker), asker.rest))


@unpin.handle()
async def _unpin(asker: Asked) -> None:
    await asker.answer(await house.resources.pinning.unpin(_moderator(asker), asker.rest))
