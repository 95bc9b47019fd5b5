"""Who comes is told what is kept; a group that is left is asked about."""

from nonebot import on_notice
from nonebot.adapters.onebot.v11 import GroupDecreaseNoticeEvent, GroupIncreaseNoticeEvent

from plugins.recorder import house

# Before the recorder forgets the group's name.
notice = on_notice(priority=0, block=False)


@notice.handle()
async def _came(event: GroupIncreaseNoticeEvent) -> None:
    if not house.settings.archives(event.group_id):
        return
    if event.user_id == event.self_id:
        await house.privacy.leaving.came_back(event.group_id)
        await house.privacy.notices.joined_group(event.group_id, event.time * 1000)
    else:
        house.privacy.notices.member_joined(event.group_id, event.user_id)


@notice.handle()
async def _went(event: GroupDecreaseNoticeEvent) -> None:
    if event.user_id == event.self_id:
        name = house.roster.group_name(event.group_id)
        await house.privacy.leaving.left(event.group_id, name)
        house.sender.wake()
