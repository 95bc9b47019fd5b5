"""打码: a screenshot with names, faces and numbers covered, to pass on."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from liudeng.archive import StoredMessage
from liudeng.covering import CannotCover, CoveredPictures, Names, NotReadYet, StillShown
from liudeng.db import Database
from liudeng.library.asker import Asker
from liudeng.library.entry import Farewell
from liudeng.library.farewells import farewell
from liudeng.library.showing import Showing
from liudeng.library.typed import split_number
from liudeng.library.visible import may_see
from liudeng.media import State, images_of, is_shown
from liudeng.ocr import reading_of

_HOW_TO = "回复一张截图发「打码」，或者写上墙上的编号，例如：打码 12"
_NOT_HERE = "这里没有你能看的 {number} 号。"
_NO_PICTURE = "这条里没有我留下的图。回复一张截图发「打码」试试。"
_NOT_READ = "这张图我还没认完，认完才知道要遮哪里。过一会儿再发一次「打码」。"
_CANNOT = "这张图我打不开，没法遮。"
_DONE = "名字、头像和号码都盖住了。转发前请自己再看一眼，有没有漏下的。"
_SEVERAL = "这里有 {count} 张图，这是第一张。"


@dataclass(frozen=True, slots=True)
class CoveredCopy:
    """What is answered: a sentence, and what makes the picture above it, as PNG."""

    text: str
    draw: Callable[[], Awaitable[bytes | None]] | None = None


class CoveredCopies:
    """Answers 打码."""

    def __init__(
        self,
        database: Database,
        covered: CoveredPictures,
        showing: Showing,
    ) -> None:
        self._database = database
        self._covered = covered
        self._showing = showing

    async def copy_of(self, asker: Asker, message: StoredMessage | None, rest: str) -> CoveredCopy:
        """打码 in reply to a picture, or 打码 <number of an entry>."""
        number, _ = split_number(rest)
        if number is not None:
            return await self._of_entry(asker, number)
        if message is None or message.group_id not in asker.groups:
            return CoveredCopy(_HOW_TO)
        return await self._of_message(message)

    async def _of_message(self, message: StoredMessage) -> CoveredCopy:
        async with self._database.read() as connection:
            found = await images_of(connection, [message.id])
        images = found.get(message.id, ())
        pictures = [one.sha256 for one in images if one.state is State.STORED and one.sha256]

        async def is_said() -> bool:
            async with self._database.read() as connection:
                return await is_shown(connection, pictures[0], {message.group_id})

        names = await self._showing.covered_in_group(message.group_id)
        return await self._of_pictures(pictures, names, is_said)

    async def _of_entry(self, asker: Asker, number: int) -> CoveredCopy:
        async def seen() -> Farewell | None:
            async with self._database.read() as connection:
                entry = await farewell(connection, number)
            return entry if entry and may_see(asker, entry) else None

        async def is_seen() -> bool:
            return await seen() is not None

        entry = await seen()
        if entry is None:
            return CoveredCopy(_NOT_HERE.format(number=number))
        names = await self._showing.covered_in(entry)
        return await self._of_pictures(entry.pictures, names, is_seen)

    async def _of_pictures(
        self, pictures: Sequence[str], names: Names, still_shown: StillShown
    ) -> CoveredCopy:
        if not pictures:
            return CoveredCopy(_NO_PICTURE)
        async with self._database.read() as connection:
            reading = await reading_of(connection, pictures[0])
        try:
            path = await self._covered.get(pictures[0], reading, names, still_shown)
        except NotReadYet:
            return CoveredCopy(_NOT_READ)
        except (CannotCover, OSError):
            return CoveredCopy(_CANNOT)
        several = _SEVERAL.format(count=len(pictures)) if len(pictures) > 1 else ""
        return CoveredCopy(several + _DONE, lambda: asyncio.to_thread(_as_png, path))


def _as_png(path: Path) -> bytes | None:
    """QQ's own clients do not all show WebP. None when it was taken back a moment ago."""
    target = io.BytesIO()
    with suppress(OSError), Image.open(path) as picture:
        picture.save(target, "PNG")
        return target.getvalue()
    return None
