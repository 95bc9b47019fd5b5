"""Taking a backup while the bot runs: first the database at one moment, then what it refers to."""

import sqlite3
from contextlib import closing
from pathlib import Path

from liudeng.backup.model import BackupProblem, BackupReport
from liudeng.backup.vault import (
    DATABASE,
    FILES,
    MEDIA,
    About,
    Vault,
    sync_file,
    write_about,
)
from liudeng.db import now_ms
from liudeng.manifest import write_manifest
from liudeng.media import MediaStore

_BUSY_S = 30.0


def take_backup(data_dir: Path, vault: Vault, keep: int = 0) -> BackupReport:
    """Write a snapshot of a data directory and check it. Blocks for as long as it takes.

    Args:
        data_dir: where the bot keeps its data; it may run, and it may be in the middle of a flood.
        vault: where snapshots are.
        keep: how many snapshots stay; 0 for all.

    Raises:
        BackupProblem: there is no archive, or the folder is taken.
        OSError: the disk refuses.
        sqlite3.Error: the database cannot be read.
    """
    source = data_dir / DATABASE
    if not source.is_file():
        raise BackupProblem(f"还没有存档（{source}）：先运行机器人，或检查 DATA_DIR。")
    vault.prepare()
    taken_ms = now_ms()
    with vault.turn():
        with vault.new_snapshot(taken_ms) as snapshot:
            copy = snapshot / DATABASE
            copy_database(source, copy)
            files, new, missing = _take_files(data_dir, vault, snapshot)
            keys = tuple(sorted(path.name for path in data_dir.glob("*.key")))
            write_about(snapshot, About(taken_ms, keys))
            size = copy.stat().st_size
            write_manifest(snapshot)
            for path in snapshot.iterdir():
                sync_file(path)
        removed = vault.rotate(keep)
    return BackupReport(
        snapshot=vault.snapshots()[-1],
        database_bytes=size,
        files=files,
        new_files=new,
        missing_files=missing,
        removed=removed,
    )


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that is in use, as of one moment, and check the copy.

    In one step: SQLite then reads one state of the write-ahead log, and nobody who writes
    meanwhile makes it begin anew (https://www.sqlite.org/backup.html).

    Raises:
        sqlite3.Error: it cannot be read, or the copy is damaged.
    """
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.execute(f"PRAGMA busy_timeout = {int(_BUSY_S * 1000)}")
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        [answer] = copy.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError("the copy is damaged")
    sync_file(target)


def _take_files(data_dir: Path, vault: Vault, snapshot: Path) -> tuple[int, int, int]:
    """Copy what the snapshot refers to; return how many files, how many new, how many missing."""
    store = MediaStore(data_dir / MEDIA)
    listed: list[str] = []
    new = missing = 0
    for sha256, size in _referred(snapshot / DATABASE):
        source = store.path(sha256)
        name = f"{sha256}{source.suffix}" if source else sha256
        path = f"{MEDIA}/{sha256[:2]}/{sha256[2:4]}/{name}"
        if source is None:
            missing += 1
            continue
        if not vault.holds(path, size):
            if not vault.take_in(source, path, sha256):
                missing += 1
                continue
            new += 1
        listed.append(f"{sha256}  {path}\n")
    (snapshot / FILES).write_text("".join(listed), "utf-8")
    return len(listed), new, missing


def _referred(copy: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(copy)) as connection:
        return connection.execute("SELECT sha256, size FROM media ORDER BY sha256").fetchall()
