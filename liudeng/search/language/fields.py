"""The fields of the query language: their names in Chinese and English, and what they mean."""

from collections.abc import Callable
from dataclasses import dataclass

from liudeng.search.language.calendar import Calendar
from liudeng.search.query import Form, From, Has, In, Kind, Leaf, ReplyTo, Said, Sort

_KINDS = {
    Kind.IMAGE: ("图", "图片", "截图", "照片", "image", "img", "pic", "picture", "photo"),
    Kind.STICKER: ("表情", "表情包", "sticker"),
    Kind.LINK: ("链接", "网址", "link", "url"),
    Kind.FILE: ("文件", "file"),
    Kind.FORWARD: ("转发", "合并转发", "聊天记录", "forward"),
    Kind.VOICE: ("语音", "voice", "record", "audio"),
    Kind.VIDEO: ("视频", "video"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_SORTS = {
    Sort.NEWEST: ("新", "最新", "时间", "new", "newest", "date", "time"),
    Sort.OLDEST: ("旧", "最旧", "最早", "old", "oldest"),
    Sort.RELEVANCE: ("相关", "相关度", "relevance", "best", "score"),
}
_SORT_OF = {word: sort for sort, words in _SORTS.items() for word in words}
_FORM_OF = {"markdown": Form.MARKDOWN, "md": Form.MARKDOWN, "json": Form.JSON}
_FORM_OF |= {"html": Form.HTML, "网页": Form.HTML, "文本": Form.MARKDOWN}
_EACH = ("逐条", "全部", "每条", "all", "each")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Show:
    """Every hit by itself."""


Meaning = Leaf | Sort | Show | Form


def _from(value: str, _: Calendar) -> Meaning | None:
    name = value.removeprefix("@").strip()
    return From(name) if 0 < len(name) <= _LONGEST_NAME else None


def _in(value: str, _: Calendar) -> Meaning | None:
    return In(value) if len(value) <= _LONGEST_NAME else None


def _before(value: str, calendar: Calendar) -> Meaning | None:
    days = calendar.days(value)
    return Said(before_ms=calendar.start_ms(days.first)) if days else None


def _after(value: str, calendar: Calendar) -> Meaning | None:
    days = calendar.days(value)
    return Said(since_ms=calendar.start_ms(days.first)) if days else None


def _on(value: str, calendar: Calendar) -> Meaning | None:
    days = calendar.days(value)
    if days is None:
        return None
    return Said(calendar.start_ms(days.first), calendar.start_ms(days.end))


def _has(value: str, _: Calendar) -> Meaning | None:
    kind = _KIND_OF.get(value.lower())
    return Has(kind) if kind else None


def _reply(value: str, _: Calendar) -> Meaning | None:
    name = value.removeprefix("@").strip()
    return ReplyTo(name) if 0 < len(name) <= _LONGEST_NAME else None


def _sort(value: str, _: Calendar) -> Meaning | None:
    return _SORT_OF.get(value.lower())


def _show(value: str, _: Calendar) -> Meaning | None:
    return Show() if value.lower() in _EACH else None


def _form(value: str, _: Calendar) -> Meaning | None:
    return _FORM_OF.get(value.lower())


_FIELDS: dict[Callable[[str, Calendar], Meaning | None], tuple[str, ...]] = {
    _from: ("发送者", "发送人", "来自", "from", "by", "sender"),
    _in: ("群", "群聊", "in", "group"),
    _before: ("之前", "早于", "before", "until"),
    _after: ("之后", "晚于", "自从", "after", "since"),
    _on: ("日期", "时间", "on", "date"),
    _has: ("有", "包含", "has"),
    _reply: ("回复", "reply", "replyto"),
    _sort: ("排序", "sort", "order"),
    _show: ("显示", "show"),
    _form: ("格式", "format"),
}
_READERS = {name: reader for reader, names in _FIELDS.items() for name in names}

NAMES = tuple(sorted(_READERS, key=len, reverse=True))
"""Every name of every field, no name before a longer one that it begins."""


def meaning(name: str, value: str, calendar: Calendar) -> Meaning | None:
    """Return what a field says, None when its value cannot be understood."""
    return _READERS[name.lower()](value.strip(), calendar)
