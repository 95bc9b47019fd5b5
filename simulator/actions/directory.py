"""Who is who: the account, friends, groups and members."""

from typing import Any

from simulator.actions.registry import ActionError, NoParams, Params, Request, action
from simulator.config import VERSION
from simulator.world import Group, Member, Person


class GroupParams(Params):
    group_id: int


class MemberParams(GroupParams):
    user_id: int


class StrangerParams(Params):
    user_id: int


@action("get_login_info", NoParams)
def login_info(request: Request, params: NoParams) -> dict[str, Any]:
    """The bot's own account."""
    bot = request.desk.stage.world.bot
    return {"user_id": bot.user_id, "nickname": bot.nickname}


@action("get_status", NoParams)
def status(request: Request, params: NoParams) -> dict[str, Any]:
    """Always well; what is wrong shows elsewhere."""
    return {"online": True, "good": True, "stat": {}}


@action("get_version_info", NoParams)
def version_info(request: Request, params: NoParams) -> dict[str, Any]:
    """What this is."""
    return {
        "app_name": "LiudengSimulator",
        "app_version": VERSION,
        "protocol_version": "v11",
    }


@action("get_friend_list", NoParams)
def friend_list(request: Request, params: NoParams) -> list[dict[str, Any]]:
    """Everybody who befriended the bot."""
    people = request.desk.stage.world.people.values()
    return [_account(person) | {"remark": ""} for person in people if person.friend]


@action("get_stranger_info", StrangerParams)
def stranger_info(request: Request, params: StrangerParams) -> dict[str, Any]:
    """Any account."""
    person = request.desk.stage.world.people.get(params.user_id)
    if person is None:
        raise ActionError("无法获取用户信息")
    return _account(person)


def _account(person: Person) -> dict[str, Any]:
    return {
        "user_id": person.user_id,
        "nickname": person.nickname,
        "sex": "unknown",
        "age": 0,
        "level": 0,
    }


@action("get_group_list", NoParams)
def group_list(request: Request, params: NoParams) -> list[dict[str, Any]]:
    """The groups the bot is in."""
    world = request.desk.stage.world
    return [_group(group) for group in world.groups_with(world.bot.user_id)]


@action("get_group_info", GroupParams)
def group_info(request: Request, params: GroupParams) -> dict[str, Any]:
    """One group."""
    return _group(request.desk.stage.world.group(params.group_id))


def _group(group: Group) -> dict[str, Any]:
    return {
        "group_id": group.group_id,
        "group_name": group.name,
        "group_remark": "",
        "group_all_shut": -1 if group.muted_all else 0,
        "member_count": len(group.members),
        "max_member_count": max(500, len(group.members)),
    }


@action("get_group_member_list", GroupParams)
def member_list(request: Request, params: GroupParams) -> list[dict[str, Any]]:
    """Every member of a group."""
    group = request.desk.stage.world.group(params.group_id)
    return [_member(group, member) for member in group.members.values()]


@action("get_group_member_info", MemberParams)
def member_info(request: Request, params: MemberParams) -> dict[str, Any]:
    """One member of a group."""
    world = request.desk.stage.world
    return _member(world.group(params.group_id), world.member(params.group_id, params.user_id))


def _member(group: Group, member: Member) -> dict[str, Any]:
    return {
        "group_id": group.group_id,
        "user_id": member.person.user_id,
        "nickname": member.person.nickname,
        "card": member.card,
        "sex": "unknown",
        "age": 0,
        "area": "",
        "level": "1",
        "qq_level": 0,
        "join_time": member.join_time,
        "last_sent_time": member.last_sent_time,
        "title_expire_time": 0,
        "unfriendly": False,
        "card_changeable": True,
        "is_robot": False,
        "shut_up_timestamp": member.muted_until,
        "role": member.role,
        "title": "",
    }
