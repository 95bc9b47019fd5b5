"""Attachments, the files behind them, and why one is missing."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an attachment is, as the sender's client said."""

    IMAGE = "image"
    STICKER = "sticker"
    FILE = "file"
    VIDEO = "video"
    RECORD = "record"
    FORWARD = "forward"
    """A merged forward: `stored` means that it was opened."""


class State(StrEnum):
    """What became of an attachment."""

    PENDING = "pending"
    STORED = "stored"
    LOST = "lost"
    """It could not be had; the author may still have it."""
    REFUSED = "refused"
    """It is not wanted: `Reason` says why."""


class Reason(StrEnum):
    """Why an attachment is not there; `explanation` is for the log."""

    NONE = ""
    STICKER = "sticker"
    RECALLED = "recalled"
    BAD_URL = "bad_url"
    FORBIDDEN_ADDRESS = "forbidden_address"
    REDIRECTS = "redirects"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_FRAMES = "too_many_frames"
    TRUNCATED = "truncated"
    BROKEN = "broken"
    TOO_HARD = "too_hard"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    SERVER = "server"
    DISK = "disk"
    INTERNAL = "internal"

    @property
    def explanation(self) -> str:
        """A few Chinese words for the operator."""
        return _EXPLANATIONS.get(self, self.value)


_EXPLANATIONS = {
    Reason.RECALLED: "消息已撤回",
    Reason.BAD_URL: "地址不是可用的 http(s) 链接",
    Reason.FORBIDDEN_ADDRESS: "地址不在公网上",
    Reason.REDIRECTS: "跳转次数太多",
    Reason.TOO_LARGE: "文件超过大小上限",
    Reason.EMPTY: "文件是空的",
    Reason.NOT_AN_IMAGE: "内容不是图片",
    Reason.TOO_MANY_PIXELS: "像素超过上限",
    Reason.TOO_MANY_FRAMES: "动画帧数超过上限",
    Reason.TRUNCATED: "图片不完整",
    Reason.BROKEN: "图片损坏",
    Reason.TOO_HARD: "解码超出时间或内存上限",
    Reason.EXPIRED: "链接已过期，也换不到新的",
    Reason.UNREACHABLE: "连不上图片服务器",
    Reason.TIMEOUT: "下载超时",
    Reason.SERVER: "图片服务器出错",
    Reason.DISK: "写不进媒体目录",
    Reason.INTERNAL: "内部错误",
}

ASK_AGAIN = (Reason.EMPTY, Reason.TRUNCATED, Reason.BROKEN)
"""Refused for what the copy was like, not for what it is: another copy may be whole."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something a message carries besides words."""

    id: int
    message_row: int
    forwarded_id: int
    """The node inside a merged forward, or 0."""
    position: int
    kind: Kind
    url: str
    file: str
    """What the implementation calls it: it can be asked for by this."""
    declared_size: int
    sub_type: int
    state: State
    sha256: str | None
    reason: Reason
    attempts: int
    due_ms: int


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that is kept."""

    sha256: str
    size: int
    mime: str
    width: int | None
    """In pixels, upright; None for what is no picture."""
    height: int | None
    frames: int | None
    phash: str | None
    """256 bits as hex; copies of one picture differ in few of them."""
    stored_ms: int

    @property
    def is_picture(self) -> bool:
        """Whether it was decoded and has a thumbnail."""
        return self.width is not None
