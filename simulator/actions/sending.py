"""Sending: messages, forwards, files."""

from typing import Any, Literal

from simulator.actions.outgoing import read_message, read_nodes
from simulator.actions.registry import ActionError, Params, Request, action
from simulator.cqcode import Segment
from simulator.ledger import Sent
from simulator.segments import plain_text
from simulator.world import Place

SENDING = frozenset(
    {
        "send_msg",
        "send_group_msg",
        "send_private_msg",
        "send_group_forward_msg",
        "send_private_forward_msg",
        "upload_group_file",
        "upload_private_file",
    }
)


class Target(Params):
    """Where to; real clients fill in more than they should."""

    user_id: int | None = None
    group_id: int | None = None
    message_type: Literal["private", "group"] | None = None


class MessageParams(Target):
    message: Any = None
    auto_escape: bool = False


class ForwardParams(Target):
    messages: Any = None


class FileParams(Target):
    file: str
    name: str = ""


def place_for(request: Request, target: Target, *, private: bool) -> tuple[Place, bool]:
    """The chat NapCat would choose, and whether that leaks a private message to a group.

    Imitates ``createContext``: asked for a private chat with somebody it cannot resolve to a
    friend, it takes the ``group_id`` that happened to be passed along.
    """
    world = request.desk.stage.world
    if not private:
        if target.group_id not in world.groups:
            raise ActionError(f"群({target.group_id})不存在")
        if world.bot.user_id not in world.groups[target.group_id].members:
            raise ActionError("机器人不在这个群")
        return Place(group_id=target.group_id), False
    if target.user_id is None:
        raise ActionError("请指定正确的 group_id 或 user_id")
    person = world.people.get(target.user_id)
    if person is not None and person.friend:
        return Place(peer=person.user_id), False
    if target.group_id in world.groups:
        return Place(group_id=target.group_id), True
    shared = world.groups_with(target.user_id)
    if person is None or not shared:
        raise ActionError("无法获取用户信息")
    if request.desk.faults.refuse_private:
        raise ActionError("发送失败：对方不是好友，临时会话被拒绝")
    return Place(peer=person.user_id, temp_group=shared[0].group_id), False


def wants_private(action_name: str, target: Target) -> bool:
    """Whether the caller meant a person."""
    if "private" in action_name:
        return True
    if "group" in action_name or target.message_type == "group":
        return False
    return target.message_type == "private" or target.user_id is not None


def post(request: Request, target: Target, segments: list[Segment]) -> int:
    """Say it where NapCat would, and note it; returns the message id."""
    place, leaked = place_for(request, target, private=wants_private(request.action, target))
    stage = request.desk.stage
    message = stage.bot_says(place, segments)
    stage.on_sent(
        Sent(
            action=request.action,
            target="private" if place.group_id is None else "group",
            group_id=place.group_id,
            user_id=target.user_id if leaked else place.peer,
            text=plain_text(segments),
            message_id=message.message_id,
            at=request.at,
            leaked=leaked,
            segments=segments,
        )
    )
    return message.message_id


@action("send_msg", MessageParams)
@action("send_group_msg", MessageParams)
@action("send_private_msg", MessageParams)
def send_message(request: Request, params: MessageParams) -> dict[str, Any]:
    """Send a message; a message of nodes is sent as a merged forward."""
    segments = read_message(request.desk, params.message, auto_escape=params.auto_escape)
    return {"message_id": post(request, params, segments)}


@action("send_group_forward_msg", ForwardParams)
@action("send_private_forward_msg", ForwardParams)
def send_forward(request: Request, params: ForwardParams) -> dict[str, Any]:
    """Send nodes as a merged forward."""
    segment = read_nodes(request.desk, params.messages)
    forward_id = segment["data"]["id"]
    return {
        "message_id": post(request, params, [segment]),
        "res_id": forward_id,
        "forward_id": forward_id,
    }


@action("upload_group_file", FileParams)
@action("upload_private_file", FileParams)
def upload_file(request: Request, params: FileParams) -> dict[str, Any]:
    """Send a file; only its name is kept."""
    name = params.name or params.file.replace("\\", "/").rsplit("/", 1)[-1][:120]
    data = {"file": name, "file_id": f"/{request.at:x}", "file_size": "0"}
    post(request, params, [{"type": "file", "data": data}])
    return {"file_id": data["file_id"]}
