"""Which format a file is, told by what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

import ijson

from liudeng.importing.chatlab import ChatLab
from liudeng.importing.draft import Dialect
from liudeng.importing.lines_format import LiudengLines
from liudeng.importing.qq_exporter import QQChatExporter
from liudeng.importing.records import Numbered, Record, document_records, line_records, parse_line
from liudeng.importing.report import ImportProblem, RecordRefused
from liudeng.importing.source import HEAD_BYTES, ExportFile

_LINES_TRIED = 50
_TOLD = frozenset({"chatlab", "meta.type", "metadata.name", "chatInfo.type", "chunked"})
"""Where in a document's beginning its format stands, and whether it is a private chat."""
_PRIVATE = frozenset({"private", "friend", "c2c"})

_UNKNOWN = (
    "认不出这个文件的格式：请导入 qq-chat-exporter 的 JSON、ChatLab 的 JSON 或 JSONL，"
    "或按 docs/import-formats.md 转成一行一条的 JSON Lines。"
)
_PRIVATE_CHAT = "这是私聊的记录，留灯只存群聊：请导出群聊的记录，再导入。"
_MANIFEST = "这是分块导出的目录文件，里面没有消息：请把 chunks 文件夹里的 .jsonl 文件逐个导入。"


@dataclass(frozen=True, slots=True)
class Format:
    """A file whose format is known."""

    dialect: Dialect
    unit: Literal["行", "条"]
    """What records are counted in: lines of the file, or its messages."""

    def records(self, file: ExportFile) -> Iterator[Numbered]:
        """Read the file's records from its start."""
        if self.unit == "行":
            return line_records(file.lines())
        return document_records(file.document())


@dataclass
class _Beginning:
    """A document before its messages."""

    told: dict[str, Any] = field(default_factory=dict)
    members: list[Record] = field(default_factory=list)
    has_messages: bool = False

    @property
    def is_private(self) -> bool:
        return bool(_PRIVATE & {self.told.get("meta.type"), self.told.get("chatInfo.type")})


def detect(file: ExportFile) -> Format:
    """Tell a file's format.

    Raises:
        ImportProblem: it is none we know, or a private chat.
    """
    head = file.head()
    first = parse_line(head.partition(b"\n")[0].strip())
    if isinstance(first, RecordRefused) or "messages" in first or "chunked" in first:
        known = _document_format(file.document())
        if known is not None:
            return known
    known = _lines_format(head)
    if known is None:
        raise ImportProblem(_UNKNOWN)
    return known


def _document_format(stream: BinaryIO) -> Format | None:
    beginning = _read_beginning(stream)
    told = beginning.told
    is_exporter = "chatInfo.type" in told or "QQChatExporter" in str(told.get("metadata.name"))
    if is_exporter and "chunked" in told:
        raise ImportProblem(_MANIFEST)
    if not beginning.has_messages or not (is_exporter or "chatlab" in told):
        return None
    if beginning.is_private:
        raise ImportProblem(_PRIVATE_CHAT)
    if is_exporter:
        return Format(QQChatExporter(), "条")
    chatlab = ChatLab("ChatLab JSON")
    for member in beginning.members:
        chatlab.learn(member)
    return Format(chatlab, "条")


def _read_beginning(stream: BinaryIO) -> _Beginning:
    """Read a document up to its messages, which may be gigabytes."""
    beginning = _Beginning()
    member: Any = None
    try:
        for prefix, event, value in ijson.parse(stream, multiple_values=True, use_float=True):
            if prefix == "messages" and event == "start_array":
                beginning.has_messages = True
                return beginning
            if prefix == "" and event == "end_map":
                return beginning
            if prefix in _TOLD:
                beginning.told.setdefault(prefix, value)
            if prefix == "members.item" and event == "start_map":
                member = ijson.ObjectBuilder()
            if member is not None and prefix.startswith("members.item"):
                member.event(event, value)
                if prefix == "members.item" and event == "end_map":
                    beginning.members.append(member.value)
    except ijson.JSONError:
        pass  # what was told before may do
    return beginning


def _lines_format(head: bytes) -> Format | None:
    """Take the first line that a format knows; the lines before it may be broken."""
    for raw in _whole_lines(head)[:_LINES_TRIED]:
        record = parse_line(raw)
        if isinstance(record, RecordRefused):
            continue
        known = _line_format(record)
        if known is not None:
            return Format(known, "行")
    return None


def _line_format(record: Record) -> Dialect | None:
    if record.get("_type") == "header" and "chatlab" in record:
        meta = record.get("meta")
        if isinstance(meta, dict) and meta.get("type") in _PRIVATE:
            raise ImportProblem(_PRIVATE_CHAT)
        return ChatLab("ChatLab JSONL")
    if record.get("_type") == "message" and "sender" in record:
        return ChatLab("ChatLab JSONL")
    if QQChatExporter.matches(record):
        return QQChatExporter()
    return LiudengLines() if LiudengLines.matches(record) else None


def _whole_lines(head: bytes) -> list[bytes]:
    lines = [line.strip() for line in head.split(b"\n")]
    if len(head) >= HEAD_BYTES - 3 and len(lines) > 1:
        lines.pop()
    return [line for line in lines if line and not line.startswith(b"#")]
