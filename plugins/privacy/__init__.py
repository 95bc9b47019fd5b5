"""隐私：存不存、看不看、给我看、删掉我，都由成员自己说；进群时先告知。"""

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.outbox import Kind, Letter, Target, text_segment
from liudeng.privacy import Member, standing_text
from plugins.commands import Asked, Asker, on_chat_command
from plugins.recorder import house

from . import commands

__plugin_meta__ = PluginMetadata(
    name="隐私",
    description="存不存、看不看、给我看、删掉我，由成员自己说",
    usage="隐私｜不要存我｜只存存档｜存我｜别看我｜我的数据｜删掉我｜群存档 开/自愿/关",
    type="application",
    supported_adapters={"~onebot.v11"},
)

from . import notices

__all__ = ["notices"]

about = on_chat_command(commands.ABOUT)
refuse = on_chat_command(commands.REFUSE)
wall_only = on_chat_command(commands.WALL_ONLY)
keep = on_chat_command(commands.KEEP)
watch_less = on_chat_command(commands.WATCH_LESS)
watch = on_chat_command(commands.WATCH)
my_data = on_chat_command(commands.MY_DATA)
erase = on_chat_command(commands.ERASE)
confirm = on_chat_command(commands.CONFIRM)
group_mode = on_chat_command(commands.GROUP_MODE)
departure = on_chat_command(commands.DEPARTURE)


@about.handle()
async def _about(asker: Asked) -> None:
    standing = standing_text(house.privacy.desk.standing(_member(asker)))
    words = house.privacy.notices.about(asker.group_id)
    await asker.answer_untraced(f"{words}\n{standing}")


@refuse.handle()
async def _refuse(asker: Asked) -> None:
    await asker.answer_untraced(await house.privacy.desk.refuse(_member(asker)))


@wall_only.handle()
async def _wall_only(asker: Asked) -> None:
    await asker.answer_untraced(await house.privacy.desk.wall_only(_member(asker)))


@keep.handle()
async def _keep(asker: Asked) -> None:
    await asker.answer_untraced(await house.privacy.desk.keep(_member(asker)))


@watch_less.handle()
async def _watch_less(asker: Asked) -> None:
    await asker.answer_untraced(await house.privacy.desk.watch_less(_member(asker)))


@watch.handle()
async def _watch(asker: Asked) -> None:
    await asker.answer_untraced(await house.privacy.desk.watch(_member(asker)))


@my_data.handle()
async def _my_data(asker: Asked) -> None:
    answer = await house.privacy.mail.hand_out(asker.user_id)
    await asker.answer_untraced(answer)


@erase.handle()
async def _erase(asker: Asked) -> None:
    await asker.answer_untraced(await house.privacy.desk.ask_to_erase(_member(asker)))


@confirm.handle()
async def _confirm(asker: Asked) -> None:
    async def tell(receipt: str) -> None:
        await _tell_receipt(asker, receipt)

    await asker.answer_untraced(await house.privacy.desk.erase(_member(asker), tell))


@group_mode.handle()
async def _group_mode(asker: Asked) -> None:
    await asker.answer(await house.privacy.desk.group_mode(_member(asker), asker.rest))


@departure.handle()
async def _departure(asker: Asked) -> None:
    answer, erase_now = await house.privacy.desk.decide(asker.rest)
    if erase_now:
        house.privacy.daily.wake()
    await asker.answer(answer)


def _member(asker: Asker) -> Member:
    return Member(str(asker.user_id), asker.group_id, asker.time * 1000)


async def _tell_receipt(asker: Asker, receipt: str) -> None:
    """In private it leaves no row: a letter to the erased would keep their number."""
    if asker.group_id is None:
        await house.privacy.mail.tell(asker.user_id, receipt)
        return
    await house.sender.say(
        Letter(
            key=f"privacy:receipt:{asker.message_id}:{asker.time}",
            kind=Kind.NOTICE,
            target=Target.GROUP,
            target_id=asker.group_id,
            segments=(text_segment(receipt),),
        )
    )
