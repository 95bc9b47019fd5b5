"""缺图: which pictures are gone, and a request to those who may still have them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database
from liudeng.media.queries import MissingPicture, missing_pictures

_SHOWN = 10
_NAME_LIMIT = 20
_NO_GROUPS = "你和我还没有共同的群，所以没有可以查的图。请在有我的群里发「缺图」。"
_NONE_MISSING = "没有缺的图：我收到的每一张都留下了。"
_REQUEST = "如果上面有你发的、原图还在手机里，方便时请再发一次，我会马上收好。谢谢你。"


class MissingPictures:
    """Answers 缺图."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    async def answer(self, groups: Collection[int]) -> str:
        """Return one message: how many are gone, whose, and the request. Nobody is @-ed."""
        if not groups:
            return _NO_GROUPS
        async with self._database.read() as connection:
            missing = await missing_pictures(connection, groups)
        return self._text(missing) if missing else _NONE_MISSING

    def _text(self, missing: Sequence[MissingPicture]) -> str:
        total = sum(message.pictures for message in missing)
        lines = [f"有 {total} 张图没能留下（多半是链接先过期了）："]
        lines += [self._line(message) for message in missing[:_SHOWN]]
        if len(missing) > _SHOWN:
            lines.append(f"……还有更早的 {len(missing) - _SHOWN} 条消息里的图")
        lines.append(_REQUEST)
        return "\n".join(lines)

    def _line(self, message: MissingPicture) -> str:
        when = datetime.fromtimestamp(message.time_ms / 1000, self._zone).strftime("%m-%d %H:%M")
        pictures = f"，{message.pictures} 张" if message.pictures > 1 else ""
        return f"#{message.seq} {when} {_short(message.author)}{pictures}"


def _short(name: str) -> str:
    """A name on one line that cannot be mistaken for a mention."""
    line = " ".join(name.split()).lstrip("@＠")
    return line if len(line) <= _NAME_LIMIT else line[: _NAME_LIMIT - 1] + "…"
