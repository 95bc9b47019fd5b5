"""Reading and taking back messages."""

from typing import Any

from simulator.actions.registry import ActionError, Params, Request, action
from simulator.world import Chat, ChatMessage, Place, WorldError

OWN_RECALL_SECONDS = 120


class MessageId(Params):
    message_id: int


class ForwardId(Params):
    message_id: str | None = None
    id: str | None = None


class HistoryParams(Params):
    message_seq: int | None = None
    count: int = 20
    reverse_order: bool = False


class GroupHistoryParams(HistoryParams):
    group_id: int


class FriendHistoryParams(HistoryParams):
    user_id: int


@action("get_msg", MessageId)
def get_message(request: Request, params: MessageId) -> dict[str, Any]:
    """One message by id; a recalled one is gone."""
    message = request.desk.stage.world.message(params.message_id)
    if message.recalled:
        raise ActionError("消息不存在")
    return request.desk.stage.payloads.message(message, params.message_id)


@action("delete_msg", MessageId)
def delete_message(request: Request, params: MessageId) -> None:
    """Recall; own messages within two minutes, those of lower ranks in a group at any time."""
    stage = request.desk.stage
    message = stage.world.message(params.message_id)
    late = stage.clock.now() - message.time > OWN_RECALL_SECONDS
    if message.is_self and late and not _manages(request, message):
        raise ActionError("撤回失败：超过 2 分钟")
    stage.recall(params.message_id, stage.world.bot.user_id)


def _manages(request: Request, message: ChatMessage) -> bool:
    if message.group_id is None:
        return False
    world = request.desk.stage.world
    return world.member(message.group_id, world.bot.user_id).role != "member"


@action("get_forward_msg", ForwardId)
def get_forward(request: Request, params: ForwardId) -> dict[str, Any]:
    """What is inside a merged forward."""
    desk = request.desk
    wanted = params.id or params.message_id or ""
    nodes = desk.forwards.get(wanted)
    if nodes is None and wanted.lstrip("-").isdigit():
        nodes = desk.forwards.get(_forward_in(request, int(wanted)))
    if nodes is None:
        raise ActionError("消息不存在或已过期")
    payloads = desk.stage.payloads
    return {"messages": [node | {"message": payloads.segments(node["message"])} for node in nodes]}


def _forward_in(request: Request, message_id: int) -> str:
    try:
        message = request.desk.stage.world.message(message_id)
    except WorldError:
        return ""
    found = (s["data"]["id"] for s in message.segments if s["type"] == "forward")
    return next(found, "")


@action("get_group_msg_history", GroupHistoryParams)
def group_history(request: Request, params: GroupHistoryParams) -> dict[str, Any]:
    """A page of a group's messages, oldest first."""
    world = request.desk.stage.world
    world.member(params.group_id, world.bot.user_id)
    chat = world.group(params.group_id).chat
    return _page(request, chat, params)


@action("get_friend_msg_history", FriendHistoryParams)
def friend_history(request: Request, params: FriendHistoryParams) -> dict[str, Any]:
    """A page of a private chat's messages, oldest first."""
    chat = request.desk.stage.world.chat_of(Place(peer=params.user_id))
    return _page(request, chat, params)


def _page(request: Request, chat: Chat, params: HistoryParams) -> dict[str, Any]:
    """NapCat's paging: from ``message_seq`` (a short id, included) on, or back from it.

    Recalled messages are left out; an empty page is an error.
    """
    faults = request.desk.faults
    count = max(1, min(params.count, 5000))
    limit = faults.history_limit
    floor = 0 if limit is None else max(0, len(chat.messages) - limit)
    if not params.message_seq:
        page = _backwards(chat, len(chat.messages) - 1, floor, count)
    else:
        start = _position(request, chat, params.message_seq)
        if params.reverse_order:
            page = _backwards(chat, start, floor, count)
        else:
            page = _forwards(chat, max(start, floor), count)
    if not page:
        raise ActionError(f"消息{params.message_seq or 0}不存在")
    world, payloads = request.desk.stage.world, request.desk.stage.payloads
    if faults.change_message_ids:
        return {"messages": [payloads.message(m, world.other_id(m)) for m in page]}
    return {"messages": [payloads.message(m) for m in page]}


def _position(request: Request, chat: Chat, message_id: int) -> int:
    message = request.desk.stage.world.message(message_id)
    # Sequence numbers in a chat have no gaps, so the distance from its first is the position.
    position = message.seq - chat.messages[0].seq if chat.messages else -1
    if not 0 <= position < len(chat.messages) or chat.messages[position] is not message:
        raise ActionError(f"消息{message_id}不存在")
    return position


def _backwards(chat: Chat, start: int, floor: int, count: int) -> list[ChatMessage]:
    page: list[ChatMessage] = []
    position = start
    while position >= floor and len(page) < count:
        if not chat.messages[position].recalled:
            page.append(chat.messages[position])
        position -= 1
    page.reverse()
    return page


def _forwards(chat: Chat, start: int, count: int) -> list[ChatMessage]:
    page: list[ChatMessage] = []
    for message in chat.messages[start:]:
        if len(page) == count:
            break
        if not message.recalled:
            page.append(message)
    return page
