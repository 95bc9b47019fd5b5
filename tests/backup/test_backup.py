"""Backups: consistent while the bot writes, incremental, checked, and put back whole."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from liudeng.archive import LogWriter
from liudeng.backup import BackupProblem, DailyBackup, restore, take_backup
from liudeng.backup.vault import Vault
from liudeng.db import Database, migrate
from liudeng.media import MediaStore
from liudeng.media.tables import media
from tests.fakes.archive import kept, store, texts
from tests.fakes.payloads import NOW_S, said
from tests.fakes.waiting import until


class Room:
    """A data directory with an archive in it, and a vault beside."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        self.data_dir.mkdir()
        self.vault = Vault(folder / "vault")
        self.database = Database(self.data_dir / "liudeng.sqlite3")
        self.store = MediaStore(self.data_dir / "media")
        self.store.prepare()
        self.writer = LogWriter(self.database, 10_000)

    async def open(self) -> None:
        await asyncio.to_thread(migrate, self.database.path)
        self.writer.start(0)

    async def close(self) -> None:
        await self.writer.close()
        await self.database.close()

    async def keep(self, content: bytes) -> str:
        """Keep a file; return its SHA-256."""
        with self.store.receive() as incoming:
            incoming.write(content)
            received = incoming.finish()
            self.store.keep(received)
        row = {"sha256": received.sha256, "size": received.size, "mime": "image/png"}
        async with self.database.write() as connection:
            await connection.execute(insert(media), [{**row, "stored_ms": 0}])
        return received.sha256


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(tmp_path)
    await made.open()
    yield made
    await made.close()


def said_in(data_dir: Path) -> list[str]:
    with closing(sqlite3.connect(data_dir / "liudeng.sqlite3")) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM messages ORDER BY seq")]


async def test_a_drill_all_is_there_again_on_another_machine(room: Room, tmp_path: Path) -> None:
    await store(room.writer, said("一"), said("二"))
    sha256 = await room.keep(b"\x89PNG\r\n\x1a\n one")
    report = await asyncio.to_thread(take_backup, room.data_dir, room.vault)
    assert (report.files, report.new_files, report.missing_files) == (1, 1, 0)
    elsewhere = tmp_path / "elsewhere"
    restored = restore(room.vault, elsewhere)
    assert (restored.files, restored.missing_files, restored.set_aside) == (1, 0, None)
    assert said_in(elsewhere) == ["一", "二"]
    assert MediaStore(elsewhere / "media").path(sha256) is not None
    again = Database(elsewhere / "liudeng.sqlite3")
    await asyncio.to_thread(migrate, again.path)
    assert await texts(again) == ["一", "二"]
    await again.close()


async def test_taken_in_a_flood_it_holds_the_archive_of_one_moment(
    room: Room, tmp_path: Path
) -> None:
    stop = asyncio.Event()
    sent = 0

    async def flood() -> None:
        nonlocal sent
        while not stop.is_set():
            for _ in range(20):
                await room.writer.put(said(f"{sent}", time=NOW_S + sent))
                sent += 1
            await room.writer.drain()

    flooding = asyncio.create_task(flood())
    await until(lambda: sent > 100, "the flood has begun")
    before = sent
    report = await asyncio.to_thread(take_backup, room.data_dir, room.vault)
    during = sent
    stop.set()
    await flooding
    restore(room.vault, tmp_path / "restored", report.snapshot.name)
    held = said_in(tmp_path / "restored")
    assert held == [str(number) for number in range(len(held))], "nothing is missing in between"
    assert before - 20 <= len(held) <= during


async def test_the_next_one_copies_what_is_new_and_old_ones_go(room: Room) -> None:
    first = await room.keep(b"\x89PNG\r\n\x1a\n one")
    assert take_backup(room.data_dir, room.vault).new_files == 1
    await room.keep(b"\x89PNG\r\n\x1a\n two")
    second = take_backup(room.data_dir, room.vault)
    assert (second.files, second.new_files) == (2, 1)
    async with room.database.write() as connection:
        await connection.execute(media.delete().where(media.c.sha256 == first))
    third = take_backup(room.data_dir, room.vault, keep=1)
    assert (third.files, third.removed) == (1, 2)
    assert len(room.vault.snapshots()) == 1
    assert not list(room.vault.root.rglob(f"{first}*")), "what no snapshot needs is gone"


async def test_a_damaged_file_is_told_and_the_rest_is_put_back(room: Room, tmp_path: Path) -> None:
    damaged = await room.keep(b"\x89PNG\r\n\x1a\n one")
    gone = await room.keep(b"\x89PNG\r\n\x1a\n two")
    path = room.store.path(gone)
    assert path is not None
    path.unlink()
    report = take_backup(room.data_dir, room.vault)
    assert (report.files, report.missing_files) == (1, 1)
    [copy] = (room.vault.root / "media").rglob(f"{damaged}*")
    copy.write_bytes(b"rotten")
    restored = restore(room.vault, tmp_path / "restored")
    assert (restored.files, restored.missing_files) == (0, 1)


async def test_a_damaged_snapshot_is_not_put_back(room: Room, tmp_path: Path) -> None:
    report = take_backup(room.data_dir, room.vault)
    database = report.snapshot / "liudeng.sqlite3"
    database.write_bytes(database.read_bytes()[:-4096])
    with pytest.raises(BackupProblem, match="坏了"):
        restore(room.vault, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


async def test_what_is_there_is_set_aside_and_never_under_a_running_bot(room: Room) -> None:
    await store(room.writer, said("旧的"))
    take_backup(room.data_dir, room.vault)
    await store(room.writer, said("新的"))
    with pytest.raises(BackupProblem, match="--replace"):
        restore(room.vault, room.data_dir)
    with pytest.raises(BackupProblem, match="还在运行"):
        restore(room.vault, room.data_dir, replace=True)
    assert len(await kept(room.database)) == 2
    await room.close()
    report = restore(room.vault, room.data_dir, replace=True)
    assert said_in(room.data_dir) == ["旧的"]
    assert report.set_aside is not None
    assert said_in(report.set_aside) == ["旧的", "新的"]


async def test_a_folder_with_something_else_is_left_alone(room: Room) -> None:
    room.vault.root.mkdir()
    (room.vault.root / "mine.txt").touch()
    with pytest.raises(BackupProblem, match="别的东西"):
        take_backup(room.data_dir, room.vault)


async def test_keys_are_not_in_it_and_are_asked_for(room: Room, tmp_path: Path) -> None:
    (room.data_dir / "case.key").write_text("secret", "ascii")
    take_backup(room.data_dir, room.vault)
    assert not list(room.vault.root.rglob("*.key"))
    assert restore(room.vault, tmp_path / "restored").missing_keys == ("case.key",)


STOPS_AT = """
import sys
from pathlib import Path
from liudeng.backup import taking
from liudeng.backup.vault import Vault

def stop(*_):
    print("now", flush=True)
    sys.stdin.read()

setattr(taking, sys.argv[3], stop)
taking.take_backup(Path(sys.argv[1]), Vault(Path(sys.argv[2])))
"""


@pytest.mark.parametrize("before", ["_take_files", "write_about", "write_manifest"])
async def test_killed_while_it_is_written_the_last_whole_one_counts(
    room: Room, tmp_path: Path, before: str
) -> None:
    await store(room.writer, said("一"))
    whole = take_backup(room.data_dir, room.vault)
    await store(room.writer, said("二"))
    for number in range(3):
        await room.keep(b"\x89PNG\r\n\x1a\n %d" % number)
    arguments = (str(room.data_dir), str(room.vault.root), before)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STOPS_AT, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"now\n"
    process.kill()
    await process.wait()
    assert room.vault.snapshots() == [whole.snapshot]
    restore(room.vault, tmp_path / "restored")
    assert said_in(tmp_path / "restored") == ["一"]
    after = take_backup(room.data_dir, room.vault)
    assert (after.files, after.missing_files) == (3, 0)
    assert not list(room.vault.root.glob(".partial-*"))


async def test_every_night_one_is_taken_and_a_missed_one_is_made_up_for(room: Room) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    now = datetime(2026, 2, 13, 3, 59, tzinfo=zone)
    daily = DailyBackup(room.data_dir, room.vault.root, 7, zone, lambda: now)
    await daily.start()
    assert room.vault.snapshots() == []
    for day, count in ((13, 1), (13, 1), (14, 2)):
        now = datetime(2026, 2, day, 4, 30, tzinfo=zone)
        daily.wake()
        await until(lambda wanted=count: len(room.vault.snapshots()) == wanted, "it is taken")
    await daily.close()
