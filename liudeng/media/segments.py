"""From the segments of a message to what must be fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from liudeng.archive import Segment
from liudeng.media.model import Kind, Reason, State

_KINDS = {
    "image": Kind.IMAGE,
    "mface": Kind.STICKER,
    "file": Kind.FILE,
    "video": Kind.VIDEO,
    "record": Kind.RECORD,
    "forward": Kind.FORWARD,
}
_STICKER_SUMMARY = "动画表情"
_MAX_NAME = 512
_MAX_URL = 4_096
_MAX_SIZE = 2**53


@dataclass(frozen=True, slots=True)
class Draft:
    """An attachment before it has a row."""

    position: int
    """Its place among the message's segments."""
    kind: Kind
    url: str
    file: str
    declared_size: int
    sub_type: int

    @property
    def values(self) -> dict[str, Any]:
        """The columns of a new row; a sticker is noted and never fetched."""
        sticker = self.kind is Kind.STICKER
        return {
            "position": self.position,
            "kind": self.kind.value,
            "url": "" if sticker else self.url,
            "file": self.file,
            "declared_size": self.declared_size,
            "sub_type": self.sub_type,
            "state": (State.REFUSED if sticker else State.PENDING).value,
            "reason": (Reason.STICKER if sticker else Reason.NONE).value,
            "sha256": None,
            "attempts": 0,
        }


def drafts_of(segments: Iterable[Segment]) -> list[Draft]:
    """Return what the segments carry besides words, in their order."""
    return [
        _draft(position, _KINDS[segment["type"]], segment.get("data") or {})
        for position, segment in enumerate(segments)
        if segment.get("type") in _KINDS
    ]


def _draft(position: int, kind: Kind, data: dict[str, Any]) -> Draft:
    sub_type = _number(data.get("sub_type", data.get("subType")))
    if kind is Kind.IMAGE and _is_sticker(data, sub_type):
        kind = Kind.STICKER
    return Draft(
        position=position,
        kind=kind,
        url=_url(data),
        file=_name(data, kind),
        declared_size=_number(data.get("file_size")),
        sub_type=sub_type,
    )


def _is_sticker(data: dict[str, Any], sub_type: int) -> bool:
    """NapCat sends shop stickers as images, too; they have a package."""
    summary = data.get("summary")
    named = isinstance(summary, str) and _STICKER_SUMMARY in summary
    return sub_type != 0 or named or bool(data.get("emoji_package_id"))


def _url(data: dict[str, Any]) -> str:
    url = data.get("url")
    if not isinstance(url, str) or len(url) > _MAX_URL:
        return ""
    # A CQ string escapes it, and some implementations forget to undo that.
    return url.strip().replace("&amp;", "&")


def _name(data: dict[str, Any], kind: Kind) -> str:
    """Return what to ask by. A picture is asked for by its file name, a file by its id."""
    fields = {Kind.FILE: ("file_id", "file"), Kind.FORWARD: ("id",)}.get(kind, ("file", "file_id"))
    for field in fields:
        value = data.get(field)
        if isinstance(value, (str, int)) and str(value) and len(str(value)) <= _MAX_NAME:
            return str(value)
    return ""


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return 0
    try:
        number = int(value)
    except ValueError:
        return 0
    return number if 0 <= number <= _MAX_SIZE else 0
