"""Imports a file: a thread reads it while the event loop stores what was read before."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError

from liudeng.archive import Message
from liudeng.archive.admission import Admission, AdmitsAll
from liudeng.archive.store import Stored, store_batch
from liudeng.db import Database, explain
from liudeng.importing.reading import Batch, Reading
from liudeng.importing.report import (
    MOST_EXAMPLES,
    ImportProblem,
    ImportReport,
    Progress,
    Refusal,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
_STEP = 500
"""Messages handed to the database at once: between two steps the event loop does other things."""
_BREATH_S = 0.005
"""Pause between two transactions, in which the bot, another process, can write."""
_TRIES = 5
_RETRY_S = 1.0


async def import_file(
    database: Database,
    path: Path,
    group_id: int,
    on_progress: Callable[[Progress], None],
    zone: ZoneInfo = SHANGHAI,
    admission: Admission | None = None,
) -> ImportReport:
    """Import a chat export into a group's archive; what is there already is not stored again.

    It can be stopped and started anew at any time.

    Args:
        database: The archive, migrated.
        path: A file of one of the formats in docs/import-formats.md.
        group_id: The group the messages belong to.
        on_progress: Called on the event loop after each transaction.
        zone: Of times that tell none.
        admission: Who may be kept; without it, everybody.

    Raises:
        ImportProblem: the file cannot be imported, or the database does not take it.
    """
    started = perf_counter()
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
    try:
        reading = await loop.run_in_executor(thread, Reading, path, group_id, zone)
        try:
            store = _Storing(database, admission or AdmitsAll())
            tally = await _import_batches(store, reading, thread, on_progress)
        finally:
            thread.submit(reading.close)
    finally:
        thread.shutdown(wait=False)
    return tally.report(reading.format.dialect.name, perf_counter() - started)


@dataclass
class _Tally:
    read: int = 0
    inserted: int = 0
    duplicates: int = 0
    left_out: int = 0
    refused: int = 0
    mended_times: int = 0
    examples: list[Refusal] = field(default_factory=list)
    complete: bool = True

    def add(self, batch: Batch, stored: Stored, refused: int) -> None:
        self.read += batch.read
        self.inserted += stored.inserted
        self.duplicates += stored.duplicates
        self.left_out += batch.left_out + refused
        self.refused += len(batch.refusals)
        self.mended_times += batch.mended_times
        self.examples += batch.refusals[: MOST_EXAMPLES - len(self.examples)]
        self.complete = self.complete and not batch.broke_off

    def report(self, format_name: str, seconds: float) -> ImportReport:
        return ImportReport(
            format_name=format_name,
            read=self.read,
            inserted=self.inserted,
            duplicates=self.duplicates,
            left_out=self.left_out,
            refused=self.refused,
            mended_times=self.mended_times,
            examples=tuple(self.examples),
            complete=self.complete,
            seconds=seconds,
        )


async def _import_batches(
    store: "_Storing",
    reading: Reading,
    thread: ThreadPoolExecutor,
    on_progress: Callable[[Progress], None],
) -> _Tally:
    loop = asyncio.get_running_loop()
    tally = _Tally()
    # Reading ahead while a batch is stored is slower: the two threads fight over the interpreter.
    while (batch := await loop.run_in_executor(thread, reading.next_batch)) is not None:
        tally.add(batch, *await store.store(batch.messages))
        on_progress(Progress(batch.bytes_read, reading.size, tally.read))
        await asyncio.sleep(_BREATH_S)
    return tally


@dataclass(frozen=True, slots=True)
class _Storing:
    """Stores batches, without what may not be kept."""

    database: Database
    admission: Admission

    async def store(self, messages: list[Message]) -> tuple[Stored, int]:
        """Store a batch in one transaction, waiting a while for a database that is in use.

        Returns:
            What was stored, and how many messages may not be kept.
        """
        tries = 1
        while True:
            try:
                return await self._once(messages)
            except DBAPIError as error:
                trouble = explain(error)
                if not trouble.transient or tries == _TRIES:
                    raise ImportProblem(
                        f"{trouble.advice}导入停在了半路：重新导入同一个文件即可，已导入的不会重复。"
                    ) from error
            tries += 1
            await asyncio.sleep(_RETRY_S)

    async def _once(self, messages: list[Message]) -> tuple[Stored, int]:
        inserted = duplicates = 0
        admitted: list[Message] = []
        if messages:
            async with self.database.write() as connection:
                await self.admission.refresh(connection)
                admitted = [kept for one in messages if (kept := self.admission.admit(one))]
                for start in range(0, len(admitted), _STEP):
                    stored = await store_batch(connection, admitted[start : start + _STEP])
                    inserted += stored.inserted
                    duplicates += stored.duplicates
        return Stored(inserted, duplicates), len(messages) - len(admitted)
