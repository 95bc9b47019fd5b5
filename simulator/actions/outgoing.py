"""Reading what a bot wants to send: pictures are taken in, nodes become a forward."""

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from simulator.actions.registry import ActionError, Desk
from simulator.cqcode import Segment
from simulator.segments import BadMessageError, normalise, text_segment
from simulator.world import Person

MAX_FILE_BYTES = 30 * 1024 * 1024
MAX_NODES = 200


def read_message(desk: Desk, message: Any, *, auto_escape: bool = False) -> list[Segment]:
    """Segments ready to be said. Raises ActionError."""
    try:
        segments = normalise(message, auto_escape=auto_escape)
    except BadMessageError as error:
        raise ActionError(str(error)) from error
    if any(segment["type"] == "node" for segment in segments):
        return [read_nodes(desk, segments)]
    return [_take_in(desk, segment) for segment in segments]


def _take_in(desk: Desk, segment: Segment) -> Segment:
    if segment["type"] != "image":
        return segment
    data = segment["data"]
    source = str(data.get("file") or data.get("url") or "")
    kept: dict[str, Any] = {
        "summary": str(data.get("summary", "")),
        "file": _keep_picture(desk, source),
        "sub_type": int(data.get("sub_type") or data.get("subType") or 0),
    }
    if not desk.media.knows(kept["file"]):
        kept["url"] = source
    return {"type": "image", "data": kept}


def _keep_picture(desk: Desk, source: str) -> str:
    """The file name under which a picture is known from now on."""
    if desk.media.knows(source):
        return source
    scheme, _, rest = source.partition("://")
    if scheme == "base64":
        return desk.media.keep(_decoded(rest))
    if source.startswith("data:"):
        return desk.media.keep(_decoded(source.partition("base64,")[2]))
    if scheme in ("http", "https"):
        digest = hashlib.md5(source.encode(), usedforsecurity=False).hexdigest().upper()
        return desk.media.name_in_url(source) or f"{digest}.png"
    path = Path(unquote(urlsplit(source).path) if scheme == "file" else source)
    try:
        if not source or path.stat().st_size > MAX_FILE_BYTES:
            raise ActionError("识别URL失败, 文件为空或过大")
        return desk.media.keep(path.read_bytes())
    except OSError as error:
        raise ActionError(f"识别URL失败, uri= {source[:200]}") from error


def _decoded(text: str) -> bytes:
    if len(text) > MAX_FILE_BYTES * 4 // 3:
        raise ActionError("识别URL失败, 文件过大")
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ActionError("识别URL失败, base64 无效") from error
    if not content:
        raise ActionError("识别URL失败, 文件为空")
    return content


def read_nodes(desk: Desk, nodes: Any) -> Segment:
    """A forward segment out of forward nodes. Raises ActionError."""
    if not isinstance(nodes, list) or not 0 < len(nodes) <= MAX_NODES:
        raise ActionError(f"messages 应为 1 到 {MAX_NODES} 个节点的数组")
    inner = [_read_node(desk, node) for node in nodes]
    return {"type": "forward", "data": {"id": desk.forwards.add(inner)}}


def _read_node(desk: Desk, node: Any) -> dict[str, Any]:
    data = node.get("data") if isinstance(node, dict) else None
    if not isinstance(data, dict) or node.get("type") != "node":
        raise ActionError("合并转发的节点应为 {type: node, data: {…}}")
    world = desk.stage.world
    if data.get("id") is not None and data.get("content") is None:
        message = world.message(_number(data["id"]))
        sender = Person(message.user_id, message.card or message.nickname)
        return desk.forwards.node(sender, message.segments, message.time)
    sender = Person(
        _number(data.get("user_id") or data.get("uin") or world.bot.user_id),
        str(data.get("nickname") or data.get("name") or "QQ用户"),
    )
    content = data.get("content")
    if isinstance(content, list) and any(_is_node(item) for item in content):
        # NapCat shows nested forwards inline and answers no get_forward_msg for inner ids.
        inlined = [_read_node(desk, inner) for inner in content]
        segments = [{"type": "forward", "data": {"id": "", "content": inlined}}]
    else:
        segments = read_message(desk, content if content else [text_segment("")])
    return desk.forwards.node(sender, segments, desk.stage.clock.now())


def _is_node(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "node"


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ActionError(f"不是数字：{value!r}") from None
