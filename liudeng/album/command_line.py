"""`liudeng album`: writing it, and saying what it could not hold."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from liudeng.album.folder import check_place, replace_album, zip_path
from liudeng.album.gathering import gather
from liudeng.album.model import Gathered
from liudeng.album.site import write_site
from liudeng.covering import CoveredPictures
from liudeng.db import Database
from liudeng.library import public_farewells
from liudeng.media import MediaStore
from liudeng.settings import Settings


async def write_album(
    settings: Settings, group: int, out: Path, *, zipped: bool, console: Console
) -> bool:
    """Write the album of a group into a folder and say how it went; the bot may run meanwhile.

    Returns:
        False when the group has nothing to show; an album that was there is then empty.

    Raises:
        NoAlbumThere: the folder holds something else.
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
        OSError: the disk refuses.
    """
    there = check_place(out)
    # Copies of its own: the bot clears its folder of them when it starts.
    with tempfile.TemporaryDirectory(prefix="liudeng-album-") as copies:
        gathered = await _gathered(settings, group, Path(copies))
        if not gathered.entries and not there:
            _tell_missing(gathered, console)
            console.print("这个群还没有公开的告别，没有写出纪念册。作者发“可见 公开”才会收进来。")
            return False
        await asyncio.to_thread(
            replace_album, out, lambda folder: write_site(folder, gathered), zipped=zipped
        )
    _tell(gathered, out, console, zipped=zipped)
    return bool(gathered.entries)


async def _gathered(settings: Settings, group: int, copies: Path) -> Gathered:
    database = Database(settings.database_path)
    pictures = CoveredPictures(MediaStore(settings.data_dir / "media"), copies)
    try:
        gathered = await gather(database, pictures, group)
        async with database.read() as connection:  # covering took minutes
            public = {entry.id for entry in await public_farewells(connection, group)}
    finally:
        await database.close()
    entries = tuple(entry for entry in gathered.entries if entry.id in public)
    return replace(gathered, entries=entries)


def _tell(gathered: Gathered, out: Path, console: Console, *, zipped: bool) -> None:
    shots = sum(len(entry.shots) for entry in gathered.entries)
    console.print(f"写好了：{len(gathered.entries)} 封，{shots} 张图（都已遮盖）。")
    console.print(f"打开 {out / 'index.html'}", soft_wrap=True, highlight=False)
    if zipped:
        console.print(f"压缩包 {zip_path(out)}", soft_wrap=True, highlight=False)
    _tell_missing(gathered, console)


def _tell_missing(gathered: Gathered, console: Console) -> None:
    if gathered.unread:
        console.print(
            f"有 {gathered.unread} 张图还没认过字，没法确定要遮盖什么，先没有放进去："
            "运行 liudeng ocr --pending 之后再写一次。",
            soft_wrap=True,
        )
    if gathered.unreadable:
        console.print(
            f"有 {gathered.unreadable} 张图认不出或已经不在了，没法遮盖，没有放进去。",
            soft_wrap=True,
        )
    if gathered.left_out:
        console.print(f"因此有 {gathered.left_out} 封暂时没有收进来。")
