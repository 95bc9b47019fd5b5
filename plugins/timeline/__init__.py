"""时间线：发生过什么，在哪一天；群里自己的日子由管理加。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.commands import Audience, Command
from liudeng.timeline.facts import TimelineProblem
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

__plugin_meta__ = PluginMetadata(
    name="时间线",
    description="下线前后的日子，和群里自己的日子",
    usage="时间线｜时间线 新增 2026-02-13 那天我们一起熬到天亮",
    type="application",
    supported_adapters={"~onebot.v11"},
)

timeline = on_chat_command(
    Command(
        name="时间线",
        usage="时间线",
        summary="下线前后的日子和群里的日子，一张图",
        topic="日子",
        takes_text=True,
        expects=r"$|新增|添加|加|删",
    )
)
_HELP = Command(
    name="时间线新增",
    usage="时间线 新增 2026-02-13 那天的事",
    summary="加一个群里的日子；时间线 删除 3",
    audience=Audience.MODERATOR,
    takes_text=True,
    expects=r"\d",
)
add = on_chat_command(_HELP)


@timeline.handle()
async def _timeline(asker: Asked) -> None:
    if asker.rest:
        await _change(asker, asker.rest)
        return
    try:
        shown = await house.timeline.show(asker.groups)
    except TimelineProblem as problem:
        await asker.answer(str(problem))
        return
    await asker.show(lambda: house.timeline.draw(shown), "想问细节就发「问 …」。", shown.text)


@add.handle()
async def _add(asker: Asked) -> None:
    await _change(asker, f"新增 {asker.rest}")


async def _change(asker: Asked, text: str) -> None:
    if asker.group_id is None or asker.group_id == house.settings.staff_group:
        await asker.answer("群里的日子请到那个群里加、删。")
        return
    if not asker.is_moderator:
        await asker.answer("群里的日子由管理来加，跟管理说一声就好。")
        return
    if text.lstrip().startswith("删"):
        await asker.answer(await house.timeline.remove(asker.group_id, text))
    else:
        await asker.answer(await house.timeline.add(asker.group_id, str(asker.user_id), text))
