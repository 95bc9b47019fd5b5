"""举报 · 我担心 · 谁看过我：成员私下告诉管理，也看得到管理看过自己几次。"""

from liudeng.archive import find_quoted
from plugins.commands import Asked, on_chat_command
from plugins.recorder import house

from . import commands
from .meaning import reporter_of

report = on_chat_command(commands.REPORT)
worry = on_chat_command(commands.WORRY)
who_saw_me = on_chat_command(commands.WHO_SAW_ME)


@report.handle()
async def _report(asker: Asked) -> None:
    """In the group the bot says nothing: who reported is nobody's business there."""
    if asker.group_id is None:
        await asker.answer(await house.desk.reports.of_person(reporter_of(asker), asker.rest))
        return
    if asker.quoted is None:
        return
    await house.writer.drain()  # it may have been said a moment ago
    message = await find_quoted(house.database, asker.group_id, asker.quoted)
    answer = await house.desk.reports.of_message(reporter_of(asker), message, asker.rest)
    await house.desk.tell_privately(asker.user_id, f"{asker.message_id}:{asker.time}", answer)
    house.sender.wake()


@worry.handle()
async def _worry(asker: Asked) -> None:
    await asker.answer(await house.desk.reports.worry(reporter_of(asker), asker.rest))


@who_saw_me.handle()
async def _who_saw_me(asker: Asked) -> None:
    await asker.answer(await house.desk.viewing.who_saw_me(asker.user_id))
