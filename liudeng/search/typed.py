"""A query as it was typed, with mentions in it."""

from collections.abc import Iterable

from liudeng.archive.message import Segment


def typed_query(rest: str, segments: Iterable[Segment]) -> str:
    """Return what follows a command, through all of the message: a mention is a QQ number.

    `rest` is what followed the command in the text that holds it; what stands behind that text
    is added. A mention that no field precedes means that person's messages.
    """
    query = rest
    command_passed = False
    for segment in segments:
        data = segment.get("data") or {}
        if segment["type"] == "text" and not command_passed:
            command_passed = bool(str(data.get("text", "")).strip())
        elif command_passed and segment["type"] == "text":
            query += str(data.get("text", ""))
        elif command_passed and segment["type"] == "at":
            query = _mentioning(query, str(data.get("qq", "")))
    return query.strip()


def _mentioning(query: str, number: str) -> str:
    before = query.rstrip()
    if before.endswith((":", "：")):
        return f"{before}{number} "
    return f"{query} 发送者:{number} "
