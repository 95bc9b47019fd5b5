"""Keeps the roster current between connections."""

from nonebot import on_notice
from nonebot.adapters.onebot.v11 import (
    FriendAddNoticeEvent,
    GroupAdminNoticeEvent,
    GroupDecreaseNoticeEvent,
    GroupIncreaseNoticeEvent,
)

from .wiring import house

notice = on_notice(priority=1, block=False)


@notice.handle()
async def _joined(event: GroupIncreaseNoticeEvent) -> None:
    if event.user_id == event.self_id:
        house.connected()  # a group nobody here knows yet: learn who is in it, as at a connection
        return
    house.roster.joined(event.group_id, event.user_id)
    if house.settings.archives(event.group_id):
        await house.moderation.arrived(event.group_id, event.user_id)
    await house.entrance.arrived(event.group_id, event.user_id)


@notice.handle()
async def _left(event: GroupDecreaseNoticeEvent) -> None:
    if event.user_id == event.self_id:
        house.roster.forget_group(event.group_id)
    else:
        house.roster.left(event.group_id, event.user_id)


@notice.handle()
async def _promoted(event: GroupAdminNoticeEvent) -> None:
    role = "admin" if event.sub_type == "set" else "member"
    house.roster.set_role(event.group_id, event.user_id, role)


@notice.handle()
async def _befriended(event: FriendAddNoticeEvent) -> None:
    if event.user_id != event.self_id:  # some implementations name the bot itself
        house.roster.add_friend(event.user_id)
        house.sender.wake()
