"""守望 · 布防 · 撤防 · 氛围：管理看守望做了什么，决定要不要提醒，看全群的起伏。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.commands import Audience, Command, Place
from plugins.commands import Asked, Asker, on_chat_command
from plugins.recorder import house

__plugin_meta__ = PluginMetadata(
    name="守望",
    description="看守望提醒过什么，布防或撤防，看全群的气氛",
    usage="守望 [群]｜布防 [群]｜撤防 [群]｜氛围 [群] [24h/7天]",
    type="application",
    supported_adapters={"~onebot.v11"},
)

_TOPIC = "守望（管理）"


def _watch(name: str, usage: str, summary: str) -> Command:
    return Command(
        name=name,
        usage=usage,
        summary=summary,
        topic=_TOPIC,
        audience=Audience.MODERATOR,
        place=Place.STAFF,
        takes_text=True,
    )


overview = on_chat_command(_watch("守望", "守望 [群]", "各群布防了没有，提醒过多少"))
arm = on_chat_command(_watch("布防", "布防 [群]", "从现在起提醒管理"))
disarm = on_chat_command(_watch("撤防", "撤防 [群]", "回到试运行，只提醒最明白的危险"))
pulse = on_chat_command(_watch("氛围", "氛围 [群] [24h/7天]", "全群的悲伤、愤怒、希望……不看是谁"))


@overview.handle()
async def _overview(asker: Asked) -> None:
    private = asker.group_id is None
    groups = _groups(asker)
    answer = await house.lookout.arming.overview(asker.user_id, groups, asker.rest, private=private)
    await asker.answer(answer)


@arm.handle()
async def _arm(asker: Asked) -> None:
    await _decide(asker, armed=True)


@disarm.handle()
async def _disarm(asker: Asked) -> None:
    await _decide(asker, armed=False)


@pulse.handle()
async def _pulse(asker: Asked) -> None:
    answer = await house.lookout.pulse.show(_groups(asker), asker.rest)
    card = answer.card
    if card is None:
        await asker.answer(answer.text)
    else:
        await asker.show(lambda: house.lookout.pulse.draw(card), answer.caption, answer.text)


async def _decide(asker: Asker, *, armed: bool) -> None:
    answer = await house.lookout.arming.decide(
        asker.user_id, _groups(asker), asker.rest, armed=armed
    )
    await asker.answer(answer)
    house.sender.wake()  # the other moderators are told


def _groups(asker: Asker) -> list[int]:
    """Return the watched groups that the asker moderates."""
    moderated = house.roster.moderated_by(asker.user_id)
    return sorted(group for group in moderated if house.settings.archives(group))
