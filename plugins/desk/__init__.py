"""接手 · 误报 · 完结 · 案件：管理在私聊里处理警报。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.commands import Audience, Command, Place
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

from .case_number import split_case_number

__plugin_meta__ = PluginMetadata(
    name="值班台",
    description="管理在私聊里接手、完结案件",
    usage="案件｜接手 编号｜误报 编号｜完结 编号 结果",
    type="application",
    supported_adapters={"~onebot.v11"},
)


def _desk_command(name: str, usage: str, summary: str, place: Place = Place.STAFF) -> Command:
    return Command(
        name=name,
        usage=usage,
        summary=summary,
        audience=Audience.MODERATOR,
        place=place,
        takes_text=True,
    )


cases = on_chat_command(
    _desk_command("案件", "案件 [编号]", "看未完结的案件，或其中一件", Place.PRIVATE)
)
claim = on_chat_command(_desk_command("接手", "接手 编号", "告诉大家这件由你来"))
dismiss = on_chat_command(_desk_command("误报", "误报 编号", "机器人看错了，关掉它"))
resolve = on_chat_command(_desk_command("完结", "完结 编号 结果", "处理好了，写一句结果"))


@cases.handle()
async def _cases(asker: Asked) -> None:
    number, _ = split_case_number(asker.rest)
    if number is None:
        await asker.answer(await house.desk.overview(asker.user_id))
    else:
        await asker.answer(await house.desk.show(number, asker.user_id))


@claim.handle()
async def _claim(asker: Asked) -> None:
    number, _ = split_case_number(asker.rest)
    if number is None:
        await asker.answer(_ask_for_number("接手"))
    else:
        await asker.answer(await house.desk.claim(number, asker.user_id))


@dismiss.handle()
async def _dismiss(asker: Asked) -> None:
    number, _ = split_case_number(asker.rest)
    if number is None:
        await asker.answer(_ask_for_number("误报"))
    else:
        await asker.answer(await house.desk.dismiss(number, asker.user_id))


@resolve.handle()
async def _resolve(asker: Asked) -> None:
    number, outcome = split_case_number(asker.rest)
    if number is None:
        await asker.answer(_ask_for_number("完结"))
    else:
        await asker.answer(await house.desk.resolve(number, asker.user_id, outcome))


def _ask_for_number(command: str) -> str:
    return f"要处理哪一件？写上编号，例如：{command} 12。发「案件」看未完结的。"
