"""The export of a group that was left: made by itself, after which the archive may be erased."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError

from liudeng.db import Database, explain, now_ms
from liudeng.exporting import ExportProblem, ExportWish, export_group
from liudeng.exporting.carrying import Originals
from liudeng.exporting.place import PROGRESS, Place
from liudeng.manifest import MANIFEST
from liudeng.media import MediaStore
from liudeng.outbox import Kind, Letter, Target, text_segment
from liudeng.privacy.leaving import GRACE_DAYS, Departure, Fate, Leaving
from liudeng.tasks import end

log = logging.getLogger(__name__)

_PAGE = 100
"""Messages read at once: other work has its turn between two pages, in a few milliseconds."""
_LIFETIME_MS = 30 * 24 * 3600_000
_DONE = (
    "「{name}」（{group_id}）导出好了，{size}，在运行机器人的机器上：\n"
    "{folder}\n"
    "里面是真名真话，只给群主和你自己。核对有没有写坏：\n"
    "liudeng verify {folder}\n"
    "核对好了发「退群存档 {group_id} 删除」，我就把存档删掉，导出的这份不动；"
    "{days} 天内没有别的吩咐，我也会删。"
)
_FAILED = (
    "「{name}」（{group_id}）没有导出成：{why}\n"
    "存档还在，不会自己删。处理好了再发一次「退群存档 {group_id} 导出」，会接着写。"
)
_DISK = "写不进 {folder}，请检查权限和磁盘空间。"


@dataclass(frozen=True, slots=True)
class ExportPlaces:
    """Where an export takes its files from, and where it goes."""

    store: MediaStore
    folder: Path
    zone: ZoneInfo
    """Of the days and times on the pages."""


@dataclass(slots=True)
class _Running:
    group_id: int
    task: asyncio.Task[None]


class LeavingExports:
    """Owns the task that exports left groups, one at a time; the next start goes on with it."""

    def __init__(
        self,
        database: Database,
        leaving: Leaving,
        places: ExportPlaces,
        operators: Collection[int],
        on_posted: Callable[[], None],
    ) -> None:
        self._database = database
        self._leaving = leaving
        self._places = places
        self._operators = operators
        self._on_posted = on_posted
        self._wake = asyncio.Event()
        self._failed: set[int] = set()
        self._running: _Running | None = None
        self._task: asyncio.Task[None] | None = None
        leaving.on_decision(self._decided)

    async def start(self) -> None:
        """Begin, with what was broken off."""
        self._task = asyncio.create_task(self._run(), name="privacy-leaving-exports")

    async def close(self) -> None:
        """Stop; the next start goes on where it stood."""
        await end(self._task)
        self._task = None

    def folder_of(self, departure: Departure) -> Path:
        """Return where a group's export lies: the same for as long as it is the same departure."""
        left = datetime.fromtimestamp(departure.left_ms / 1000, UTC)
        return self._places.folder / f"left-{departure.group_id}-{left:%Y%m%d%H%M%S}"

    def _decided(self, group_id: int) -> None:
        """An operator has said something of a group, or the bot is there again: look anew."""
        self._failed.discard(group_id)
        if self._running is not None and self._running.group_id == group_id:
            self._running.task.cancel()
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._drop_unwanted()
                while (departure := await self._next()) is not None:
                    await self._export_unless_decided(departure)
                    await self._drop_unwanted()
            except Exception as error:
                log.error("退群存档的导出没有做完：%s", explain(error).advice)
                log.debug("exporting a left group failed", exc_info=error)
            await self._wake.wait()

    async def _waiting(self) -> list[Departure]:
        return [
            one
            for one in await self._leaving.all()
            if one.fate is Fate.EXPORT and one.exported_ms is None
        ]

    async def _next(self) -> Departure | None:
        found = (one for one in await self._waiting() if one.group_id not in self._failed)
        return next(found, None)

    async def _export_unless_decided(self, departure: Departure) -> None:
        """Export one group; a decision meanwhile ends it, and closing this room does."""
        task = asyncio.create_task(self._export(departure), name="privacy-leaving-export")
        self._running = _Running(departure.group_id, task)
        try:
            await asyncio.wait((task,))
            if not task.cancelled():
                task.result()
        finally:
            self._running = None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _export(self, departure: Departure) -> None:
        folder = self.folder_of(departure)
        told = {"name": departure.name, "group_id": departure.group_id, "folder": folder}
        try:
            size = await self._written(departure, folder)
        except ExportProblem as problem:
            why = str(problem)
        except DBAPIError as error:
            why = explain(error).advice
        except OSError:
            why = _DISK.format(folder=folder)
        else:
            words = _DONE.format(**told, size=_shown(size), days=GRACE_DAYS)
            if await self._leaving.exported(departure.group_id, self._letters("done", words)):
                self._on_posted()
            else:  # another process decided otherwise meanwhile
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            return
        self._failed.add(departure.group_id)
        log.warning("一个已经退出的群没有导出成：已经私聊告诉运营者。")
        words = _FAILED.format(**told, why=why)
        await self._leaving.tell(self._letters("failed", words))
        self._on_posted()

    async def _written(self, departure: Departure, folder: Path) -> int:
        """Write what is left to be written; return how many bytes it has in all."""
        if not await asyncio.to_thread(_is_whole, folder):
            await asyncio.to_thread(_prepare, folder)
            wish = ExportWish(departure.group_id, self._places.zone, page=_PAGE)
            carrier = Originals(self._places.store, folder)
            await export_group(self._database, wish, Place(folder), carrier)
        return await asyncio.to_thread(_size, folder)

    async def _drop_unwanted(self) -> None:
        """Delete what was begun for groups of which it is wanted no longer."""
        wanted = {self.folder_of(one) for one in await self._waiting()}
        await asyncio.to_thread(_drop_begun, self._places.folder, wanted)

    def _letters(self, about: str, words: str) -> list[Letter]:
        now = now_ms()
        return [
            Letter(
                key=f"privacy:export:{about}:{now}:{operator}",
                kind=Kind.NOTICE,
                target=Target.PRIVATE,
                target_id=operator,
                segments=(text_segment(words),),
                lifetime_ms=_LIFETIME_MS,
            )
            for operator in sorted(self._operators)
        ]


def _is_whole(folder: Path) -> bool:
    return (folder / MANIFEST).is_file() and not (folder / PROGRESS).exists()


def _prepare(folder: Path) -> None:
    """Let nobody else look in, and clear away what cannot be gone on with."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.exists() and not (folder / PROGRESS).exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, exist_ok=True)


def _drop_begun(parent: Path, wanted: Collection[Path]) -> None:
    for folder in parent.glob("left-*-*"):
        if folder.is_dir() and folder not in wanted and not _is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _shown(size: int) -> str:
    """Return a number of bytes as people read it."""
    for unit, least in (("GB", 2**30), ("MB", 2**20)):
        if size >= least:
            return f"{size / least:.1f} {unit}"
    return f"{max(1, round(size / 1024))} KB"
