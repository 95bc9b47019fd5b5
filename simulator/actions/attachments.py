"""Pictures, essence messages and reactions."""

from typing import Any

from simulator.actions.registry import ActionError, NoParams, Params, Request, action
from simulator.world import Essence, Group, WorldError

ESSENCE_SHOWN = 20


class FileParams(Params):
    file: str = ""
    file_id: str = ""


class MessageId(Params):
    message_id: int


class EmojiParams(MessageId):
    emoji_id: str
    set: bool = True


class GroupParams(Params):
    group_id: int


@action("get_image", FileParams)
def get_image(request: Request, params: FileParams) -> dict[str, Any]:
    """A fresh URL for a picture."""
    media = request.desk.media
    name = params.file or params.file_id
    if not media.knows(name):
        raise ActionError("file not found")
    return {
        "file": f"/app/.config/QQ/nt_qq/nt_data/Pic/Ori/{name.lower()}",
        "url": media.url(name),
        "file_size": str(media.size(name)),
        "file_name": name,
    }


@action("get_record", FileParams)
def get_record(request: Request, params: FileParams) -> None:
    """Voice is not simulated."""
    raise ActionError("模拟器不提供语音文件")


@action("can_send_image", NoParams)
@action("can_send_record", NoParams)
def can_send(request: Request, params: NoParams) -> dict[str, bool]:
    """Pictures yes, voice no."""
    return {"yes": request.action == "can_send_image"}


@action("set_essence_msg", MessageId)
def set_essence(request: Request, params: MessageId) -> dict[str, Any]:
    """Pin a message."""
    stage = request.desk.stage
    message = stage.world.message(params.message_id)
    group = _managed_group(request, params.message_id)
    now = stage.clock.now()
    group.essence[message.message_id] = Essence(message, stage.world.bot.user_id, now)
    _tell(request, group, params.message_id, "add")
    return {"errCode": 0, "msg": "", "result": {"wording": "", "digestUin": "", "digestTime": now}}


@action("delete_essence_msg", MessageId)
def delete_essence(request: Request, params: MessageId) -> dict[str, Any]:
    """Unpin a message."""
    message = request.desk.stage.world.message(params.message_id)
    group = _managed_group(request, params.message_id)
    if group.essence.pop(message.message_id, None) is None:
        raise ActionError("不是精华消息")
    _tell(request, group, params.message_id, "delete")
    return {"errCode": 0, "msg": ""}


def _managed_group(request: Request, message_id: int) -> Group:
    world = request.desk.stage.world
    message = world.message(message_id)
    if message.group_id is None:
        raise ActionError("不是群消息")
    if world.member(message.group_id, world.bot.user_id).role == "member":
        raise ActionError("没有权限：不是管理员")
    if message.recalled:
        raise WorldError("消息已经撤回")
    return world.group(message.group_id)


def _tell(request: Request, group: Group, message_id: int, sub_type: str) -> None:
    stage = request.desk.stage
    stage.notice(
        "essence",
        group_id=group.group_id,
        message_id=message_id,
        sender_id=stage.world.message(message_id).user_id,
        operator_id=stage.world.bot.user_id,
        sub_type=sub_type,
    )


@action("get_essence_msg_list", GroupParams)
def essence_list(request: Request, params: GroupParams) -> list[dict[str, Any]]:
    """The newest pinned messages, newest first; QQ shows no more than about twenty."""
    world, payloads = request.desk.stage.world, request.desk.stage.payloads
    pinned = list(world.group(params.group_id).essence.values())[-ESSENCE_SHOWN:]
    return [
        {
            "msg_seq": item.message.seq,
            "msg_random": item.message.message_id,
            "sender_id": item.message.user_id,
            "sender_nick": item.message.card or item.message.nickname,
            "operator_id": item.operator_id,
            "operator_nick": world.person(item.operator_id).nickname,
            "message_id": item.message.message_id,
            "operator_time": item.time,
            "content": payloads.segments(item.message.segments),
        }
        for item in reversed(pinned)
    ]


@action("set_msg_emoji_like", EmojiParams)
def emoji_like(request: Request, params: EmojiParams) -> dict[str, Any]:
    """React to a message."""
    stage = request.desk.stage
    message = stage.world.message(params.message_id)
    if message.group_id is not None:
        stage.notice(
            "group_msg_emoji_like",
            group_id=message.group_id,
            user_id=stage.world.bot.user_id,
            message_id=params.message_id,
            likes=[{"emoji_id": params.emoji_id, "count": 1 if params.set else 0}],
        )
    return {"result": 0, "errMsg": ""}
