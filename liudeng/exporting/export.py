"""Writing an export: page after page of messages into every format at once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from liudeng.archive import StoredMessage
from liudeng.archive.erasing import times_erased
from liudeng.db import Database, now_ms
from liudeng.exporting import exchange, source
from liudeng.exporting.model import (
    ExportProblem,
    ExportReport,
    ExportWish,
    FileRef,
    Speaker,
    Spoken,
)
from liudeng.exporting.pages import Pages
from liudeng.exporting.place import CHATLAB, QCE, Place, Standing
from liudeng.exporting.striking import strike
from liudeng.exporting.telling import readme
from liudeng.exporting.track import Track
from liudeng.exporting.veil import Veil
from liudeng.library.known import KnownPeople
from liudeng.manifest import write_manifest

OnProgress = Callable[[int, int], None]
"""Told how many messages of how many are written."""
_SETTLE_EVERY = 20
"""Pages of messages between two times that all is brought to the disk: so much is done twice when
an export is broken off."""
_TRIES = 5


class Carrier(Protocol):
    """Puts the files of a message into the export."""

    async def take(self, carried: Sequence[source.Carried]) -> list[FileRef]:
        """Return what was put there; what is missing is left out. Raises OSError."""
        ...


async def export_group(
    database: Database,
    wish: ExportWish,
    place: Place,
    carrier: Carrier,
    on_progress: OnProgress = lambda _done, _total: None,
) -> ExportReport:
    """Write a group's messages that were not recalled, with their files, and the manifest.

    Broken off, it goes on where it stood when it is called again. Memory does not grow with the
    group. What is recalled meanwhile is taken out again before the export counts as whole; when
    something is erased meanwhile, it begins anew.

    Raises:
        ExportProblem: there is nothing to export, or the folder is taken.
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
        OSError: the disk refuses.
    """
    for _ in range(_TRIES):
        report = await _try(database, wish, place, carrier, on_progress)
        if report is not None:
            return report
    raise ExportProblem("有人正在删除这个群里的消息，一直没能写完：过一会儿再导出。")


async def _try(
    database: Database,
    wish: ExportWish,
    place: Place,
    carrier: Carrier,
    on_progress: OnProgress,
) -> ExportReport | None:
    """Write it; None when something was erased meanwhile."""
    veil = await _veil(database, wish)
    group = veil.group if veil else str(wish.group_id)
    standing = await asyncio.to_thread(place.standing, group, wish.kind)
    if standing is not None and not await _still_true(database, wish, standing):
        await asyncio.to_thread(place.empty)
        standing = None
    resumed = standing is not None
    if standing is None:
        standing = await _begin(database, wish, group)
    run = _Run(database, wish, place, carrier, standing, veil)
    try:
        await run.write_all(resumed=resumed, on_progress=on_progress)
    finally:
        run.close()
    taken_back = await run.finish()
    if not await _still_true(database, wish, standing):  # last: hashing takes its time
        await asyncio.to_thread(place.empty)
        return None
    return ExportReport(
        messages=standing.messages - taken_back,
        files=run.files_there(),
        left_out_files=standing.left_out_files,
        taken_back=taken_back,
        resumed=resumed,
    )


async def _still_true(database: Database, wish: ExportWish, standing: Standing) -> bool:
    async with database.read() as connection:
        return await source.still_true(connection, wish.group_id, standing)


async def _veil(database: Database, wish: ExportWish) -> Veil | None:
    if wish.pseudonym is None:
        return None
    known = await KnownPeople(database).of(wish.group_id)
    return await asyncio.to_thread(Veil, wish.group_id, wish.pseudonym, known)


async def _begin(database: Database, wish: ExportWish, group: str) -> Standing:
    async with database.read() as connection:
        erasures = await times_erased(connection, wish.group_id)
        up_to = await source.newest_row(connection, wish.group_id)
        total = await source.count_up_to(connection, wish.group_id, up_to)
    if not total:
        raise ExportProblem(f"存档里没有群 {wish.group_id} 的消息：请检查群号。")
    return Standing(group, wish.kind, now_ms(), up_to, total, erasures)


@dataclass(frozen=True, slots=True)
class _Heading:
    title: str
    speakers: Sequence[Speaker]


class _Run:
    """One process's part of an export."""

    def __init__(
        self,
        database: Database,
        wish: ExportWish,
        place: Place,
        carrier: Carrier,
        standing: Standing,
        veil: Veil | None,
    ) -> None:
        self._database = database
        self._wish = wish
        self._place = place
        self._carrier = carrier
        self._standing = standing
        self._veil = veil
        self._chatlab = Track(place.out / CHATLAB, standing.chatlab)
        self._qce = Track(place.out / QCE, standing.qce)
        self._pages: Pages | None = None

    async def write_all(self, *, resumed: bool, on_progress: OnProgress) -> None:
        """Write every message that is left."""
        heading = await self._heading()
        await asyncio.to_thread(self._open, heading, resumed)
        pages = 0
        while messages := await self._next_page():
            spoken = [await self._spoken(message, files) for message, files in messages]
            await asyncio.to_thread(self._write, spoken)
            pages += 1
            if pages % _SETTLE_EVERY == 0:
                await asyncio.to_thread(self._settle)
            on_progress(self._standing.messages, self._standing.total)
        await asyncio.to_thread(self._end)

    async def finish(self) -> int:
        """Take out what was recalled meanwhile, seal the folder; return how much that was."""
        standing, group_id = self._standing, self._wish.group_id
        async with self._database.read() as connection:
            recalled = await source.recalled_since(
                connection, group_id, standing.started_ms, standing.up_to
            )
            carried = await source.carried_by(connection, [message.id for message in recalled])
            hashes = {file.sha256 for files in carried.values() for file in files}
            gone = hashes - await source.still_carried(connection, hashes)
        spoken = [self._covered(_as_said(message, ())) for message in recalled]
        struck = await asyncio.to_thread(strike, self._place.out, spoken, gone)
        told = {
            "group": standing.group,
            "export": standing.kind,
            "messages": standing.messages - struck,
            "exported_ms": now_ms(),
        }
        await asyncio.to_thread(self._place.finish, told, readme(nameless=self._veil is not None))
        await asyncio.to_thread(write_manifest, self._place.out)
        return struck

    def files_there(self) -> int:
        """Return how many files the export holds."""
        return sum(1 for path in (self._place.out / "media").rglob("*") if path.is_file())

    def close(self) -> None:
        """Close the files."""
        self._chatlab.close()
        self._qce.close()

    async def _heading(self) -> _Heading:
        async with self._database.read() as connection:
            name = await source.group_name(connection, self._wish.group_id)
            speakers = await source.speakers(connection, self._wish.group_id)
        if self._veil is None:
            return _Heading(name or str(self._wish.group_id), speakers)
        covered = sorted(map(self._veil.speaker, speakers), key=lambda one: one.user_id)
        return _Heading(self._veil.name(name) or self._veil.group, covered)

    def _open(self, heading: _Heading, resumed: bool) -> None:
        nameless = self._veil is not None
        self._pages = Pages(self._place.out, heading.title, self._wish.zone, nameless=nameless)
        if resumed:
            self._pages.resume(self._standing.pages, self._standing.page)
            return
        now_s = self._standing.started_ms // 1000
        for line in exchange.chatlab_head(
            self._standing.group, heading.title, now_s, heading.speakers
        ):
            self._chatlab.write(line)
        exported = datetime.fromtimestamp(now_s, self._wish.zone).isoformat()
        self._qce.write(
            exchange.qce_head(self._standing.group, heading.title, exported, self._standing.total)
        )
        self._settle()

    async def _next_page(self) -> list[tuple[StoredMessage, list[source.Carried]]]:
        async with self._database.read() as connection:
            messages = await source.page_after(
                connection, self._wish, self._standing.row, self._standing.up_to
            )
            carried = await source.carried_by(connection, [message.id for message in messages])
        return [(message, carried.get(message.id, [])) for message in messages]

    async def _spoken(self, message: StoredMessage, carried: Sequence[source.Carried]) -> Spoken:
        files: list[FileRef] = []
        if carried:
            files = await self._carrier.take(carried)
            self._standing.left_out_files += len(carried) - len(files)
        return _as_said(message, files)

    def _covered(self, spoken: Spoken) -> Spoken:
        return self._veil.over(spoken) if self._veil else spoken

    def _write(self, messages: Sequence[Spoken]) -> None:
        assert self._pages is not None
        for said in messages:
            spoken = self._covered(said)
            self._chatlab.write(exchange.chatlab_line(spoken))
            self._qce.write(exchange.qce_line(spoken, is_first=not self._standing.messages))
            self._pages.write(spoken)
            self._standing.messages += 1
            self._standing.row = said.row

    def _settle(self) -> None:
        assert self._pages is not None
        standing = self._standing
        standing.chatlab, standing.qce = self._chatlab.settle(), self._qce.settle()
        standing.pages, standing.page = self._pages.state()
        self._place.keep(standing)

    def _end(self) -> None:
        assert self._pages is not None
        self._settle()
        self._qce.write(exchange.QCE_TAIL)
        self._qce.settle()
        self._pages.finish()


def _as_said(message: StoredMessage, files: Sequence[FileRef]) -> Spoken:
    return Spoken(
        row=message.id,
        number=message.seq,
        message_id=message.message_id,
        platform_seq=message.platform_seq,
        user_id=message.user_id,
        name=message.name,
        card=message.card,
        time_ms=message.time_ms,
        text=message.text,
        segments=message.segments,
        reply_to=message.reply_to,
        files=tuple(files),
    )
