"""我的数据: all that is kept of a person, for that person: JSON, readable HTML, and the files."""

import asyncio
import html
import json
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage, shown_text
from liudeng.archive.people import all_said
from liudeng.db import Database
from liudeng.holding import Holder
from liudeng.media import MediaStore
from liudeng.media.personal import files_of
from liudeng.privacy.counting import Inventory, take_stock
from liudeng.privacy.texts import stock_text

PART_BYTES = 3 * 1024 * 1024
"""Of files in one archive: it travels to the implementation inside one frame."""
MOST_PARTS = 12
_MESSAGES_IN_A_FILE = 5_000
_LIKE_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")
_WITHHELD = "案件只列出时间和等级：里面有别人说的话，也关系到人的安全。谁看过，私聊发「谁看过我」。"
_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>我的数据</title>
<style>
body {{ font: 16px/1.7 system-ui, sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em }}
h1 {{ font-size: 1.3em }} h2 {{ font-size: 1em; color: #777; margin-top: 2em }}
p {{ margin: .6em 0; white-space: pre-wrap; overflow-wrap: anywhere }}
img {{ max-width: 16em; max-height: 16em; display: block; border-radius: 6px }}
time, i {{ color: #777; font-style: normal }}
@media (prefers-color-scheme: dark) {{ body {{ background: #1c1b19; color: #e8e4dc }} }}
</style>
<h1>我的数据</h1><p><i>{note}</i></p>
"""


@dataclass
class Copy:
    """A folder with everything, and what could not be put into it."""

    folder: Path
    stock: Inventory
    texts: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    missing: int = 0
    """Files that are kept in name only."""


class HandingOut:
    """Writes what is kept of a person into a folder, and packs it into archives."""

    def __init__(
        self,
        database: Database,
        store: MediaStore,
        holders: Sequence[Holder],
        folder: Path,
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._store = store
        self._holders = holders
        self._folder = folder
        self._zone = zone

    @asynccontextmanager
    async def copy(self, user_id: str) -> AsyncIterator[Copy]:
        """Write everything into a folder that is gone afterwards, whatever happens."""
        folder = await asyncio.to_thread(self._new_folder)
        try:
            yield await self.write(user_id, folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def write(self, user_id: str, folder: Path) -> Copy:
        """Write everything into a folder. Raises OSError."""
        async with self._database.read() as connection:
            stock = await take_stock(connection, user_id, self._holders)
            rooms = {one.title: await one.hand_out(connection, user_id) for one in self._holders}
        copy = Copy(folder, stock)
        await self._write_messages(user_id, copy)
        about = {
            "user": user_id,
            "written": datetime.now(self._zone).isoformat(timespec="seconds"),
            "note": _WITHHELD,
            **rooms,
        }
        await asyncio.to_thread(_write_json, folder / "index.json", about)
        await asyncio.to_thread(self._write_index, copy, rooms)
        copy.texts += [folder / "index.json", folder / "index.html"]
        return copy

    def clear(self) -> None:
        """Delete what a crash has left behind. Blocks."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _new_folder(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self._folder))

    async def _write_messages(self, user_id: str, copy: Copy) -> None:
        gathered: list[dict[str, Any]] = []
        number = 0
        async for page in all_said(self._database, user_id):
            async with self._database.read() as connection:
                carried = await files_of(connection, [message.id for message in page])
            names = await asyncio.to_thread(self._copy_files, copy, carried)
            gathered += [self._entry(message, names.get(message.id, [])) for message in page]
            if len(gathered) >= _MESSAGES_IN_A_FILE:
                number += 1
                await asyncio.to_thread(self._write_part, copy, number, gathered)
                gathered = []
        if gathered:
            await asyncio.to_thread(self._write_part, copy, number + 1, gathered)

    def _copy_files(self, copy: Copy, carried: dict[int, list[str]]) -> dict[int, list[str]]:
        folder = copy.folder / "files"
        folder.mkdir(exist_ok=True)
        names: dict[int, list[str]] = {}
        for row, hashes in carried.items():
            for sha256 in hashes:
                path = self._store.path(sha256)
                if path is None:
                    copy.missing += 1
                    continue
                target = folder / path.name
                if not target.exists():
                    shutil.copyfile(path, target)
                    copy.files.append(target)
                names.setdefault(row, []).append(target.name)
        return names

    def _entry(self, message: StoredMessage, files: list[str]) -> dict[str, Any]:
        moment = datetime.fromtimestamp(message.time_ms / 1000, self._zone)
        return {
            "number": message.seq,
            "group": message.group_id,
            "time": moment.isoformat(),
            "name": message.display_name,
            "text": shown_text(message.segments),
            "seen_text": message.seen_text,
            "recalled": message.recalled_ms is not None,
            "segments": message.segments,
            "files": files,
        }

    def _write_part(self, copy: Copy, number: int, entries: list[dict[str, Any]]) -> None:
        plain, page = (copy.folder / f"messages-{number}.{kind}" for kind in ("json", "html"))
        _write_json(plain, entries)
        with page.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_PAGE.format(note=f"我说过的话，第 {number} 份。请只留给自己看。"))
            file.writelines(_paragraphs(entries))
        copy.texts += [plain, page]

    def _write_index(self, copy: Copy, rooms: dict[str, list[dict[str, Any]]]) -> None:
        now = datetime.now(self._zone)
        what = stock_text(copy.stock) or "没有存着的"
        with (copy.folder / "index.html").open("w", encoding="utf-8", newline="\n") as file:
            note = f"{what}。{now:%Y-%m-%d %H:%M} 由留灯打包，请只留给自己看。{_WITHHELD}"
            file.write(_PAGE.format(note=html.escape(note)))
            for path in copy.texts:
                if path.suffix == ".html":
                    file.write(f'<p><a href="{path.name}">{path.name}</a></p>\n')
            for title, entries in rooms.items():
                if entries:
                    file.write(f"<h2>{html.escape(title)}</h2>\n")
                    file.writelines(_facts(entry) for entry in entries)


def pack(copy: Copy) -> Iterator[Path]:
    """Pack a copy into archives small enough to be sent, the words first. Blocks; raises OSError.

    Opened into one folder they belong together. A file that is too large for any of them, or one
    too many, is left out: the operator can hand everything out on the machine.
    """
    for number, part in enumerate(_parts(copy), 1):
        target = copy.folder / f"part-{number}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in part:
                archive.write(path, path.relative_to(copy.folder))
        yield target


def left_out(copy: Copy) -> int:
    """Return how many files are not sent: too large, or one too many. Blocks."""
    sent = {path for part in _parts(copy) for path in part}
    return sum(path not in sent for path in copy.files)


def _parts(copy: Copy) -> list[list[Path]]:
    portions: list[list[Path]] = []
    size = PART_BYTES
    for path in copy.files:
        length = path.stat().st_size
        if length > PART_BYTES:
            continue
        if size + length > PART_BYTES:
            portions.append([])
            size = 0
        portions[-1].append(path)
        size += length
    return [*_texts_in_parts(copy.texts), *portions][:MOST_PARTS]


def _texts_in_parts(texts: Sequence[Path]) -> Iterator[list[Path]]:
    """Words pack to a quarter or less."""
    part: list[Path] = []
    size = 0
    for path in reversed(texts):  # the overview was written last
        if part and size + path.stat().st_size > 4 * PART_BYTES:
            yield part
            part, size = [], 0
        part.append(path)
        size += path.stat().st_size
    yield part


def _write_json(path: Path, what: Any) -> None:
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1, default=str), "utf-8")


def _paragraphs(entries: Sequence[dict[str, Any]]) -> Iterator[str]:
    day = ""
    for entry in entries:
        if entry["time"][:10] != day:
            day = entry["time"][:10]
            yield f"<h2>{day}</h2>\n"
        seen = f"\n<i>〔图中〕{html.escape(entry['seen_text'])}</i>" if entry["seen_text"] else ""
        recalled = "<i>（已撤回）</i>" if entry["recalled"] else ""
        files = "".join(map(_file, entry["files"]))
        yield (
            f"<p><time>{entry['time'][11:16]}</time> <i>群 {entry['group']}</i> {recalled}"
            f"{html.escape(entry['text'])}{seen}{files}</p>\n"
        )


def _file(name: str) -> str:
    place = f"files/{html.escape(name)}"
    if name.lower().endswith(_LIKE_PICTURES):
        return f'<img src="{place}" alt="" loading="lazy">'
    return f' <a href="{place}">{html.escape(name)}</a>'


def _facts(entry: dict[str, Any]) -> str:
    told = "　".join(f"{key}：{value}" for key, value in entry.items() if value not in ("", None))
    return f"<p>{html.escape(told)}</p>\n"
